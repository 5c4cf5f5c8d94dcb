#include "report/images.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "report/headline.h"
#include "report/words.h"

/* Sources: qemu-img(1), and docs/interop/qcow2.rst in QEMU. */
const char *const sb_images_costs[] = {
    "General knowledge about the formats, not measured here:",
    "raw: a block of the guest is a block of the file, with no tables in between; preallocated it occupies "
    "its full "
    "size from the start, and it has no internal snapshots, backing files or compression.",
    "qcow2: tables lead from the guest's blocks to clusters (64 KiB unless set otherwise) that are allocated "
    "on the "
    "first write, which costs work and memory for these tables; in return the file grows with its data, can "
    "share "
    "a backing file, and keeps internal snapshots.",
    NULL};

static size_t find_level(const struct sb_view_matrix *m, const char *level)
{
    size_t i = 0;
    while (i < m->levels_nr && strcmp(m->levels[i], level) != 0)
        i++;
    return i;
}

static bool has_both(const struct sb_view *view)
{
    size_t nr, found = 0;
    const char **platforms = sb_dataset_label_values(view->report->ds, "platform", &nr);
    for (size_t i = 0; i < nr; i++)
        found += strcmp(platforms[i], "raw") == 0 || strcmp(platforms[i], "qcow2") == 0;
    return found == 2;
}

bool sb_images_has_sizes(const struct sb_cell_info *cell)
{
    return cell->virtual_bytes > 0 || cell->allocated_bytes > 0;
}

bool sb_images_wanted(const struct sb_view *view)
{
    const struct sb_dataset *ds = view->report->ds;
    for (size_t i = 0; i < ds->cells_nr; i++)
        if (sb_images_has_sizes(&ds->cells[i])) return true;
    return has_both(view);
}

const char *sb_images_missing(const struct sb_view *view)
{
    const struct sb_dataset *ds = view->report->ds;
    size_t virtual_nr = 0, allocated_nr = 0;
    for (size_t i = 0; i < ds->cells_nr; i++) {
        virtual_nr += ds->cells[i].virtual_bytes > 0;
        allocated_nr += ds->cells[i].allocated_bytes > 0;
    }
    if (!ds->cells_nr)
        return "No manifest describes the images, so their virtual and allocated sizes are not known.";
    if (!virtual_nr && !allocated_nr)
        return "The manifest does not record the images' virtual and allocated sizes.";
    if (!virtual_nr) return "The manifest does not record the images' virtual sizes.";
    if (!allocated_nr) return "The manifest does not record the images' allocated sizes.";
    return NULL;
}

struct sb_images_row *sb_images_rows(const struct sb_view *view, struct sb_arena *arena, size_t *nr)
{
    const struct sb_view_matrix *m = &view->platforms;
    struct sb_images_row *rows = sb_arena_calloc(arena, m->rows_nr + 1, sizeof *rows);
    size_t raw = find_level(m, "raw"), qcow2 = find_level(m, "qcow2"), base = 0;
    *nr = 0;
    while (base < m->baselines_nr && strcmp(m->baselines[base], "raw") != 0)
        base++;
    if (raw == m->levels_nr || qcow2 == m->levels_nr || base == m->baselines_nr) return rows;
    for (size_t r = 0; r < m->rows_nr; r++) {
        const struct sb_comparison *c =
            m->rows[r].headline ? sb_view_comparison(m, base, &m->rows[r], qcow2) : NULL;
        if (c)
            rows[(*nr)++] = (struct sb_images_row){&m->rows[r], c, sb_view_summary(m, &m->rows[r], raw),
                                                   sb_view_summary(m, &m->rows[r], qcow2)};
    }
    return rows;
}

/* ---- sentences ---- */

static bool touches_the_disk(const char *kind)
{
    return strcmp(kind, "fileio") == 0 || sb_has_prefix(kind, "oltp");
}

static bool is_emulated(const struct sb_images_row *row)
{
    return (row->raw && sb_streq(row->raw->accelerator, "tcg")) ||
           (row->qcow2 && sb_streq(row->qcow2->accelerator, "tcg"));
}

/* What the verdicts of the tests that use the disk, or else of all, mean for the choice. */
static const char *advice(const size_t count[])
{
    if (count[SB_FASTER] && count[SB_SLOWER])
        return "The verdicts point both ways, so the choice depends on which of these tests resembles the "
               "work to "
               "be done.";
    if (count[SB_SLOWER]) return "Where a verdict decides, it speaks for raw; none speaks for qcow2.";
    if (count[SB_FASTER]) return "Where a verdict decides, it speaks for qcow2; none speaks for raw.";
    if (count[SB_EQUIVALENT] && !count[SB_INCONCLUSIVE])
        return "All are equivalent within the margin, so speed is no reason to prefer one format here.";
    if (count[SB_EQUIVALENT])
        return "No verdict prefers a format; where it is inconclusive, these data leave the question open.";
    return "These data do not decide between the formats, which does not mean that they are equal.";
}

static const char *counts_sentence(struct sb_arena *arena, const size_t count[], size_t total)
{
    static const enum sb_verdict order[] = {SB_FASTER, SB_SLOWER, SB_EQUIVALENT, SB_INCONCLUSIVE};
    const char *text = "";
    for (size_t i = 0; i < SB_ARRAY_SIZE(order); i++)
        if (count[order[i]])
            text = sb_arena_printf(arena, "%s%s%s in %zu", text, *text ? ", " : "", sb_verdict_text(order[i]),
                                   count[order[i]]);
    return sb_arena_printf(arena, "Against raw, qcow2 was %s of %zu headline %s.", text, total,
                           sb_words_plural(total, "comparison", "comparisons"));
}

const char **sb_images_sentences(const struct sb_view *view, struct sb_arena *arena, size_t *nr)
{
    const char **out = sb_arena_calloc(arena, 6, sizeof *out);
    size_t rows_nr, count[SB_INCONCLUSIVE + 1] = {0}, total = 0, disk = 0, emulated = 0;
    const struct sb_images_row *rows = sb_images_rows(view, arena, &rows_nr);
    *nr = 0;
    for (size_t i = 0; i < rows_nr; i++) {
        const struct sb_comparison *c = rows[i].comparison;
        if (c->barred || c->verdict == SB_VERDICT_NONE) continue;
        total++;
        count[c->verdict]++;
        disk += touches_the_disk(c->kind);
        emulated += is_emulated(&rows[i]);
    }
    if (!total) {
        if (has_both(view))
            out[(*nr)++] = "These data hold no comparison of qcow2 against raw that may be quoted.";
        return out;
    }
    out[(*nr)++] = counts_sentence(arena, count, total);
    out[(*nr)++] = advice(count);
    if (emulated)
        out[(*nr)++] = "These verdicts hold under software emulation (TCG) only: they say nothing about what "
                       "the formats "
                       "cost with hardware virtualisation.";
    if (!disk)
        out[(*nr)++] =
            "None of these tests works on the disk, so the format is not expected to act on them; a "
            "difference has another cause.";
    else if (disk < total)
        out[(*nr)++] =
            sb_arena_printf(arena,
                            "Only %zu of the %zu compare tests that work on the disk; on the others the "
                            "format is not expected to act.",
                            disk, total);
    return out;
}
