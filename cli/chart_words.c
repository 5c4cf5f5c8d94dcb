#include "cli/chart_builder.h"

#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"
#include "report/words.h"

enum { NAME_MAX_LEN = 80 };

const char *sb_platform_name(const char *platform)
{
    return *platform ? sb_platform_display(platform) : "all runs";
}

const char *sb_config_name(const char *config)
{
    return *config ? config : "one configuration";
}

const char *sb_with_config(struct sb_arena *arena, const char *text, const char *separator,
                           const char *config)
{
    return *config ? sb_arena_printf(arena, "%s%s%s", text, separator, config) : text;
}

const char *sb_axis_unit(const char *metric, const char *unit)
{
    static const struct {
        const char *metric, *text;
    } units[] = {{"events_per_second", "events/s"},
                 {"transactions_per_second", "transactions/s"},
                 {"total_time", "seconds"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(units); i++)
        if (strcmp(units[i].metric, metric) == 0) return units[i].text;
    return unit;
}

const char *sb_values_joined(struct sb_arena *arena, const struct sb_values *list,
                             const char *(*show)(const char *))
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < list->nr; i++)
        sb_strbuf_addf(&text, "%s%s",
                       i == 0              ? ""
                       : i + 1 == list->nr ? " and "
                                           : ", ",
                       show ? show(list->v[i]) : list->v[i]);
    const char *result = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return result;
}

void sb_counts_add(struct sb_counts *c, const struct sb_summary *s)
{
    if (!c->most || s->n < c->least) c->least = s->n;
    if (s->n > c->most) c->most = s->n;
    c->boots |= s->boots_known;
    c->runs |= !s->boots_known;
}

/* "5 boots each", "3 to 5 runs each"; "5 boots or runs each" where the boots of some cells only are known */
const char *sb_counts_text(struct sb_arena *arena, const struct sb_counts *c)
{
    const char *plural = c->most == 1 ? "" : "s";
    const char *what =
        sb_arena_printf(arena, "%s%s%s%s%s", c->boots ? "boot" : "", c->boots ? plural : "",
                        c->boots && c->runs ? " or " : "", c->runs ? "run" : "", c->runs ? plural : "");
    if (c->least == c->most) return sb_arena_printf(arena, "%zu %s each", c->most, what);
    return sb_arena_printf(arena, "%zu to %zu %s each", c->least, c->most, what);
}

const char *sb_extent_text(struct sb_arena *arena, const struct sb_extent *e, const char *all)
{
    if (!e->left_out) return all;
    return sb_arena_printf(arena, "%zu run%s, %zu left out (audit)", e->shown, e->shown == 1 ? "" : "s",
                           e->left_out);
}

const char *sb_chart_level_text(const struct sb_chart_builder *b)
{
    char buf[SB_WORDS_MAX];
    return sb_arena_strdup(b->arena, sb_words_percent(b->results->settings.confidence, buf));
}

const char *sb_means_subtitle(const struct sb_chart_builder *b, const struct sb_counts *c, const char *more)
{
    return sb_arena_printf(b->arena, "mean of %s, whiskers %s %% confidence interval%s",
                           sb_counts_text(b->arena, c), sb_chart_level_text(b), more);
}

const char *sb_verdict_note(const struct sb_chart_builder *b)
{
    const struct sb_analysis_settings *s = &b->results->settings;
    if (sb_words_adjusts_itself(s))
        return sb_arena_printf(b->arena,
                               "colours: verdict after %s's correction within each combination, not for all "
                               "comparisons of the table",
                               sb_streq(s->p_method, "dunnett") ? "Dunnett" : "Games-Howell");
    if (sb_streq(s->correction, "none"))
        return "colours: verdict of each comparison by itself, not corrected for their number";
    if (sb_streq(s->correction, "bh"))
        return "colours: verdict after Benjamini and Hochberg's correction for all comparisons of the table";
    return "colours: verdict after correction for all comparisons of the table";
}

static const char *slug(struct sb_arena *arena, const char *text)
{
    char name[NAME_MAX_LEN + 1];
    size_t len = 0;
    for (; *text && len < NAME_MAX_LEN; text++) {
        char c = sb_ascii_lower(*text);
        if (sb_is_alnum(c) || c == '.')
            name[len++] = c;
        else if (len && name[len - 1] != '-')
            name[len++] = '-';
    }
    while (len && (name[len - 1] == '-' || name[len - 1] == '.'))
        len--;
    return len ? sb_arena_strndup(arena, name[0] == '.' ? name + 1 : name, name[0] == '.' ? len - 1 : len)
               : "chart";
}

static bool name_taken(const struct sb_chart_set *set, const char *name)
{
    for (size_t i = 0; i < set->nr; i++)
        if (strcmp(set->items[i].name, name) == 0) return true;
    return false;
}

static const char *id_of(struct sb_arena *arena, const char *name)
{
    char *id = sb_arena_printf(arena, "c-%s", name);
    for (char *p = id; *p; p++)
        if (*p == '.') *p = '-';
    return id;
}

struct sb_chart_item *sb_chart_add_item(struct sb_chart_builder *b, const char *section,
                                        const char *wanted_name)
{
    struct sb_chart_set *set = b->set;
    if (b->metric) wanted_name = sb_arena_printf(b->arena, "%s-%s", wanted_name, b->metric);
    const char *base = slug(b->arena, wanted_name), *name = base;
    for (unsigned i = 2; name_taken(set, name); i++)
        name = sb_arena_printf(b->arena, "%s-%u", base, i);
    SB_ALLOC_GROW(set->items, set->nr + 1, set->alloc);
    struct sb_chart_item *item = &set->items[set->nr++];
    memset(item, 0, sizeof *item);
    item->name = name;
    item->section = section;
    item->chart.id = id_of(b->arena, name);
    item->chart.footer_right = "sbstat";
    item->chart.footer_left = "";
    return item;
}
