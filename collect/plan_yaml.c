#include "collect/plan_yaml.h"

#include "core/alloc.h"
#include "core/text.h"

enum { DEEPEST = 100 };

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* Line and column, from 1, of a byte. */
static void place_of(const char *text, size_t offset, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < offset; i++) {
        ++*column;
        if (text[i] != '\n') continue;
        ++*line;
        *column = 1;
    }
}

/* libyaml's words for a tab are hard to understand. */
static bool is_indented_by_tab(const char *text, size_t len, size_t line)
{
    size_t at = 0;
    for (; line > 0 && at < len; at++)
        line -= text[at] == '\n';
    while (at < len && text[at] == ' ')
        at++;
    return at < len && text[at] == '\t';
}

static void report_reader_error(struct sb_plan_reader *r, const yaml_parser_t *parser, const char *text,
                                size_t len)
{
    unsigned line, column;
    size_t offset = parser->problem_offset < len ? parser->problem_offset : len;
    place_of(text, offset, &line, &column);
    if (parser->problem_value >= 0 && strstr(parser->problem, "control"))
        sb_reader_mistake_at(r, line, column, "control character U+%04X; write plain text",
                             (unsigned)parser->problem_value);
    else
        sb_reader_mistake_at(r, line, column, "not UTF-8 text (%s); save it as UTF-8", parser->problem);
}

/* What libyaml means, for people. */
static const char *hint_for(const char *context, const char *problem)
{
    static const struct {
        const char *words, *hint;
    } hints[] = {
        {"mapping values", " (put a text that holds \": \" into quotes)"},
        {"flow ", " (a { or [ is not closed, or a text that holds , : { } [ or ] needs quotes)"},
        {"quoted scalar", " (the quote is not closed)"},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(hints); i++)
        if (strstr(problem, hints[i].words) || strstr(context, hints[i].words)) return hints[i].hint;
    return "";
}

/* "boots:5" or "boots = 5": libyaml notices it at the next line. */
static bool is_no_pair(const yaml_parser_t *parser)
{
    return parser->context && parser->problem && strstr(parser->context, "simple key") &&
           strstr(parser->problem, "expected ':'");
}

static void report_yaml_error(struct sb_plan_reader *r, const yaml_parser_t *parser, const char *text,
                              size_t len)
{
    const yaml_mark_t *at = &parser->problem_mark;
    if (parser->error == YAML_READER_ERROR) {
        report_reader_error(r, parser, text, len);
        return;
    }
    if (is_indented_by_tab(text, len, at->line)) {
        sb_reader_mistake_at(r, (unsigned)at->line + 1, (unsigned)at->column + 1,
                             "indented by a tab: YAML takes blanks only");
        return;
    }
    if (is_no_pair(parser)) {
        at = &parser->context_mark;
        sb_reader_mistake_at(r, (unsigned)at->line + 1, (unsigned)at->column + 1,
                             "not YAML: this line is no \"name: value\"; a colon and a blank part them");
        return;
    }
    const char *problem = parser->problem ? parser->problem : "out of memory";
    char context[160] = "";
    if (parser->context)
        snprintf(context, sizeof context, "%s from line %zu, ", parser->context,
                 parser->context_mark.line + 1);
    sb_reader_mistake_at(r, (unsigned)at->line + 1, (unsigned)at->column + 1, "not YAML: %s%s%s", context,
                         problem, hint_for(context, problem));
}

/* libyaml's time grows with the square of the depth. A plan has four levels; brackets in texts and comments
 * are counted too, which does no harm. */
static bool is_shallow(struct sb_plan_reader *r, const char *text, size_t len)
{
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        depth += (text[i] == '[' || text[i] == '{') - (text[i] == ']' || text[i] == '}');
        if (depth < 0) depth = 0;
        if (depth <= DEEPEST) continue;
        unsigned line, column;
        place_of(text, i, &line, &column);
        sb_reader_mistake_at(r, line, column, "nested more than %d levels deep", DEEPEST);
        return false;
    }
    return true;
}

static bool is_single(struct sb_plan_reader *r, yaml_parser_t *parser, const char *text, size_t len)
{
    yaml_document_t next;
    if (!yaml_parser_load(parser, &next)) {
        report_yaml_error(r, parser, text, len);
        return false;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&next);
    if (root) sb_reader_mistake(r, root, "a second document begins; a plan is one document");
    yaml_document_delete(&next);
    return !root;
}

static bool check_document(struct sb_plan_reader *r, yaml_parser_t *parser, const char *text, size_t len,
                           const yaml_node_t **root)
{
    *root = yaml_document_get_root_node(r->doc);
    if (!*root || sb_node_is_empty(*root)) {
        sb_reader_mistake_at(r, 1, 1, "the plan is empty; \"sbstat collect init\" writes one to begin with");
        return false;
    }
    return is_single(r, parser, text, len) && sb_reader_is_mapping(r, *root, "a plan (fields and values)");
}

bool sb_yaml_load(struct sb_plan_reader *r, const char *text, size_t len, const yaml_node_t **root)
{
    yaml_parser_t parser;
    if (!is_shallow(r, text, len)) return false;
    if (!yaml_parser_initialize(&parser)) {
        sb_reader_mistake_at(r, 0, 0, "out of memory");
        return false;
    }
    if (sb_has_prefix(text, byte_order_mark)) {
        text += strlen(byte_order_mark);
        len -= strlen(byte_order_mark);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    bool ok = yaml_parser_load(&parser, r->doc);
    if (!ok) {
        report_yaml_error(r, &parser, text, len);
    } else if (!check_document(r, &parser, text, len, root)) {
        yaml_document_delete(r->doc);
        ok = false;
    }
    yaml_parser_delete(&parser);
    return ok;
}
