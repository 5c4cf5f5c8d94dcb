#include "parsers/grammar.h"

#include "core/alloc.h"
#include "core/text.h"
#include "parsers/builder.h"

/* In this order: a row earlier in it wins. */
static const struct sb_family *const families[] = {
    &sb_family_around,  &sb_family_frame, &sb_family_per_thread, &sb_family_message,      &sb_family_interval,
    &sb_family_summary, &sb_family_cpu,   &sb_family_memory,     &sb_family_fileio_files, &sb_family_fileio,
    &sb_family_threads, &sb_family_oltp,  &sb_family_histogram,  &sb_family_report_hook,
};

/* True when the line may stand where it stands. */
static bool fits(const struct sb_rule *rule, const struct sb_builder *builder, const struct sb_match *match)
{
    if (rule->in && rule->in != sb_builder_section(builder)) return false;
    if (rule->flags & SB_RULE_LAYOUT) {
        unsigned blanks = 0;
        while (blanks < match->line.len && match->line.s[blanks] == ' ')
            blanks++;
        if (blanks != rule->indent) return false;
    }
    return !rule->accept || rule->accept(builder, match);
}

const struct sb_rule *sb_grammar_find(const struct sb_builder *builder, struct sb_slice line,
                                      struct sb_match *match)
{
    struct sb_slice text = sb_slice_trim(line);
    if (!text.len) return NULL;
    for (size_t f = 0; f < SB_ARRAY_SIZE(families); f++)
        for (size_t r = 0; r < families[f]->nr; r++) {
            const struct sb_rule *rule = &families[f]->rules[r];
            char first = sb_pattern_first(rule->pattern);
            if (first && first != text.s[0]) continue;
            if (sb_pattern_match(rule->pattern, line, match) && fits(rule, builder, match)) return rule;
        }
    return NULL;
}
