/* Files, folders and archives, good and bad. */
#include "parsers/parse.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/outfile.h"

static const char cpu_log[] =
    "sysbench 1.0.20 (using system LuaJIT 2.1.0-beta3)\n\nRunning the test with following options:\nNumber "
    "of threads: 1\n\n"
    "Prime numbers limit: 10000\n\nCPU speed:\n    events per second:  5157.14\n\nGeneral statistics:\n"
    "    total time:                          1.0000s\n    total number of events:              "
    "5158\n\nThreads fairness:\n"
    "    events (avg/stddev):           5158.0000/0.00\n    execution time (avg/stddev):   0.9990/0.00\n\n";

static const char manifest[] = "{\"schema_version\":1,\"experiment\":\"e1\",\"host\":{\"cpu_model\":\"X\"},"
                               "\"cells\":[{\"platform\":\"raw\",\"config\":\"small\",\"vcpus\":1,\"memory_"
                               "mib\":1024,\"accelerator\":\"tcg\"}],"
                               "\"runs\":[{\"log\":\"a.log\",\"platform\":\"raw\",\"config\":\"small\","
                               "\"test\":\"cpu\",\"repetition\":\"7\",\"order\":3,\"caches\":"
                               "\"not verified\",\"exit_codes\":[0,137],\"reason\":\"OOM\"}]}";

static char *folder;

static int setup(void **state)
{
    char name[] = "/tmp/sbstat-test-XXXXXX";
    (void)state;
    folder = mkdtemp(name) ? sb_xstrdup(name) : NULL;
    return folder ? 0 : -1;
}

static void remove_all(const char *path)
{
    struct sb_strbuf command = SB_STRBUF_INIT;
    sb_strbuf_addf(&command, "rm -rf '%s'", path);
    if (system(command.buf) != 0) fail_msg("%s", command.buf);
    sb_strbuf_release(&command);
}

static int teardown(void **state)
{
    (void)state;
    remove_all(folder);
    free(folder);
    return 0;
}

static char *at(const char *name)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    sb_strbuf_addf(&path, "%s/%s", folder, name);
    return sb_strbuf_detach(&path, NULL);
}

static void put(const char *name, const void *bytes, size_t len)
{
    struct sb_err err;
    char *path = at(name), *slash = strrchr(path, '/');
    *slash = '\0';
    assert_true(sb_make_dirs(path, &err));
    *slash = '/';
    assert_true(sb_outfile_write(path, bytes, len, &err));
    free(path);
}

static void read_folder(struct sb_dataset *ds, const char *name)
{
    struct sb_err err = {0};
    char *path = at(name);
    sb_dataset_init(ds);
    assert_true(sb_parse_path(ds, path, "p", NULL, NULL, &err));
    assert_true(sb_parse_finish(ds, NULL, &err));
    free(path);
}

static const struct sb_finding *finding(const struct sb_dataset *ds, const char *code, const char *source)
{
    for (size_t i = 0; i < ds->findings_nr; i++)
        if (strcmp(ds->findings[i].code, code) == 0 && (!source || sb_streq(ds->findings[i].source, source)))
            return &ds->findings[i];
    return NULL;
}

static void test_bad_input(void **state)
{
    struct sb_dataset ds;
    struct sb_err err = {0};
    (void)state;
    put("bad/empty.txt", "", 0);
    put("bad/nothing.txt", "hello\nworld\n", 12);
    static const char picture[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\2\3\4\5\6\7\0\0\0\0\1\1\1\1\2\2";
    static const char zeros[12] = {0};
    put("bad/picture.bin", picture, sizeof picture);
    put("bad/zeros.txt", zeros, sizeof zeros);
    put("bad/good.txt", cpu_log, sizeof cpu_log - 1);
    put("bad/.hidden.txt", cpu_log, sizeof cpu_log - 1);
    char *link = at("bad/loop"), *dangling = at("bad/dangling"), *target = at("bad"), *fifo = at("bad/fifo");
    assert_int_equal(symlink(target, link), 0);
    assert_int_equal(symlink("nowhere", dangling), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    read_folder(&ds, "bad");
    assert_int_equal(ds.runs_nr, 1);
    assert_string_equal(ds.runs[0].source, "p/good.txt");
    assert_non_null(finding(&ds, "FILE_EMPTY", "p/empty.txt"));
    assert_non_null(finding(&ds, "NO_RUN", "p/nothing.txt"));
    assert_non_null(finding(&ds, "FILE_BINARY", "p/picture.bin"));
    assert_non_null(finding(&ds, "FILE_BINARY", "p/zeros.txt"));
    assert_non_null(finding(&ds, "FILE_UNREADABLE", "p/loop"));
    assert_non_null(finding(&ds, "FILE_UNREADABLE", "p/dangling"));
    assert_non_null(finding(&ds, "FILE_UNREADABLE", "p/fifo"));
    for (size_t i = 0; i < ds.findings_nr; i++)
        if (strstr(ds.findings[i].message, folder)) fail_msg("an absolute path: %s", ds.findings[i].message);
    sb_dataset_free(&ds);
    free(link);
    free(dangling);
    free(target);
    free(fifo);
    sb_dataset_init(&ds);
    assert_false(sb_parse_path(&ds, "/nowhere/at/all", "all", NULL, NULL, &err));
    assert_int_equal(err.code, SB_ERR_NO_INPUT);
    sb_dataset_free(&ds);
}

/* One log, or one platform's folder, of an experiment: the manifest stands above. */
static void test_manifest_above(void **state)
{
    static const char text[] =
        "{\"cells\":[{\"platform\":\"raw\",\"config\":\"c1\",\"vcpus\":2,\"accelerator\":\"tcg\"}],"
        "\"runs\":[{\"log\":\"raw/c1/x_b1_r1.log\",\"platform\":\"raw\",\"config\":\"c1\","
        "\"boot\":\"5\"}]}";
    static const char *const paths[] = {"above/raw/c1/x_b1_r1.log", "above/raw/c1", "above/raw", "above"};
    (void)state;
    put("above/manifest.json", text, sizeof text - 1);
    put("above/raw/c1/x_b1_r1.log", cpu_log, sizeof cpu_log - 1);
    put("above/other/y.log", cpu_log, sizeof cpu_log - 1);
    for (size_t i = 0; i < 4; i++) {
        struct sb_dataset ds;
        read_folder(&ds, paths[i]);
        size_t at_run = i == 3; /* other/y.log comes first */
        assert_int_equal(ds.runs_nr, at_run + 1);
        assert_string_equal(sb_run_label(&ds.runs[at_run], "platform"), "raw");
        assert_string_equal(sb_run_label(&ds.runs[at_run], "boot"), "5");
        assert_string_equal(sb_run_param(&ds.runs[at_run], "env.accelerator"), "tcg");
        assert_int_equal(ds.cells_nr, 1);
        sb_dataset_free(&ds);
    }
    struct sb_dataset ds;
    read_folder(&ds, "above/other"); /* nothing of it is listed */
    assert_int_equal(ds.cells_nr, 0);
    assert_null(sb_run_param(&ds.runs[0], "env.accelerator"));
    sb_dataset_free(&ds);
}

static void test_manifest(void **state)
{
    struct sb_dataset ds;
    (void)state;
    put("m/docker/manifest.json", manifest, sizeof manifest - 1);
    put("m/docker/a.log", cpu_log, sizeof cpu_log - 1);
    put("m/docker/b.log", cpu_log, sizeof cpu_log - 1);
    put("m/broken/manifest.json", "{", 1);
    put("m/broken/c.log", cpu_log, sizeof cpu_log - 1);
    read_folder(&ds, "m");
    assert_int_equal(ds.runs_nr, 3);
    assert_string_equal(sb_run_label(&ds.runs[1], "platform"), "raw"); /* the manifest outranks the path */
    assert_string_equal(sb_run_label(&ds.runs[1], "repetition"), "7");
    assert_string_equal(sb_run_label(&ds.runs[1], "memory_mib"), "1024");
    assert_string_equal(sb_run_param(&ds.runs[1], "env.accelerator"), "tcg");
    assert_int_equal(ds.runs[1].order, 4);
    assert_string_equal(sb_run_param(&ds.runs[1], "env.caches"), "not verified");
    assert_string_equal(sb_run_param(&ds.runs[1], "env.failed_step"), "exit status 137: OOM");
    assert_non_null(finding(&ds, "LABEL_CONTRADICTION", "p/docker/a.log"));
    assert_string_equal(sb_run_label(&ds.runs[2], "platform"), "docker");
    assert_non_null(finding(&ds, "MANIFEST_UNREADABLE", "p/broken/manifest.json"));
    assert_int_equal(ds.cells_nr, 1);
    assert_true(ds.env_nr >= 2);
    sb_dataset_free(&ds);
}

/* While an experiment runs, or after it was killed: only what is finished counts. */
static void test_unfinished_logs(void **state)
{
    struct sb_dataset ds;
    (void)state;
    put("u/first/journal.jsonl", "", 0); /* no manifest yet */
    put("u/first/plan.yaml", "x", 1);
    put("u/first/raw/c1/x_b1_r1.log", cpu_log, sizeof cpu_log - 1);
    put("u/first/raw/c1/x_b2_r1.log.part", cpu_log, sizeof cpu_log - 1);
    put("u/later/manifest.json", manifest, sizeof manifest - 1);
    put("u/later/a.log", cpu_log, sizeof cpu_log - 1);
    put("u/later/b.log.part", cpu_log, sizeof cpu_log - 1);
    put("u/later/b.part", cpu_log, sizeof cpu_log - 1);    /* is none of ours */
    put("u/mine/c.log.part", cpu_log, sizeof cpu_log - 1); /* no experiment is beside */
    read_folder(&ds, "u");
    assert_int_equal(ds.runs_nr, 4);
    assert_string_equal(ds.runs[0].source, "p/first/raw/c1/x_b1_r1.log");
    assert_string_equal(ds.runs[1].source, "p/later/a.log");
    assert_string_equal(ds.runs[2].source, "p/later/b.part");
    assert_string_equal(ds.runs[3].source, "p/mine/c.log.part");
    assert_null(finding(&ds, "FILE_EMPTY", NULL));
    assert_null(finding(&ds, "NO_RUN", NULL));
    sb_dataset_free(&ds);
    put("above/raw/c1/x_b2_r1.log.part", cpu_log, sizeof cpu_log - 1);
    read_folder(&ds, "above/raw"); /* as test_manifest_above left it */
    assert_int_equal(ds.runs_nr, 1);
    sb_dataset_free(&ds);
    read_folder(&ds, "u/later/b.log.part"); /* who names it wants it */
    assert_int_equal(ds.runs_nr, 1);
    sb_dataset_free(&ds);
}

static void test_tidy_csv(void **state)
{
    static const char csv[] =
        "source,run,line,platform,config,test,repetition,kind,version,threads,status,metric,value,unit,"
        "resolution,origin,weather\nx/a.log,1,8,raw,c1,cpu,1,cpu,1.0.20,1,complete,events_per_second,"
        "5157.14,1/s,0.005,printed,sunny\n";
    struct sb_dataset ds;
    (void)state;
    put("t/docker/runs.txt", csv, sizeof csv - 1);
    read_folder(&ds, "t");
    assert_int_equal(ds.runs_nr, 1);
    assert_string_equal(ds.runs[0].source, "x/a.log");
    assert_string_equal(sb_run_label(&ds.runs[0], "platform"), "raw");
    assert_string_equal(sb_run_label(&ds.runs[0], "weather"), "sunny");
    sb_dataset_free(&ds);
}

/* ---- archives ---- */

struct member {
    const char *name, *bytes;
    size_t len;
};

static void pack(const char *name, int format, int filter, const struct member *members, size_t nr)
{
    struct archive *a = archive_write_new();
    char *path = at(name);
    assert_int_equal(archive_write_set_format(a, format), ARCHIVE_OK);
    assert_true(archive_write_add_filter(a, filter) >= ARCHIVE_WARN);
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; i < nr; i++) {
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, members[i].name);
        archive_entry_set_size(e, (la_int64_t)members[i].len);
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_perm(e, 0644);
        assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
        assert_int_equal(archive_write_data(a, members[i].bytes, members[i].len), members[i].len);
        archive_entry_free(e);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    free(path);
}

static void test_archives(void **state)
{
    static const struct member members[] = {
        {"exp/a.log", cpu_log, sizeof cpu_log - 1},
        {"exp/manifest.json", manifest, sizeof manifest - 1},
        {"../../etc/docker/b.log", cpu_log, sizeof cpu_log - 1},
        {"exp/.hidden", cpu_log, sizeof cpu_log - 1},
        {"exp/c.log.part", cpu_log, sizeof cpu_log - 1},
    };
    static const struct {
        const char *name;
        int format, filter;
    } kinds[] = {
        {"z/a.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE},
        {"z/a.tgz", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP},
        {"z/a.tar.xz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ},
        {"z/a.tar.zst", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD},
        {"z/a.tar.bz2", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2},
        {"z/a.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE},
    };
    struct sb_dataset ds;
    (void)state;
    put("z/plain.log", cpu_log, sizeof cpu_log - 1);
    for (size_t i = 0; i < SB_ARRAY_SIZE(kinds); i++)
        pack(kinds[i].name, kinds[i].format, kinds[i].filter, members, SB_ARRAY_SIZE(members));
    read_folder(&ds, "z");
    assert_int_equal(ds.runs_nr, 1 + 2 * SB_ARRAY_SIZE(kinds));
    for (size_t i = 0; i < ds.runs_nr; i++) {
        const struct sb_run *run = &ds.runs[i];
        assert_int_equal(run->values_nr, 7); /* six printed, one derived by division */
        if (sb_has_suffix(run->source, "!exp/a.log"))
            assert_string_equal(sb_run_label(run, "platform"), "raw");
        if (strstr(run->source, "b.log")) assert_non_null(strstr(run->source, "!etc/docker/b.log"));
    }
    sb_dataset_free(&ds);
}

static void test_compressed_log(void **state)
{
    static const struct member one = {"x", cpu_log, sizeof cpu_log - 1};
    struct sb_dataset ds;
    struct sb_err err;
    char *bytes;
    size_t len;
    (void)state;
    put("c/placeholder", cpu_log, sizeof cpu_log - 1);
    pack("c/a.log.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, &one, 1);
    pack("c/inner.log.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, &one, 1);
    char *path = at("c/inner.log.gz");
    assert_true(sb_read_file(path, 1 << 20, &bytes, &len, &err));
    struct member nested = {"deep/inner.log.gz", bytes, len};
    pack("c/nested.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, &nested, 1);
    put("c/cut.log.gz", bytes, len - 12);
    put("c/garbage.gz", "\x1f\x8b\x08 garbage garbage garbage", 27);
    free(bytes);
    free(path);
    read_folder(&ds, "c");
    assert_true(finding(&ds, "FILE_BINARY", "p/garbage.gz") || finding(&ds, "NO_RUN", "p/garbage.gz"));
    assert_non_null(finding(&ds, "FILE_UNREADABLE", "p/cut.log.gz"));
    size_t named = 0;
    for (size_t i = 0; i < ds.runs_nr; i++)
        named += strcmp(ds.runs[i].source, "p/a.log.gz") == 0 ||
                 strcmp(ds.runs[i].source, "p/nested.tar!deep/inner.log.gz") == 0;
    assert_int_equal(named, 2);
    sb_dataset_free(&ds);
}

static void test_bomb(void **state)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    struct sb_dataset ds;
    (void)state;
    for (size_t i = 0; i < 1120000; i++)
        sb_strbuf_adds(&text, "    nothing to see in this line of a file that is all the same\n");
    struct member big = {"big.log", text.buf, text.len};
    put("b/placeholder", "x\n", 2);
    pack("b/bomb.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, &big, 1);
    sb_strbuf_release(&text);
    read_folder(&ds, "b");
    assert_non_null(finding(&ds, "ARCHIVE_BOMB", "p/bomb.gz"));
    sb_dataset_free(&ds);
}

static void test_unread_and_readings(void **state)
{
    static const char text[] =
        "sysbench 1.0.20 (using system LuaJIT 2.1.0-beta3)\n\nRunning the test with following options:\n"
        "Number of threads: 1\nwhat is this\nCPU speed:\n    events per second:  5157.14\nafter it\n";
    struct sb_dataset ds;
    struct sb_parse_output out = {0};
    struct sb_parse_options options = {
        .collect_unread = true, .explain_source = "log", .keep_excerpts = true};
    (void)state;
    sb_dataset_init(&ds);
    sb_parse_log(&ds, "log", text, sizeof text - 1, &options, &out);
    assert_int_equal(out.unread_nr, 1);
    assert_int_equal(out.unread[0].line, 5);
    assert_string_equal(out.unread[0].text, "what is this");
    assert_int_equal(out.readings_nr, 8);
    assert_string_equal(out.readings[0].rule, "banner");
    assert_int_equal(out.readings[0].ordinal, 1);
    assert_string_equal(out.readings[4].rule, "unread");
    assert_string_equal(out.readings[6].rule, "cpu result");
    assert_string_equal(out.readings[6].outputs, "events_per_second=5157.14 1/s");
    assert_string_equal(out.readings[7].rule, "");
    assert_int_equal(out.readings[7].ordinal, 0);
    assert_true(sb_has_prefix(ds.runs[0].excerpt, "sysbench 1.0.20"));
    assert_true(sb_has_suffix(ds.runs[0].excerpt, "5157.14\n"));
    sb_parse_output_release(&out);
    sb_dataset_free(&ds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_manifest),
        cmocka_unit_test(test_manifest_above),
        cmocka_unit_test(test_unfinished_logs),
        cmocka_unit_test(test_tidy_csv),
        cmocka_unit_test(test_archives),
        cmocka_unit_test(test_compressed_log),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_unread_and_readings),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
