#include "report/factor_effects.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "report/words.h"

enum { NAMES_SHOWN = 6, FACTORS_MAX = 8 };

const char *sb_effects_place(const struct sb_view *view, struct sb_arena *arena, const struct sb_effects *e)
{
    char buf[SB_WORDS_MAX];
    const char *title = sb_metric_title(e->metric, buf, sizeof buf);
    return sb_arena_printf(arena, "%s, %c%s", sb_view_place(view, arena, &e->rest), sb_ascii_lower(*title),
                           title + 1);
}

const char *sb_effects_ratio(struct sb_arena *arena, const struct sb_effect_ratio *r)
{
    char ratio[SB_WORDS_MAX], low[SB_WORDS_MAX], high[SB_WORDS_MAX];
    if (!isfinite(r->ratio)) return "not estimable";
    sb_words_ratio(r->ratio, ratio);
    if (!isfinite(r->low) || !isfinite(r->high)) return sb_arena_strdup(arena, ratio);
    return sb_arena_printf(arena, "%s [%s, %s]", sb_words_ratio(r->ratio, ratio), sb_words_ratio(r->low, low),
                           sb_words_ratio(r->high, high));
}

const char *sb_effects_levels(struct sb_arena *arena, const struct sb_effect_ratio *r)
{
    return sb_arena_printf(arena, "%s / %s", sb_view_level(r->factor, r->level),
                           sb_view_level(r->factor, r->baseline));
}

const char *sb_effects_averaged(const struct sb_results *results)
{
    bool averaged = false, additive = false;
    for (size_t i = 0; i < results->effects_nr; i++)
        for (size_t k = 0; k < results->effects[i].ratios_nr; k++) {
            const struct sb_effect_ratio *r = &results->effects[i].ratios[k];
            additive = additive || (isfinite(r->ratio) && r->additive);
            averaged = averaged || (isfinite(r->ratio) && !r->additive);
        }
    if (!additive) return "averaged over the other factors with equal weight";
    if (!averaged) return "from main effects only, since combinations of the factors are empty";
    return "averaged over the other factors with equal weight, or from main effects only where combinations "
           "of them are empty";
}

const char *sb_effects_caption(const struct sb_view *view, struct sb_arena *arena)
{
    char percent[SB_WORDS_MAX];
    const struct sb_analysis_settings *s = &view->results->settings;
    return sb_arena_printf(
        arena,
        "Analysis of variance of the logarithms with all interactions (type II); p adjusted "
        "(%s) over all terms. Ratios of geometric means with their %s %% interval, %s.",
        s->correction ? s->correction : "none", sb_words_percent(s->confidence, percent),
        sb_effects_averaged(view->results));
}

/* ---- what the terms say of one factor ---- */

static bool has_factor(const struct sb_effect_term *term, const char *factor)
{
    size_t len = strlen(factor);
    for (const char *s = term->name;; s++) {
        size_t part = strcspn(s, ":");
        if (part == len && strncmp(s, factor, len) == 0) return true;
        s += part;
        if (!*s) return false;
    }
}

static const struct sb_effect_term *main_effect(const struct sb_effects *e, const char *factor)
{
    for (size_t i = 0; i < e->terms_nr; i++)
        if (strcmp(e->terms[i].name, factor) == 0) return &e->terms[i];
    return NULL;
}

/* The ratio farthest from 1; NULL when none can be estimated. */
static const struct sb_effect_ratio *largest_ratio(const struct sb_effects *e, const char *factor)
{
    const struct sb_effect_ratio *largest = NULL;
    for (size_t i = 0; i < e->ratios_nr; i++) {
        const struct sb_effect_ratio *r = &e->ratios[i];
        if (strcmp(r->factor, factor) != 0 || !isfinite(r->ratio) || !(r->ratio > 0)) continue;
        if (!largest || fabs(log(r->ratio)) > fabs(log(largest->ratio))) largest = r;
    }
    return largest;
}

static bool depends_on_others(const struct sb_effects *e, const char *factor, double alpha)
{
    for (size_t i = 0; i < e->terms_nr; i++)
        if (strchr(e->terms[i].name, ':') && has_factor(&e->terms[i], factor) &&
            e->terms[i].p_adjusted < alpha)
            return true;
    return false;
}

/* A configuration stands for both sizes: it cannot act when neither can. */
static bool cannot_act(const struct sb_effects *e, const char *factor)
{
    bool vcpus = sb_codes_has(&e->findings, "VCPUS_CANNOT_ACT"),
         memory = sb_codes_has(&e->findings, "MEMORY_SIZE_CANNOT_ACT");
    if (strcmp(factor, "vcpus") == 0) return vcpus;
    if (strcmp(factor, "memory_mib") == 0) return memory;
    return strcmp(factor, "config") == 0 && vcpus && memory;
}

struct reading {
    const char *factor;
    size_t total, changed, unchanged, inert, inert_changed, inestimable, dependent;
    const struct sb_effects *largest; /* of those that changed */
    const struct sb_effect_ratio *largest_ratio;
    const char *inert_names;
    bool mixed, confounded;
};

static void read_one(struct reading *r, const struct sb_view *view, struct sb_arena *arena,
                     const struct sb_effects *e)
{
    double alpha = view->results->settings.alpha;
    const struct sb_effect_term *term = main_effect(e, r->factor);
    if (!term) return;
    r->total++;
    r->mixed = r->mixed || sb_codes_has(&e->findings, "ACCELERATORS_DIFFER");
    r->confounded = r->confounded || sb_codes_has(&e->findings, "CONFOUNDED");
    bool significant = term->df && term->p_adjusted < alpha;
    if (cannot_act(e, r->factor)) {
        if (r->inert++ < NAMES_SHOWN)
            r->inert_names = sb_arena_printf(arena, "%s%s%s", r->inert_names, *r->inert_names ? "; " : "",
                                             sb_effects_place(view, arena, e));
        r->inert_changed += significant;
        return;
    }
    if (!term->df || isnan(term->p_adjusted)) {
        r->inestimable++;
        return;
    }
    if (!significant) {
        r->unchanged++;
        return;
    }
    r->changed++;
    r->dependent += depends_on_others(e, r->factor, alpha);
    const struct sb_effect_ratio *ratio = largest_ratio(e, r->factor);
    if (!ratio || (r->largest_ratio && fabs(log(ratio->ratio)) <= fabs(log(r->largest_ratio->ratio)))) return;
    r->largest = e;
    r->largest_ratio = ratio;
}

/* ---- one sentence ---- */

static void start_part(struct sb_strbuf *out)
{
    sb_strbuf_adds(out, sb_has_suffix(out->buf, ": ") ? "" : "; ");
}

static void say_changed(struct sb_strbuf *out, const struct reading *r, const struct sb_view *view,
                        struct sb_arena *arena)
{
    if (!r->changed) return;
    start_part(out);
    sb_strbuf_addf(out, "it shows in %zu of %zu %s", r->changed, r->total,
                   sb_words_plural(r->total, "measure", "measures"));
    if (r->largest)
        sb_strbuf_addf(out, " (%s%s: %s, ratio %s)", r->changed > 1 ? "most in " : "",
                       sb_effects_place(view, arena, r->largest), sb_effects_levels(arena, r->largest_ratio),
                       sb_effects_ratio(arena, r->largest_ratio));
    if (r->dependent)
        sb_strbuf_addf(
            out, "; in %zu of these its size depends on the other factors, so one ratio does not describe it",
            r->dependent);
}

static void say_rest(struct sb_strbuf *out, const struct reading *r)
{
    if (r->unchanged) {
        start_part(out);
        sb_strbuf_addf(out, "no effect shows in %zu of %zu %s, which does not mean that there is none",
                       r->unchanged, r->total, sb_words_plural(r->total, "measure", "measures"));
    }
    if (r->inestimable) {
        start_part(out);
        sb_strbuf_addf(out, "in %zu of %zu it cannot be told apart from the other factors", r->inestimable,
                       r->total);
    }
    if (r->inert) {
        start_part(out);
        sb_strbuf_addf(out, "it cannot act in %zu of %zu, as the audit says (%s", r->inert, r->total,
                       r->inert_names);
        if (r->inert > NAMES_SHOWN) sb_strbuf_addf(out, "; and %zu further ones", r->inert - NAMES_SHOWN);
        sb_strbuf_addc(out, ')');
    }
    if (r->inert_changed)
        sb_strbuf_addf(out, ", so what differs there in %zu of them has another cause", r->inert_changed);
    if (r->confounded) sb_strbuf_adds(out, "; something else changed along with it, which may be the cause");
}

static bool varies(const struct sb_view *view, const char *label)
{
    size_t nr;
    sb_dataset_label_values(view->report->ds, label, &nr);
    return nr > 1;
}

static const char *sentence(const struct sb_view *view, struct sb_arena *arena, const char *factor)
{
    struct reading r = {.factor = factor, .inert_names = ""};
    struct sb_strbuf out = SB_STRBUF_INIT;
    for (size_t i = 0; i < view->results->effects_nr; i++)
        read_one(&r, view, arena, &view->results->effects[i]);
    sb_strbuf_addf(&out, "%s: ", sb_view_label_title(factor));
    if (r.mixed && strcmp(factor, "platform") == 0) {
        sb_strbuf_adds(&out, "not interpreted, because platforms with different accelerators are mixed; the "
                             "ratios of the other factors average over them");
    } else {
        say_changed(&out, &r, view, arena);
        say_rest(&out, &r);
        if (strcmp(factor, "config") == 0 && varies(view, "vcpus") && varies(view, "memory_mib"))
            sb_strbuf_adds(&out,
                           "; vCPUs and memory change together here, so their effects cannot be told apart");
    }
    sb_strbuf_addc(&out, '.');
    const char *text = sb_arena_strdup(arena, out.buf);
    sb_strbuf_release(&out);
    return text;
}

const char **sb_effects_sentences(const struct sb_view *view, struct sb_arena *arena, size_t *nr)
{
    const char *factors[FACTORS_MAX];
    const char **out = sb_arena_calloc(arena, FACTORS_MAX, sizeof *out);
    *nr = 0;
    for (size_t i = 0; i < view->results->effects_nr; i++)
        for (size_t k = 0; k < view->results->effects[i].terms_nr; k++) {
            const char *name = view->results->effects[i].terms[k].name;
            size_t at = 0;
            while (at < *nr && strcmp(factors[at], name) != 0)
                at++;
            if (at == *nr && at < FACTORS_MAX && !strchr(name, ':')) factors[(*nr)++] = name;
        }
    for (size_t i = 0; i < *nr; i++)
        out[i] = sentence(view, arena, factors[i]);
    return out;
}
