/*
 * docs/collect.md against the tables that the program reads plans with: every field stands in it, and the
 * options of the platforms are generated (SBSTAT_UPDATE=1 rewrites them).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "collect/driver.h"
#include "collect/plan_reader.h"
#include "collect/schedule.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

static const char path[] = SBSTAT_SOURCE_DIR "/docs/collect.md";
static const char begin[] = "SBSTAT_UPDATE=1 rewrites it -->\n", end[] = "<!-- end -->";

static char *read_manual(void)
{
    struct sb_err err;
    char *text;
    size_t len;
    if (!sb_read_file(path, 1 << 20, &text, &len, &err)) fail_msg("%s", err.msg);
    return text;
}

static const struct sb_plan_field *const tables[] = {sb_plan_fields, sb_timeout_fields, sb_config_fields,
                                                     sb_test_fields, sb_exclude_fields};

static void every_field(void **state)
{
    char *text = read_manual(), quoted[80];
    (void)state;
    for (size_t t = 0; t < SB_ARRAY_SIZE(tables); t++)
        for (const struct sb_plan_field *f = tables[t]; f->name; f++) {
            snprintf(quoted, sizeof quoted, "`%s`", f->name);
            if (!strstr(text, quoted)) fail_msg("docs/collect.md does not explain %s", quoted);
        }
    free(text);
}

/* ---- platforms ---- */

static void add_kind(struct sb_strbuf *out, const struct sb_field *f)
{
    static const char *const words[] = {[SB_FIELD_TEXT] = "text",
                                        [SB_FIELD_PATH] = "path",
                                        [SB_FIELD_COUNT] = "number",
                                        [SB_FIELD_BYTES] = "size",
                                        [SB_FIELD_FLAG] = "flag"};
    if (f->type != SB_FIELD_CHOICE) {
        sb_strbuf_adds(out, words[f->type]);
        return;
    }
    for (const char *const *c = f->choices; *c; c++)
        sb_strbuf_addf(out, "%s`%s`", c == f->choices ? "" : ", ", *c);
}

static void add_options(struct sb_strbuf *out, const struct sb_driver *driver)
{
    if (!driver->fields || !driver->fields->name) {
        sb_strbuf_adds(out, "\nNo options.\n");
        return;
    }
    sb_strbuf_adds(out, "\n| option | takes | default | |\n|---|---|---|---|\n");
    for (const struct sb_field *f = driver->fields; f->name; f++) {
        sb_strbuf_addf(out, "| `%s` | ", f->name);
        add_kind(out, f);
        if (f->fallback)
            sb_strbuf_addf(out, " | `%s`", f->fallback);
        else
            sb_strbuf_addf(out, " | %s", f->required ? "required" : "");
        sb_strbuf_addf(out, " | %s |\n", f->help);
    }
}

/* Options that two platforms share stand once. */
static void add_platforms(struct sb_strbuf *out)
{
    size_t nr;
    const struct sb_driver *const *drivers = sb_drivers(&nr);
    for (size_t i = 0; i < nr; i++) {
        if (i) sb_strbuf_addc(out, '\n');
        sb_strbuf_addf(out, "### %s\n\n", drivers[i]->name);
        size_t at = out->len;
        sb_strbuf_addf(out, "%s.\n", drivers[i]->summary);
        if (out->buf[at] >= 'a' && out->buf[at] <= 'z') out->buf[at] = (char)(out->buf[at] - 'a' + 'A');
        size_t same = 0;
        while (drivers[same]->fields != drivers[i]->fields)
            same++;
        if (same < i)
            sb_strbuf_addf(out, "\nOptions as for %s.\n", drivers[same]->name);
        else
            add_options(out, drivers[i]);
    }
}

static void every_option(void **state)
{
    char *text = read_manual();
    struct sb_strbuf want = SB_STRBUF_INIT, whole = SB_STRBUF_INIT;
    struct sb_err err;
    (void)state;
    char *from = strstr(text, begin);
    assert_non_null(from);
    from += strlen(begin);
    char *to = strstr(from, end);
    assert_non_null(to);
    add_platforms(&want);
    sb_strbuf_add(&whole, text, (size_t)(from - text));
    sb_strbuf_add(&whole, want.buf, want.len);
    sb_strbuf_adds(&whole, to);
    if (getenv("SBSTAT_UPDATE"))
        assert_true(sb_outfile_write(path, whole.buf, whole.len, &err));
    else if (strcmp(whole.buf, text) != 0)
        fail_msg("docs/collect.md does not have the options as they are: SBSTAT_UPDATE=1 ctest -R "
                 "unit.manual writes them. They are:\n%s",
                 want.buf);
    sb_strbuf_release(&want);
    sb_strbuf_release(&whole);
    free(text);
}

/* Options keep to what a plan can say: a default that the reader would refuse is a mistake of ours. */
static void options_are_sound(void **state)
{
    size_t nr;
    const struct sb_driver *const *drivers = sb_drivers(&nr);
    (void)state;
    for (size_t i = 0; i < nr; i++)
        for (const struct sb_field *f = drivers[i]->fields; f && f->name; f++) {
            uint64_t bytes;
            bool choice = f->type != SB_FIELD_CHOICE || !f->fallback;
            if (f->type == SB_FIELD_BYTES && f->fallback) assert_true(sb_parse_bytes(f->fallback, &bytes));
            for (const char *const *c = f->choices; !choice && c && *c; c++)
                choice = strcmp(*c, f->fallback) == 0;
            if (!choice || !f->help || strcmp(f->name, "driver") == 0)
                fail_msg("%s.%s", drivers[i]->name, f->name);
            if (f->type == SB_FIELD_FLAG && f->fallback)
                assert_true(sb_streq(f->fallback, "true") || sb_streq(f->fallback, "false"));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field),
        cmocka_unit_test(every_option),
        cmocka_unit_test(options_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
