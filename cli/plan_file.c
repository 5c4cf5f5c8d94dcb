#include "cli/plan_file.h"

#include "core/text.h"
#include "io/outfile.h"

enum { LARGEST_PLAN = 1 << 20 };

static void print_mistake(const char *name, const struct sb_plan_mistake *m)
{
    struct sb_strbuf line = SB_STRBUF_INIT, shown = SB_STRBUF_INIT;
    sb_strbuf_addf(&line, "%s:", name);
    if (m->line) sb_strbuf_addf(&line, "%u:", m->line);
    if (m->column) sb_strbuf_addf(&line, "%u:", m->column);
    sb_strbuf_addf(&line, " %s%s%s", m->field, *m->field ? ": " : "", m->message);
    sb_text_visible(&shown, line.buf, line.len, false);
    fprintf(stderr, "%s\n", shown.buf);
    sb_strbuf_release(&line);
    sb_strbuf_release(&shown);
}

bool sb_plan_file_read(struct sb_plan_file *file, const char *path, struct sb_err *err)
{
    struct sb_plan_mistakes mistakes;
    memset(file, 0, sizeof *file);
    if (!sb_read_file(path, LARGEST_PLAN, &file->text, &file->len, err)) return false;
    if (sb_plan_parse(&file->plan, path, file->text, file->len, &mistakes, err)) return true;
    if (mistakes.nr < 2) return false;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    for (size_t i = 0; i < mistakes.nr; i++)
        print_mistake(name, &mistakes.v[i]);
    return sb_fail(err, SB_ERR_USAGE, "%s has %zu mistakes; nothing was run", name, mistakes.nr);
}

void sb_plan_file_release(struct sb_plan_file *file)
{
    sb_plan_free(&file->plan);
    free(file->text);
    file->text = NULL;
}
