#include "cli/show.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"
#include "report/words.h"

struct sb_cell sb_show_text(const char *text)
{
    return text && *text ? (struct sb_cell){.kind = SB_CELL_TEXT, .text = text}
                         : (struct sb_cell){.kind = SB_CELL_MISSING};
}

struct sb_cell sb_show_figure(const char *text)
{
    return text && *text ? (struct sb_cell){.kind = SB_CELL_FIGURE, .text = text} : sb_show_text("");
}

struct sb_cell sb_show_count(size_t count)
{
    return (struct sb_cell){.kind = SB_CELL_COUNT, .count = count};
}

struct sb_cell sb_show_known(size_t count)
{
    return count ? sb_show_count(count) : sb_show_text("");
}

const char *sb_show_pretty(struct sb_table *table, double value, int digits)
{
    char buf[64];
    sb_number_pretty(value, digits, buf, sizeof buf);
    return sb_arena_strdup(&table->arena, buf);
}

const char *sb_show_plain(struct sb_table *table, double value)
{
    char buf[64];
    size_t len = sb_number_pretty(value, 6, buf, sizeof buf);
    if (strchr(buf, '.'))
        while (len && (buf[len - 1] == '0' || buf[len - 1] == '.')) {
            bool point = buf[len - 1] == '.';
            buf[--len] = '\0';
            if (point) break;
        }
    return sb_arena_strdup(&table->arena, buf);
}

const char *sb_show_plain_percent(struct sb_table *table, double fraction)
{
    char buf[SB_WORDS_MAX];
    return sb_arena_printf(&table->arena, "%s %%", sb_words_percent(fraction, buf));
}

const char *sb_show_percent(struct sb_table *table, double fraction, int digits)
{
    if (!isfinite(fraction)) return "";
    return sb_arena_printf(&table->arena, "%s %%", sb_show_pretty(table, 100 * fraction, digits));
}

const char *sb_show_p(struct sb_table *table, double p)
{
    if (!isfinite(p)) return "";
    return p < 0.0001 ? "<0.0001" : sb_show_pretty(table, p, 2);
}

const char *sb_show_one_ratio(struct sb_table *table, double ratio)
{
    bool rounds_to_one = ratio >= 0.9995 && ratio < 1;
    return sb_show_pretty(table, rounds_to_one ? 1 : ratio, ratio >= 0.9995 ? 4 : 3);
}

const char *sb_show_ratio(struct sb_table *table, double ratio, double low, double high)
{
    if (!isfinite(ratio)) return "";
    return sb_arena_printf(&table->arena, "%s [%s, %s]", sb_show_one_ratio(table, ratio),
                           sb_show_one_ratio(table, low), sb_show_one_ratio(table, high));
}

const char *sb_show_range(struct sb_table *table, double low, double high, int digits)
{
    if (!isfinite(low) && !isfinite(high)) return "";
    return sb_arena_printf(&table->arena, "[%s, %s]", sb_show_pretty(table, low, digits),
                           sb_show_pretty(table, high, digits));
}

const char *sb_show_half_width(struct sb_table *table, double low, double high, double mean)
{
    double relative = (high - low) / 2 / fabs(mean);
    if (!isfinite(relative)) return "";
    return sb_arena_printf(&table->arena, "\xc2\xb1 %s", sb_show_percent(table, relative, 2));
}

static const char *value_in(const struct sb_label_sets *sets, size_t i, const char *name)
{
    const char *value = sb_labels_get(sb_label_set_at(sets, i), name);
    return value ? value : "";
}

const char *sb_show_level(struct sb_arena *arena, const struct sb_results *results, const char *what)
{
    char buf[SB_WORDS_MAX];
    return sb_arena_printf(arena, "%s %% %s", sb_words_percent(results->settings.confidence, buf), what);
}

const char *sb_show_ci_heading(struct sb_arena *arena, const struct sb_results *results, const char *figure)
{
    return sb_arena_printf(arena, "%s [%s]", figure, sb_show_level(arena, results, "CI"));
}

/* Does `name` follow from config: one value of it in every configuration? */
static bool follows_from_config(const struct sb_label_sets *sets, const char *name)
{
    struct sb_labels seen = SB_LABELS_INIT; /* config -> value */
    bool follows = strcmp(name, "platform") != 0 && strcmp(name, "test") != 0 && strcmp(name, "config") != 0;
    for (size_t i = 0; i < sets->nr && follows; i++) {
        const char *config = value_in(sets, i, "config"), *value = value_in(sets, i, name);
        const char *before = sb_labels_get(&seen, config);
        follows = *config && *value && (!before || strcmp(before, value) == 0);
        sb_labels_set(&seen, config, value);
    }
    sb_labels_release(&seen);
    return follows;
}

static bool varies(const struct sb_label_sets *sets, const char *name)
{
    for (size_t i = 1; i < sets->nr; i++)
        if (strcmp(value_in(sets, i, name), value_in(sets, 0, name)) != 0) return true;
    return false;
}

const char **sb_show_labels(struct sb_table *table, const struct sb_label_sets *sets)
{
    struct sb_labels all = SB_LABELS_INIT;
    size_t nr = 0;
    for (size_t i = 0; i < sets->nr; i++) {
        const struct sb_labels *set = sb_label_set_at(sets, i);
        for (size_t j = 0; j < set->nr; j++)
            sb_labels_set(&all, set->v[j].name, "yes");
    }
    const char **names = sb_arena_alloc(&table->arena, (all.nr + 1) * sizeof *names);
    for (size_t i = 0; i < all.nr; i++) { /* insertion by output order */
        size_t at = nr;
        if (!varies(sets, all.v[i].name) || follows_from_config(sets, all.v[i].name)) continue;
        for (; at && sb_label_name_cmp(all.v[i].name, names[at - 1]) < 0; at--)
            names[at] = names[at - 1];
        names[at] = all.v[i].name;
        nr++;
    }
    names[nr] = NULL;
    sb_labels_release(&all);
    return names;
}

void sb_show_columns(struct sb_table *table, const char *const *labels, const char *const *columns,
                     size_t columns_nr)
{
    size_t labels_nr = 0;
    while (labels[labels_nr])
        labels_nr++;
    const char **names = sb_arena_alloc(&table->arena, (labels_nr + columns_nr) * sizeof *names);
    for (size_t i = 0; i < labels_nr; i++)
        names[i] = labels[i];
    for (size_t i = 0; i < columns_nr; i++)
        names[labels_nr + i] = columns[i];
    sb_table_set_columns(table, names, labels_nr + columns_nr);
}

struct sb_cell *sb_show_row(struct sb_table *table, const char *const *labels, const struct sb_labels *set)
{
    struct sb_cell *cell = sb_table_add_row(table);
    for (; *labels; labels++)
        *cell++ = sb_show_text(sb_labels_get(set, *labels));
    return cell;
}
