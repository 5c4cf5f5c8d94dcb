sbstat_script_test(reference.views reference/views/test_views.sh)
