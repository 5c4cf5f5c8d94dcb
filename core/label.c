#include "core/label.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/platform.h"
#include "core/strbuf.h"
#include "core/text.h"

static const char *const leading[] = {"platform", "config", "test", "repetition"};

void sb_labels_release(struct sb_labels *set)
{
    free(set->v);
    set->v = NULL;
    set->nr = set->alloc = 0;
}

/* Index of the first label whose name is not below `name`. */
static size_t lower_bound(const struct sb_labels *set, const char *name)
{
    size_t i = 0;
    while (i < set->nr && strcmp(set->v[i].name, name) < 0)
        i++;
    return i;
}

const char *sb_labels_get(const struct sb_labels *set, const char *name)
{
    size_t i = lower_bound(set, name);
    return i < set->nr && strcmp(set->v[i].name, name) == 0 ? set->v[i].value : NULL;
}

void sb_labels_set(struct sb_labels *set, const char *name, const char *value)
{
    size_t i = lower_bound(set, name);
    bool found = i < set->nr && strcmp(set->v[i].name, name) == 0;
    if (!value || !*value) {
        if (found) {
            memmove(set->v + i, set->v + i + 1, (set->nr - i - 1) * sizeof *set->v);
            set->nr--;
        }
        return;
    }
    if (!found) {
        SB_ALLOC_GROW(set->v, set->nr + 1, set->alloc);
        memmove(set->v + i + 1, set->v + i, (set->nr - i) * sizeof *set->v);
        set->nr++;
        set->v[i].name = name;
    }
    set->v[i].value = value;
}

void sb_labels_copy(struct sb_labels *to, const struct sb_labels *from)
{
    to->nr = 0;
    SB_ALLOC_GROW(to->v, from->nr, to->alloc);
    if (from->nr) memcpy(to->v, from->v, from->nr * sizeof *to->v);
    to->nr = from->nr;
}

static size_t name_rank(const char *name)
{
    size_t i = 0;
    while (i < SB_ARRAY_SIZE(leading) && strcmp(leading[i], name) != 0)
        i++;
    return i;
}

int sb_label_name_cmp(const char *a, const char *b)
{
    size_t ra = name_rank(a), rb = name_rank(b);
    if (ra != rb) return ra < rb ? -1 : 1;
    return strcmp(a, b);
}

int sb_label_value_cmp(const char *name, const char *a, const char *b)
{
    if (!a || !b) return (a != NULL) - (b != NULL);
    return strcmp(name, "platform") == 0 ? sb_platform_cmp(a, b) : sb_natural_cmp(a, b);
}

static int cmp_one(const struct sb_labels *a, const struct sb_labels *b, const char *name)
{
    return sb_label_value_cmp(name, sb_labels_get(a, name), sb_labels_get(b, name));
}

int sb_labels_cmp(const struct sb_labels *a, const struct sb_labels *b)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(leading); i++) {
        int cmp = cmp_one(a, b, leading[i]);
        if (cmp) return cmp;
    }
    for (size_t i = 0, j = 0; i < a->nr || j < b->nr;) { /* the others, merged by name */
        const char *name = i == a->nr                                              ? b->v[j].name
                           : j == b->nr || strcmp(a->v[i].name, b->v[j].name) <= 0 ? a->v[i].name
                                                                                   : b->v[j].name;
        int cmp = name_rank(name) < SB_ARRAY_SIZE(leading) ? 0 : cmp_one(a, b, name);
        if (cmp) return cmp;
        if (i < a->nr && strcmp(a->v[i].name, name) == 0) i++;
        if (j < b->nr && strcmp(b->v[j].name, name) == 0) j++;
    }
    return 0;
}

bool sb_label_splits_cells(const char *name)
{
    return strcmp(name, "repetition") != 0 && strcmp(name, "boot") != 0 && strcmp(name, "host") != 0;
}

static void add_label(struct sb_strbuf *out, const struct sb_label *label)
{
    if (out->len) sb_strbuf_addc(out, ' ');
    sb_strbuf_addf(out, "%s=%s", label->name, label->value);
}

const char *sb_labels_text(struct sb_arena *arena, const struct sb_labels *set)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    for (size_t r = 0; r <= SB_ARRAY_SIZE(leading); r++)
        for (size_t i = 0; i < set->nr; i++)
            if (name_rank(set->v[i].name) == r) add_label(&out, &set->v[i]);
    const char *text = sb_arena_strndup(arena, out.buf, out.len);
    sb_strbuf_release(&out);
    return text;
}

bool sb_labels_match(const struct sb_labels *set, const struct sb_filter *filters, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        const char *value = sb_labels_get(set, filters[i].label);
        if (!sb_glob_match(filters[i].glob, value ? value : "")) return false;
    }
    return true;
}
