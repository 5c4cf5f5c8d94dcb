/* The report and tables in a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/columns.h"
#include "report_asserts.h"
#include "report_fixture.h"
#include "report_hostile.h"

static void text_fits_the_terminal(void **state)
{
    static const int widths[] = {60, 80, 100, 200};
    (void)state;
    for (size_t w = 0; w < SB_ARRAY_SIZE(widths); w++)
        for (int emulated = 0; emulated < 2; emulated++) {
            struct fixture f;
            struct sb_strbuf out = SB_STRBUF_INIT;
            const struct sb_text_style style = {.width = widths[w]};
            fixture_init(
                &f, &(struct fixture_options){
                        .emulated = emulated == 1,
                        .hostile = w == 1 ? "\xe6\x97\xa5\xe6\x9c\xac\x1b[31m a long label value that goes on"
                                          : NULL});
            sb_report_text(&out, &f.report, &style);
            for (char *line = out.buf, *end; *line; line = end + 1) {
                end = strchr(line, '\n');
                *end = '\0';
                if (widths[w] >= 80 && sb_columns_width(line) > (size_t)widths[w])
                    fail_msg("%zu > %d: %s", sb_columns_width(line), widths[w], line);
            }
            sb_strbuf_release(&out);
            fixture_free(&f);
        }
}

/* Marks that do not fit beside the verdict stand below it; neither is cut. */
static void many_marks(void **state)
{
    static const char *const codes[] = {"A", "B", "D", "E", "F", "H", "K", "M", "P"};
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f, NULL);
    for (size_t c = 0; c < f.platforms.comparisons_nr; c++)
        for (size_t i = 0; i < SB_ARRAY_SIZE(codes); i++)
            sb_codes_add(&f.platforms.arena, &f.platforms.comparisons[c].findings, codes[i]);
    for (size_t i = 0; i < f.platforms.summaries_nr; i++)
        sb_codes_add(&f.platforms.arena, &f.platforms.summaries[i].findings, i % 2 ? "C" : "G");
    sb_report_text(&out, &f.report, &(struct sb_text_style){.width = 80});
    if (getenv("SBSTAT_KEEP")) fwrite(out.buf, 1, out.len, stderr);
    assert_lacks(out.buf, "\xe2\x80\xa6"); /* the mark of a cut */
    assert_has(out.buf, "faster\n                                       [1,2,5-11,13,14]\n");
    assert_has(out.buf, "[1] A\n");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

static void colour_only_when_asked(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f, NULL);
    sb_report_text(&out, &f.report, &(struct sb_text_style){.width = 80});
    assert_lacks(out.buf, "\x1b");
    sb_strbuf_clear(&out);
    sb_report_text(&out, &f.report, &(struct sb_text_style){.width = 80, .color = true});
    assert_has(out.buf, "\x1b[31mslower\x1b[0m");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

static void fill_table(struct sb_table *t, const char *text)
{
    static const char *const columns[] = {"name", "value", "count", "codes", "empty"};
    static const char *codes[] = {"A", "B"};
    sb_table_init(t);
    sb_table_set_columns(t, columns, SB_ARRAY_SIZE(columns));
    struct sb_cell *row = sb_table_add_row(t);
    row[0] = (struct sb_cell){.kind = SB_CELL_TEXT, .text = text};
    row[1] = (struct sb_cell){.kind = SB_CELL_NUMBER, .number = 31511.13};
    row[2] = (struct sb_cell){.kind = SB_CELL_COUNT, .count = 5};
    row[3] = (struct sb_cell){.kind = SB_CELL_CODES, .codes = {codes, 2}};
    row = sb_table_add_row(t);
    row[0] = (struct sb_cell){.kind = SB_CELL_TEXT, .text = "b"};
    row[1] = (struct sb_cell){.kind = SB_CELL_NUMBER, .number = 1.5};
}

static void tables_line_up(void **state)
{
    struct sb_table t;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fill_table(&t, "first");
    sb_table_write_text(&out, &t, &(struct sb_text_style){.width = 80});
    assert_string_equal(out.buf, "name      value  count  codes\n"
                                 "-----  --------  -----  -----\n"
                                 "first  31,511.1      5  A;B\n"
                                 "b       1.50000\n");
    sb_strbuf_clear(&out);
    sb_table_write_markdown(&out, &t);
    assert_string_equal(out.buf,
                        "| name | value | count | codes | empty |\n| --- | ---: | ---: | --- | --- |\n"
                        "| first | 31,511.1 | 5 | A;B |  |\n| b | 1.50000 |  |  |  |\n");
    sb_strbuf_clear(&out);
    sb_table_free(&t);
    fill_table(&t, "a text that is far too long for such a narrow terminal");
    sb_table_write_text(&out, &t, &(struct sb_text_style){.width = 40});
    assert_has(out.buf, "a text that is \xe2\x80\xa6  31,511.1");
    sb_strbuf_clear(&out);
    sb_table_write_text(&out, &t, &(struct sb_text_style){.width = 20}); /* not even so: one line per value */
    assert_has(out.buf, "value  31,511.1\n");
    sb_table_free(&t);
    sb_strbuf_release(&out);
}

static void tables_show_hostile_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct sb_table t;
        struct sb_strbuf out = SB_STRBUF_INIT;
        fill_table(&t, hostile[i]);
        for (int width = 0; width < 60; width += 20)
            sb_table_write_text(&out, &t, &(struct sb_text_style){.width = width});
        assert_no_controls(out.buf);
        assert_int_equal(occurrences(out.buf, "31,511.1"), 3);
        sb_strbuf_clear(&out);
        sb_table_write_markdown(&out, &t);
        assert_int_equal(occurrences(out.buf, "\n"), 4);
        assert_int_equal(occurrences(out.buf, "|"), 24);
        sb_strbuf_release(&out);
        sb_table_free(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_fits_the_terminal),   cmocka_unit_test(many_marks),
        cmocka_unit_test(colour_only_when_asked),   cmocka_unit_test(tables_line_up),
        cmocka_unit_test(tables_show_hostile_text),
    };
    return cmocka_run_group_tests_name("report_text", tests, NULL, NULL);
}
