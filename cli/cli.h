/* The program as a function. */
#ifndef SB_CLI_CLI_H
#define SB_CLI_CLI_H

/* Runs `sbstat argv[1] ...` and returns its exit status; prints to stdout and stderr. */
int sb_cli_main(int argc, char **argv);

#endif
