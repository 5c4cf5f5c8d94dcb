/* Under which accelerators the figures of a chart came about, in words: an emulated figure is no native one.
 */
#include "cli/chart_builder.h"

#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"

/* ---- emulated and native figures in one picture ---- */

static void add_platform(const struct sb_chart_builder *b, struct sb_emulation *e, const char *platform,
                         const char *accelerator)
{
    bool tcg = accelerator && strcmp(accelerator, "tcg") == 0;
    sb_values_add(b->arena, tcg ? &e->emulated : &e->native, platform, sb_platform_cmp);
}

void sb_emulation_add(const struct sb_chart_builder *b, struct sb_emulation *e, const struct sb_summary *s)
{
    const char *platform = sb_cell_label(s, "platform");
    if (!sb_streq(s->accelerator, "mixed")) {
        add_platform(b, e, platform, s->accelerator);
        return;
    }
    for (size_t i = 0; i < s->n_runs; i++)
        add_platform(b, e, platform, sb_run_param(&b->ds->runs[s->runs[i]], "env.accelerator"));
}

static struct sb_values difference(struct sb_arena *arena, const struct sb_values *a,
                                   const struct sb_values *b)
{
    struct sb_values rest = {NULL, 0};
    for (size_t i = 0; i < a->nr; i++) {
        bool there = false;
        for (size_t k = 0; k < b->nr; k++)
            there |= strcmp(a->v[i], b->v[k]) == 0;
        if (!there) sb_values_append(arena, &rest, a->v[i]);
    }
    return rest;
}

const char *sb_emulation_text(const struct sb_chart_builder *b, const struct sb_emulation *e)
{
    struct sb_arena *arena = b->arena;
    if (!e->emulated.nr) return NULL;
    struct sb_values wholly = difference(arena, &e->emulated, &e->native),
                     partly = difference(arena, &e->emulated, &wholly);
    const char *who = sb_values_joined(arena, &wholly, sb_platform_name),
               *some = sb_values_joined(arena, &partly, sb_platform_name);
    if (!e->native.nr) return sb_arena_printf(arena, "%s: software emulation (TCG)", who);
    if (!partly.nr)
        return sb_arena_printf(arena, "%s: software emulation (TCG), not comparable with %s", who,
                               sb_values_joined(arena, &e->native, sb_platform_name));
    return sb_arena_printf(arena,
                           wholly.nr ? "%s: software emulation (TCG), %s in part; emulated and native "
                                       "figures are not comparable"
                                     : "%s%s: software emulation (TCG) in part; emulated and native "
                                       "figures are not comparable",
                           who, some);
}

const char *sb_emulation_note(const struct sb_chart_builder *b, const struct sb_values *platforms,
                              const char *config, const char *test)
{
    struct sb_emulation e = {.emulated = {NULL, 0}};
    for (size_t i = 0; i < b->cells_nr; i++) {
        const struct sb_summary *s = b->cells[i];
        bool in_chart = false;
        for (size_t p = 0; p < platforms->nr; p++)
            in_chart |= strcmp(platforms->v[p], sb_cell_label(s, "platform")) == 0;
        if (config && strcmp(config, sb_cell_label(s, "config")) != 0) continue;
        if (test && strcmp(test, b->tests_of[i]) != 0) continue;
        if (in_chart) sb_emulation_add(b, &e, s);
    }
    return sb_emulation_text(b, &e);
}

/* ---- comparisons without a verdict ---- */

/* A comparison is barred only when both sides are known; what is not recorded then is a container or the
 * host. */
static const char *accelerator_text(const struct sb_summary *s)
{
    static const char *const texts[][2] = {{"tcg", "software emulation (TCG)"},
                                           {"kvm", "KVM"},
                                           {"hvf", "HVF"},
                                           {"none", "native"},
                                           {"mixed", "several accelerators"}};
    if (!s->accelerator) return "native";
    for (size_t i = 0; i < SB_ARRAY_SIZE(texts); i++)
        if (strcmp(texts[i][0], s->accelerator) == 0) return texts[i][1];
    return s->accelerator;
}

void sb_barred_add(const struct sb_chart_builder *b, struct sb_barred *barred, const struct sb_summary *level,
                   const struct sb_summary *baseline)
{
    barred->nr++;
    sb_values_add(
        b->arena, &barred->pairs,
        sb_arena_printf(b->arena, "%s against %s", accelerator_text(level), accelerator_text(baseline)),
        strcmp);
}

const char *sb_barred_text(const struct sb_chart_builder *b, const struct sb_barred *barred,
                           const char *factor)
{
    bool platform = strcmp(factor, "platform") == 0;
    return sb_arena_printf(b->arena, "%s: not a property of the %s",
                           sb_values_joined(b->arena, &barred->pairs, NULL),
                           platform ? "platforms" : "configurations");
}
