# Without a subcommand: what there is, on stderr, and 2.
sbstat
