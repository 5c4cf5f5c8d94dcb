#include "core/finding.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/strbuf.h"

const char *sb_severity_text(enum sb_severity severity)
{
    return severity == SB_ERROR ? "error" : severity == SB_WARNING ? "warning" : "note";
}

int sb_codes_has(const struct sb_codes *set, const char *code)
{
    for (size_t i = 0; i < set->nr; i++)
        if (strcmp(set->v[i], code) == 0) return 1;
    return 0;
}

void sb_codes_add(struct sb_arena *arena, struct sb_codes *set, const char *code)
{
    if (sb_codes_has(set, code)) return;
    const char **v = sb_arena_alloc(arena, (set->nr + 1) * sizeof *v);
    size_t at = 0;
    while (at < set->nr && strcmp(set->v[at], code) < 0)
        at++;
    if (at) memcpy(v, set->v, at * sizeof *v);
    v[at] = code;
    if (at < set->nr) memcpy(v + at + 1, set->v + at, (set->nr - at) * sizeof *v);
    set->v = v;
    set->nr++;
}

const char *sb_codes_join(struct sb_arena *arena, const struct sb_codes *set)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    for (size_t i = 0; i < set->nr; i++)
        sb_strbuf_addf(&out, "%s%s", i ? ";" : "", set->v[i]);
    const char *text = sb_arena_strndup(arena, out.buf, out.len);
    sb_strbuf_release(&out);
    return text;
}
