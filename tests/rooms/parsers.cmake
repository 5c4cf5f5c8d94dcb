sbstat_script_test(reference.corpus reference/parsers/test_corpus.sh)
