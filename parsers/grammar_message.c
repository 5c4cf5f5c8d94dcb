/*
 * Messages with a level. sb_logger.c text_handler_process() prints "FATAL: ", "ALERT: ", "WARNING: " and
 * "DEBUG: " before the text; sysbench.c prints the deprecations before its banner.
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "parsers/builder.h"

static void fatal(struct sb_builder *b, const struct sb_match *m)
{
    sb_builder_message(b, SB_MESSAGE_FATAL, m->captures[0]);
}

static void alert(struct sb_builder *b, const struct sb_match *m)
{
    sb_builder_message(b, SB_MESSAGE_ERROR, m->captures[0]);
}

static void warning(struct sb_builder *b, const struct sb_match *m)
{
    sb_builder_message(b, SB_MESSAGE_WARNING, m->captures[0]);
}

static const struct sb_rule rules[] = {
    {.name = "FATAL",
     .pattern = "FATAL: %*",
     .flags = SB_RULE_TRAILING,
     .captures = {SB_SKIP},
     .handle = fatal},
    {.name = "ALERT",
     .pattern = "ALERT: %*",
     .flags = SB_RULE_TRAILING,
     .captures = {SB_SKIP},
     .handle = alert},
    {.name = "error",
     .pattern = "ERROR: %*",
     .flags = SB_RULE_TRAILING,
     .captures = {SB_SKIP},
     .handle = alert},
    {.name = "WARNING", .pattern = "WARNING: %*", .captures = {SB_SKIP}, .handle = warning},
    {.name = "debug", .pattern = "DEBUG: %*", .captures = {SB_SKIP}},
    {.name = "error",
     .pattern = "PANIC: unprotected error in call to Lua API %*",
     .captures = {SB_SKIP},
     .handle = fatal},
};

const struct sb_family sb_family_message = {"message", rules, SB_ARRAY_SIZE(rules)};
