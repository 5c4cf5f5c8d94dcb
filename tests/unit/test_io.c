#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dirent.h>
#include <locale.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/text.h"
#include "io/csv.h"
#include "io/json.h"
#include "io/manifest.h"
#include "io/number.h"
#include "io/outfile.h"
#include "io/table.h"
#include "io/tidy.h"

static void assert_format(double value, const char *want)
{
    char buf[SB_NUMBER_MAX];
    sb_number_format(value, buf);
    assert_string_equal(buf, want);
}

static void numbers_are_shortest_and_positional(void **state)
{
    (void)state;
    assert_format(0.1, "0.1");
    assert_format(-0.0, "0");
    assert_format(31511.13, "31511.13");
    assert_format(100, "100");
    assert_format(1e20, "100000000000000000000");
    assert_format(1e21, "1e+21");
    assert_format(1e-7, "0.0000001");
    assert_format(1.5e-8, "1.5e-08");
    assert_format(5e-324, "5e-324");
    assert_format(1.7976931348623157e308, "1.7976931348623157e+308");
    assert_format(-1.0 / 3, "-0.3333333333333333");
    assert_format(0.30000000000000004, "0.30000000000000004");
    assert_format(9007199254740993.0, "9007199254740992");
    assert_format(NAN, "");
    assert_format(INFINITY, "");
}

static void numbers_round_trip(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        double value, back;
        char buf[SB_NUMBER_MAX];
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        memcpy(&value, &x, sizeof value);
        if (!isfinite(value)) continue;
        size_t len = sb_number_format(value, buf);
        assert_true(len < SB_NUMBER_MAX);
        assert_true(sb_number_parse(buf, len, &back));
        assert_true(value == back);
    }
}

static bool parses(const char *text)
{
    double value;
    return sb_number_parse(text, strlen(text), &value);
}

static void number_parser_refuses_what_is_no_decimal(void **state)
{
    (void)state;
    assert_true(parses("5180.04") && parses("-1") && parses("+.5") && parses("5.") && parses("1e5") && parses("0"));
    static const char *const bad[] = {"", " 1", "1 ", "0x10", "nan", "inf", "1,000", "1e", "1e+", ".", "-", "1e400", "1.2.3", "--1", "1_0"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(bad); i++)
        assert_false(parses(bad[i]));
}

static void resolution_is_half_the_last_digit(void **state)
{
    (void)state;
    assert_true(sb_number_resolution("3.20", 4) == 0.005);
    assert_true(sb_number_resolution("12", 2) == 0.5);
    assert_true(sb_number_resolution("1.5e3", 5) == 50);
}

static void locale_changes_no_number(void **state)
{
    (void)state;
    double value = 0;
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        print_message("[  NOTE    ] locale de_DE.UTF-8 is not installed: skipped\n");
        skip();
    }
    assert_format(0.5, "0.5");
    assert_true(sb_number_parse("0.5", 3, &value) && value == 0.5);
    setlocale(LC_ALL, "C");
}

static void assert_pretty(double value, int digits, const char *want)
{
    char buf[64];
    sb_number_pretty(value, digits, buf, sizeof buf);
    assert_string_equal(buf, want);
}

static void pretty_numbers_are_for_people(void **state)
{
    (void)state;
    assert_pretty(31511.13, 3, "31,511");
    assert_pretty(0.03159, 3, "0.0316");
    assert_pretty(5180.04, 3, "5180");
    assert_pretty(5180.04, 6, "5180.04");
    assert_pretty(9.996, 3, "10.0");
    assert_pretty(999.99, 3, "1000");
    assert_pretty(1234567, 3, "1,234,567");
    assert_pretty(-12345.6, 6, "-12,345.6");
    assert_pretty(0, 3, "0.00");
    assert_pretty(NAN, 3, "\xe2\x80\x93");
}

static void byte_counts_have_suffixes(void **state)
{
    (void)state;
    double bytes;
    assert_true(sb_bytes_parse("8M", &bytes) && bytes == 8388608);
    assert_true(sb_bytes_parse("1024KiB", &bytes) && bytes == 1048576);
    assert_true(sb_bytes_parse("16Kb", &bytes) && bytes == 16384);
    assert_true(sb_bytes_parse("1048576", &bytes) && bytes == 1048576);
    assert_true(sb_bytes_parse("93.906Mb", &bytes));
    assert_false(sb_bytes_parse("M", &bytes));
    assert_false(sb_bytes_parse("8Mx", &bytes));
}

struct seen {
    char text[512];
    size_t lines[8], nr;
};

static bool see_row(void *context, const struct sb_csv_row *row, struct sb_err *err)
{
    struct seen *seen = context;
    (void)err;
    seen->lines[seen->nr++ % 8] = row->line;
    for (size_t i = 0; i < row->nr; i++)
        snprintf(seen->text + strlen(seen->text), sizeof seen->text - strlen(seen->text), "%s=%s|", row->names[i], row->fields[i]);
    return true;
}

static void csv_reads_quotes_newlines_and_lines(void **state)
{
    (void)state;
    const char text[] = "\xef\xbb\xbf" "a,b\r\n1,\"x\ny\"\n\n\"q\"\"q\", z \n";
    struct seen seen = {.nr = 0};
    struct sb_err err;
    assert_true(sb_csv_read("t", text, sizeof text - 1, see_row, &seen, &err));
    assert_string_equal(seen.text, "a=1|b=x\ny|a=q\"q|b= z |");
    assert_int_equal(seen.lines[0], 2);
    assert_int_equal(seen.lines[1], 5);
}

static void assert_csv_error(const char *text, const char *want)
{
    struct seen seen = {.nr = 0};
    struct sb_err err = {.msg = ""};
    assert_false(sb_csv_read("t", text, strlen(text), see_row, &seen, &err));
    if (!strstr(err.msg, want)) fail_msg("\"%s\" does not contain \"%s\"", err.msg, want);
}

static void csv_errors_name_the_line(void **state)
{
    (void)state;
    assert_csv_error("a,b\n1\n", "t:2: 1 fields where the header has 2");
    assert_csv_error("a,b\n1,2\n3,\"x\n", "t:3:");
    assert_csv_error("a,a\n", "stands twice");
}

static void csv_writer_quotes_and_defuses(void **state)
{
    (void)state;
    struct sb_strbuf out = SB_STRBUF_INIT;
    bool first = true;
    sb_csv_field(&out, &first, "a,b");
    sb_csv_field(&out, &first, "say \"x\"");
    sb_csv_field(&out, &first, "=cmd()");
    sb_csv_field(&out, &first, "'=x");
    sb_csv_field(&out, &first, "it's");
    sb_csv_field(&out, &first, "\x1b[31m");
    sb_csv_number(&out, &first, -1.5);
    sb_csv_end_row(&out, &first);
    assert_string_equal(out.buf, "\"a,b\",\"say \"\"x\"\"\",'=cmd(),''=x,it's,\xe2\x90\x9b[31m,-1.5\n");
    assert_string_equal(sb_csv_unescape("'=cmd()"), "=cmd()");
    assert_string_equal(sb_csv_unescape("''=x"), "'=x");
    assert_string_equal(sb_csv_unescape("it's"), "it's");
    sb_strbuf_release(&out);
}

static void fill(struct sb_dataset *ds)
{
    for (uint32_t i = 1; i <= 3; i++) {
        struct sb_run *run = sb_dataset_add_run(ds);
        run->source = sb_dataset_intern(ds, "logs/raw/=odd, \"name\".txt");
        run->ordinal = i;
        run->kind = "cpu";
        run->version = "1.0.20";
        run->threads = 2;
        run->status = i == 3 ? SB_PARTIAL : SB_COMPLETE;
        run->order = i + 4;
        sb_run_set_label(ds, run, "platform", "raw");
        sb_run_set_label(ds, run, "boot", "7");
        sb_run_set_param(ds, run, "cpu-max-prime", "10000", 8);
        if (i == 2) sb_run_set_param(ds, run, "env.accelerator", "tcg", 0);
        sb_run_add_value(ds, run, &(struct sb_value){.metric = "events_per_second", .unit = "1/s", .value = 1.1 * i, .resolution = 0.005, .line = 10 * i});
        sb_run_add_value(ds, run, &(struct sb_value){.metric = "latency_mean", .unit = "ms", .value = 1.0 / 3, .resolution = NAN, .line = 12, .origin = SB_DERIVED});
    }
}

static void tidy_csv_reads_back_what_was_written(void **state)
{
    (void)state;
    struct sb_dataset a, b;
    struct sb_strbuf first = SB_STRBUF_INIT, second = SB_STRBUF_INIT;
    struct sb_err err = {.msg = ""};
    sb_dataset_init(&a);
    sb_dataset_init(&b);
    fill(&a);
    sb_tidy_write(&first, &a);
    assert_true(sb_tidy_detect(first.buf, first.len));
    if (!sb_tidy_read(&b, "t", first.buf, first.len, &err)) fail_msg("%s", err.msg);
    assert_int_equal(b.runs_nr, 3);
    assert_string_equal(b.runs[1].source, a.runs[1].source);
    assert_string_equal(sb_run_param(&b.runs[1], "env.accelerator"), "tcg");
    assert_string_equal(sb_run_label(&b.runs[0], "boot"), "7");
    assert_int_equal(b.runs[2].status, SB_PARTIAL);
    assert_int_equal(b.runs[0].order, 5);
    assert_true(sb_run_value(&b.runs[2], "events_per_second")->value == 1.1 * 3);
    assert_true(isnan(sb_run_value(&b.runs[2], "latency_mean")->resolution));
    sb_tidy_write(&second, &b);
    assert_string_equal(first.buf, second.buf);
    sb_strbuf_release(&first);
    sb_strbuf_release(&second);
    sb_dataset_free(&a);
    sb_dataset_free(&b);
}

static void tidy_csv_may_be_sorted_anyhow(void **state)
{
    (void)state;
    const char text[] = "metric,value,source,run\nevents,1,a,1\nevents,2,b,1\ntotal_time,3,a,1\n";
    struct sb_dataset ds;
    struct sb_err err = {.msg = ""};
    sb_dataset_init(&ds);
    assert_true(sb_tidy_read(&ds, "t", text, sizeof text - 1, &err));
    assert_int_equal(ds.runs_nr, 2);
    assert_int_equal(ds.runs[0].values_nr, 2);
    assert_string_equal(ds.runs[0].values[1].unit, "s");
    sb_dataset_free(&ds);
}

static void assert_tidy_error(const char *text, const char *want)
{
    struct sb_dataset ds;
    struct sb_err err = {.msg = ""};
    sb_dataset_init(&ds);
    assert_false(sb_tidy_read(&ds, "t", text, strlen(text), &err));
    if (!strstr(err.msg, want)) fail_msg("\"%s\" does not contain \"%s\"", err.msg, want);
    sb_dataset_free(&ds);
}

static void tidy_csv_errors_name_line_and_column(void **state)
{
    (void)state;
    assert_tidy_error("source,metric,value\na,events,x1\n", "t:2: column \"value\"");
    assert_tidy_error("source,metric,value,run\na,events,1,1.5\n", "t:2: column \"run\"");
    assert_tidy_error("source,metric,value\na,events,1\na,events,2\n", "t:3: a second value of events");
    assert_tidy_error("source,metric\na,events\n", "not a tidy CSV");
    assert_tidy_error("source,metric,value,status\na,events,1,fine\n", "t:2: column \"status\"");
}

static void manifests_give_cells_runs_and_facts(void **state)
{
    (void)state;
    const char text[] = "{\"schema_version\":1,\"seed\":7,\"host\":{\"cpu_model\":\"X\",\"cores\":2},"
                        "\"cells\":[{\"platform\":\"raw\",\"config\":\"c1\",\"vcpus\":2,\"accelerator\":\"tcg\","
                        "\"image\":{\"format\":\"raw\",\"virtual_bytes\":10},\"argv\":[\"qemu\",\"-m\",\"1\"]}],"
                        "\"runs\":[{\"log\":\"./raw/a.txt\",\"boot\":3,\"order\":9,\"started\":\"2026-11-23T22:30:47.020Z\"},"
                        "{\"log\":5,\"started\":\"2026-11-23T22:29:01.000Z\"},{\"started\":\"2001\"},17]}";
    struct sb_manifest m;
    struct sb_err err = {.msg = ""};
    if (!sb_manifest_parse(&m, "m", text, sizeof text - 1, &err)) fail_msg("%s", err.msg);
    const struct sb_cell_info *cell = sb_manifest_find_cell(&m, "raw", "c1", NULL);
    assert_non_null(cell);
    assert_string_equal(cell->accelerator, "tcg");
    assert_string_equal(cell->argv, "qemu -m 1");
    assert_string_equal(sb_labels_get(&m.cell_labels[0], "vcpus"), "2");
    const struct sb_manifest_run *run = sb_manifest_find_run(&m, "raw/a.txt");
    assert_non_null(run);
    assert_string_equal(sb_labels_get(&run->labels, "boot"), "3");
    assert_int_equal(run->order, 9);
    assert_int_equal(m.env_nr, 4);
    assert_string_equal(m.env[1].name, "started"); /* the earliest of the runs' */
    assert_string_equal(m.env[1].value, "2026-11-23T22:29:01.000Z");
    sb_manifest_free(&m);
    assert_false(sb_manifest_parse(&m, "m", "[1,\n2", 5, &err));
    assert_non_null(strstr(err.msg, "m:2: malformed JSON"));
    sb_manifest_free(&m);
    assert_false(sb_manifest_parse(&m, "m", "[]", 2, &err));
    sb_manifest_free(&m);
    err.msg[0] = '\0';
    assert_false(sb_manifest_parse(&m, "m", "null\n", 5, &err));
    assert_string_equal(err.msg, "m:1: nothing but null");
    sb_manifest_free(&m);
}

static void json_numbers_are_exact_and_nan_is_null(void **state)
{
    (void)state;
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct json_object *o = json_object_new_object();
    sb_json_add(o, "a", sb_json_number(0.1));
    sb_json_add(o, "b", sb_json_number(NAN));
    sb_json_add(o, "c", sb_json_text("\xff</x>\x01"));
    sb_json_write(&out, o, false);
    assert_string_equal(out.buf, "{\"a\":0.1,\"b\":null,\"c\":\"\xef\xbf\xbd</x>\\u0001\"}");
    json_object_put(o);
    sb_strbuf_release(&out);
}

static size_t files_in(const char *dir)
{
    size_t nr = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        nr += e->d_name[0] != '.' || (e->d_name[1] && e->d_name[1] != '.');
    closedir(d);
    return nr;
}

static void output_files_are_whole_or_absent(void **state)
{
    (void)state;
    char dir[] = "/tmp/sbstat-test-XXXXXX", path[64];
    struct sb_err err = {.msg = ""};
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/x/y.csv", dir);
    assert_false(sb_outfile_write(path, "abc", 3, &err));
    assert_int_equal(err.code, SB_ERR_OUTPUT);
    snprintf(path, sizeof path, "%s/y.csv", dir);
    assert_true(sb_outfile_write(path, "abc", 3, &err));
    struct sb_outfile *out = sb_outfile_open(path, &err);
    assert_true(sb_outfile_add(out, "half", 4, &err));
    assert_int_equal(files_in(dir), 2);
    sb_outfile_abort(out);
    assert_int_equal(files_in(dir), 1);
    char *text;
    size_t len;
    assert_true(sb_read_file(path, 100, &text, &len, &err));
    assert_string_equal(text, "abc");
    free(text);
    assert_false(sb_read_file(path, 2, &text, &len, &err));
    assert_false(sb_outfile_write(dir, "x", 1, &err)); /* a folder */
    if (access("/dev/full", W_OK) == 0) assert_false(sb_outfile_write("/dev/full", "x", 1, &err));
    unlink(path);
    rmdir(dir);
}

static void a_batch_is_written_together(void **state)
{
    (void)state;
    char dir[] = "/tmp/sbstat-test-XXXXXX", path[64];
    struct sb_outbatch batch = {.nr = 0};
    struct sb_err err = {.msg = ""};
    assert_non_null(mkdtemp(dir));
    for (int i = 0; i < 20; i++) { /* more than fit into one batch */
        snprintf(path, sizeof path, "%s/f%d", dir, i);
        assert_true(sb_outbatch_write(&batch, path, "abc", 3, &err));
    }
    assert_true(access(path, F_OK) != 0);
    assert_true(sb_outbatch_commit(&batch, &err));
    assert_int_equal(files_in(dir), 20);
    snprintf(path, sizeof path, "%s/g", dir);
    assert_true(sb_outbatch_write(&batch, path, "abc", 3, &err));
    assert_int_equal(files_in(dir), 21);
    sb_outbatch_abort(&batch);
    assert_int_equal(files_in(dir), 20);
    for (int i = 0; i < 20; i++) {
        snprintf(path, sizeof path, "%s/f%d", dir, i);
        unlink(path);
    }
    assert_int_equal(rmdir(dir), 0);
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    char dir[] = "/tmp/sbstat-test-XXXXXX", path[64];
    struct sb_err err = {.msg = ""};
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a/b/", dir);
    assert_true(sb_make_dirs(path, &err));
    assert_true(sb_make_dirs(path, &err));
    char below[80];
    snprintf(below, sizeof below, "%sf", path);
    assert_true(sb_outfile_write(below, "1", 1, &err));
    snprintf(below, sizeof below, "%sf/c", path);
    assert_false(sb_make_dirs(below, &err));
    snprintf(below, sizeof below, "%sf", path);
    unlink(below);
    rmdir(path);
    snprintf(path, sizeof path, "%s/a", dir);
    rmdir(path);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_shortest_and_positional),
        cmocka_unit_test(numbers_round_trip),
        cmocka_unit_test(number_parser_refuses_what_is_no_decimal),
        cmocka_unit_test(resolution_is_half_the_last_digit),
        cmocka_unit_test(locale_changes_no_number),
        cmocka_unit_test(pretty_numbers_are_for_people),
        cmocka_unit_test(byte_counts_have_suffixes),
        cmocka_unit_test(csv_reads_quotes_newlines_and_lines),
        cmocka_unit_test(csv_errors_name_the_line),
        cmocka_unit_test(csv_writer_quotes_and_defuses),
        cmocka_unit_test(tidy_csv_reads_back_what_was_written),
        cmocka_unit_test(tidy_csv_may_be_sorted_anyhow),
        cmocka_unit_test(tidy_csv_errors_name_line_and_column),
        cmocka_unit_test(manifests_give_cells_runs_and_facts),
        cmocka_unit_test(json_numbers_are_exact_and_nan_is_null),
        cmocka_unit_test(output_files_are_whole_or_absent),
        cmocka_unit_test(a_batch_is_written_together),
        cmocka_unit_test(folders_are_made_with_their_parents),
    };
    return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
