# The hand-made report as a page, for the browser tests.
add_executable(report_page unit/report_page.c)
target_link_libraries(report_page PRIVATE sbstat_flags sb_report sb_io sb_core m)

sbstat_unit_test(escape ROOMS report io core)
sbstat_unit_test(report_words ROOMS report io core)
sbstat_unit_test(report ROOMS report io core LIBS PkgConfig::JSONC)
sbstat_unit_test(report_exports ROOMS report io core)
sbstat_unit_test(report_text ROOMS report io core)
sbstat_script_test(schema.report_json schema/report_json.sh)
sbstat_script_test(browser.page browser/run.sh)
set_tests_properties(browser.page PROPERTIES TIMEOUT 600)
set_tests_properties(schema.report_json PROPERTIES TIMEOUT 300)
sbstat_script_test(latex.compiles latex/compiles.sh)
