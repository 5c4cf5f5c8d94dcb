#include "collect/plan_reader.h"

#include <math.h>
#include <stdarg.h>
#include "collect/closest.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

enum { MANY_MISTAKES = 100, MANY_PAIRS = 1000, SHOWN_BYTES = 60, NAME_BYTES = 64 };

/* ---- mistakes ---- */

static void add_mistake(struct sb_plan_reader *r, unsigned line, unsigned column, const char *format,
                        va_list args)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    struct sb_arena *arena = &r->plan->arena;
    if (r->nr >= MANY_MISTAKES) return;
    sb_strbuf_vaddf(&text, format, args);
    SB_ALLOC_GROW(r->v, r->nr + 1, r->alloc);
    r->v[r->nr++] = (struct sb_plan_mistake){.line = line,
                                             .column = column,
                                             .field = sb_arena_strdup(arena, r->path.buf),
                                             .message = sb_arena_strdup(arena, text.buf)};
    sb_strbuf_release(&text);
}

void sb_reader_mistake(struct sb_plan_reader *r, const yaml_node_t *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_mistake(r, at ? sb_node_line(at) : 0, at ? (unsigned)at->start_mark.column + 1 : 0, format, args);
    va_end(args);
}

void sb_reader_mistake_at(struct sb_plan_reader *r, unsigned line, unsigned column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_mistake(r, line, column, format, args);
    va_end(args);
}

size_t sb_reader_enter(struct sb_plan_reader *r, const char *name)
{
    size_t mark = r->path.len;
    if (mark) sb_strbuf_addc(&r->path, '.');
    sb_text_visible(&r->path, name, strnlen(name, SHOWN_BYTES), false);
    return mark;
}

size_t sb_reader_enter_item(struct sb_plan_reader *r, size_t index)
{
    size_t mark = r->path.len;
    sb_strbuf_addf(&r->path, "[%zu]", index);
    return mark;
}

void sb_reader_leave(struct sb_plan_reader *r, size_t mark)
{
    r->path.len = mark;
    if (r->path.alloc) r->path.buf[mark] = '\0';
}

const char *sb_reader_shown(struct sb_plan_reader *r, const char *text, size_t len)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    sb_text_visible(&shown, text, len < SHOWN_BYTES ? len : SHOWN_BYTES, false);
    if (len > SHOWN_BYTES) sb_strbuf_adds(&shown, "...");
    const char *copy = sb_arena_strdup(&r->plan->arena, shown.buf);
    sb_strbuf_release(&shown);
    return copy;
}

/* What people call things by other tools' names. */
static const struct {
    const char *word, *name;
} synonyms[] = {
    {"cpu", "vcpus"},
    {"cpus", "vcpus"},
    {"smp", "vcpus"},
    {"cores", "vcpus"},
    {"mem", "memory_mib"},
    {"ram", "memory_mib"},
    {"memory", "memory_mib"},
    {"reps", "repetitions_per_boot"},
    {"runs", "repetitions_per_boot"},
    {"repetitions", "repetitions_per_boot"},
    {"excludes", "exclude"},
    {"exclusions", "exclude"},
    {"skip", "exclude"},
    {"name", "experiment"},
    {"id", "experiment"},
    {"type", "driver"},
    {"cmd", "run"},
    {"command", "run"},
    {"args", "run"},
    {"options", "run"},
    {"qemu", "raw"},
    {"qcow", "qcow2"},
    {"container", "docker"},
    {"metal", "host"},
    {"native", "host"},
    {"random", "randomised"},
    {"randomized", "randomised"},
    {"as_listed", "listed"},
    {"sequential", "listed"},
};

static const char *synonym(const char *word, const char *const *names, size_t nr)
{
    for (size_t s = 0; s < SB_ARRAY_SIZE(synonyms); s++)
        for (size_t i = 0; i < nr && sb_ascii_caseeq(word, synonyms[s].word); i++)
            if (sb_streq(names[i], synonyms[s].name)) return names[i];
    return NULL;
}

const char *sb_reader_meant(struct sb_plan_reader *r, const char *word, const char *const *names, size_t nr,
                            const char *what)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    const char *meant = synonym(word, names, nr);
    if (!meant) meant = sb_closest(word, names, nr);
    if (meant)
        sb_strbuf_addf(&text, "; did you mean \"%s\"?", meant);
    else
        for (size_t i = 0; i < nr; i++)
            sb_strbuf_addf(&text, "%s%s", i ? ", " : what, names[i]);
    const char *copy = sb_arena_strdup(&r->plan->arena, text.buf);
    sb_strbuf_release(&text);
    return copy;
}

/* ---- values ---- */

const yaml_node_t *sb_reader_node(struct sb_plan_reader *r, int index)
{
    return yaml_document_get_node(r->doc, index);
}

unsigned sb_node_line(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

bool sb_node_is_empty(const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
    const char *text = (const char *)node->data.scalar.value;
    return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static const char *what_is(struct sb_plan_reader *r, const yaml_node_t *node)
{
    if (node->type == YAML_MAPPING_NODE) return "a mapping";
    if (node->type == YAML_SEQUENCE_NODE) return "a list";
    if (sb_node_is_empty(node)) return "nothing";
    return sb_arena_printf(
        &r->plan->arena, "\"%s\"",
        sb_reader_shown(r, (const char *)node->data.scalar.value, node->data.scalar.length));
}

/* Tags ("!!int", "!mine") would change what a value means; none is known here. */
static bool has_known_tag(const yaml_node_t *node)
{
    const char *tag = (const char *)node->tag;
    return !tag || sb_has_prefix(tag, "tag:yaml.org,2002:");
}

static const char *find_control(const char *text, size_t len, bool breaks, unsigned *code)
{
    for (size_t i = 0; i < len;) {
        size_t n = sb_utf8_decode(text + i, len - i, code);
        if (breaks && n && *code == '\n') *code = ' ';
        if (!n || *code < 0x20 || (*code >= 0x7f && *code < 0xa0)) return text + i;
        i += n;
    }
    return NULL;
}

static const char *read_text(struct sb_plan_reader *r, const yaml_node_t *node, const char *want, bool breaks)
{
    unsigned code = 0;
    if (node->type != YAML_SCALAR_NODE || sb_node_is_empty(node)) {
        sb_reader_mistake(r, node, "must be %s, but is %s", want, what_is(r, node));
        return NULL;
    }
    const char *text = (const char *)node->data.scalar.value;
    size_t len = node->data.scalar.length;
    if (!has_known_tag(node)) {
        sb_reader_mistake(r, node, "has the tag \"%s\"; tags are not read here: leave it out",
                          sb_reader_shown(r, (const char *)node->tag, strlen((const char *)node->tag)));
        return NULL;
    }
    if (!len) {
        sb_reader_mistake(r, node, "must be %s, but is an empty text", want);
        return NULL;
    }
    if (find_control(text, len, breaks, &code)) {
        sb_reader_mistake(r, node, "has the control character U+%04X in \"%s\"; write one line of plain text",
                          code, sb_reader_shown(r, text, len));
        return NULL;
    }
    return text;
}

const char *sb_reader_text(struct sb_plan_reader *r, const yaml_node_t *node, const char *want)
{
    return read_text(r, node, want, false);
}

const char *sb_reader_words(struct sb_plan_reader *r, const yaml_node_t *node, const char *want)
{
    return read_text(r, node, want, true);
}

bool sb_reader_count(struct sb_plan_reader *r, const yaml_node_t *node, double min, double max,
                     uint64_t *count)
{
    char want[80];
    double value;
    snprintf(want, sizeof want, "a whole number from %.0f to %.0f", min, max);
    const char *text = sb_reader_text(r, node, want);
    if (!text) return false;
    if (!sb_number_parse(text, strlen(text), &value) || value != floor(value) || value < min || value > max) {
        sb_reader_mistake(r, node, "must be %s, not \"%s\"", want, sb_reader_shown(r, text, strlen(text)));
        return false;
    }
    *count = (uint64_t)value;
    return true;
}

bool sb_reader_flag(struct sb_plan_reader *r, const yaml_node_t *node, bool *flag)
{
    static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {"false", "no", "off"};
    const char *text = sb_reader_text(r, node, "true or false");
    for (size_t i = 0; text && i < SB_ARRAY_SIZE(yes); i++) {
        *flag = sb_ascii_caseeq(text, yes[i]);
        if (*flag || sb_ascii_caseeq(text, no[i])) return true;
    }
    if (text)
        sb_reader_mistake(r, node, "must be true or false, not \"%s\"",
                          sb_reader_shown(r, text, strlen(text)));
    return false;
}

bool sb_reader_safe_name(struct sb_plan_reader *r, const yaml_node_t *node, const char *name)
{
    size_t len = strlen(name);
    bool plain = len != 0;
    for (size_t i = 0; i < len; i++)
        plain = plain && (sb_is_alnum(name[i]) || strchr("._-", name[i]));
    if (plain && name[0] != '.' && name[0] != '-' && len <= NAME_BYTES) return true;
    sb_reader_mistake(r, node,
                      "the name \"%s\" cannot be a part of file names: use letters, digits, \"_\", \"-\" and "
                      "\".\", not \".\" or \"-\" first, at most %d characters",
                      sb_reader_shown(r, name, len), NAME_BYTES);
    return false;
}

bool sb_reader_names_differ(struct sb_plan_reader *r, const yaml_node_t *node, const char *name,
                            const char *earlier, unsigned earlier_line)
{
    if (!sb_ascii_caseeq(name, earlier)) return true;
    if (strcmp(name, earlier) == 0)
        sb_reader_mistake(r, node, "stands twice, first in line %u", earlier_line);
    else
        sb_reader_mistake(r, node, "\"%s\" and \"%s\" (line %u) would share files where case does not count",
                          name, earlier, earlier_line);
    return false;
}

bool sb_reader_is_mapping(struct sb_plan_reader *r, const yaml_node_t *node, const char *want)
{
    if (node->type != YAML_MAPPING_NODE) {
        sb_reader_mistake(r, node, "must be %s, but is %s", want, what_is(r, node));
        return false;
    }
    if (node->data.mapping.pairs.top - node->data.mapping.pairs.start > MANY_PAIRS) {
        sb_reader_mistake(r, node, "has more than %d entries", MANY_PAIRS);
        return false;
    }
    if (has_known_tag(node)) return true;
    sb_reader_mistake(r, node, "has the tag \"%s\"; tags are not read here: leave it out",
                      sb_reader_shown(r, (const char *)node->tag, strlen((const char *)node->tag)));
    return false;
}

static const yaml_node_pair_t *earlier_pair(struct sb_plan_reader *r, const yaml_node_t *mapping,
                                            const yaml_node_pair_t *pair, const char *key)
{
    for (const yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < pair; p++) {
        const yaml_node_t *node = sb_reader_node(r, p->key);
        if (node->type == YAML_SCALAR_NODE && sb_streq((const char *)node->data.scalar.value, key)) return p;
    }
    return NULL;
}

bool sb_reader_key(struct sb_plan_reader *r, const yaml_node_t *mapping, const yaml_node_pair_t *pair,
                   const char **key)
{
    const yaml_node_t *node = sb_reader_node(r, pair->key);
    if (!(*key = sb_reader_text(r, node, "the name of a field"))) return false;
    const yaml_node_pair_t *before = earlier_pair(r, mapping, pair, *key);
    size_t mark = sb_reader_enter(r, *key);
    bool merge = strcmp(*key, "<<") == 0;
    if (merge)
        sb_reader_mistake(r, node, "\"<<\" (merge) is not read here: write the fields out");
    else if (before)
        sb_reader_mistake(r, node, "stands twice, first in line %u",
                          sb_node_line(sb_reader_node(r, before->key)));
    sb_reader_leave(r, mark);
    return !merge && !before;
}

/* ---- mappings by table ---- */

static void report_unknown(struct sb_plan_reader *r, const yaml_node_t *at, const char *key,
                           const struct sb_plan_field *fields)
{
    const char *names[32];
    size_t nr = 0;
    for (; fields[nr].name && nr < SB_ARRAY_SIZE(names); nr++)
        names[nr] = fields[nr].name;
    size_t mark = sb_reader_enter(r, key);
    sb_reader_mistake(r, at, "is not a field%s", sb_reader_meant(r, key, names, nr, "; there are "));
    sb_reader_leave(r, mark);
}

static const yaml_node_t *value_of(struct sb_plan_reader *r, const yaml_node_t *mapping, const char *name)
{
    const yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
    for (; p < mapping->data.mapping.pairs.top; p++) {
        const yaml_node_t *key = sb_reader_node(r, p->key);
        if (key->type == YAML_SCALAR_NODE && sb_streq((const char *)key->data.scalar.value, name))
            return sb_reader_node(r, p->value);
    }
    return NULL;
}

static bool is_field(const struct sb_plan_field *fields, const char *key)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, key) == 0) return true;
    return false;
}

void sb_reader_fields(struct sb_plan_reader *r, const yaml_node_t *mapping,
                      const struct sb_plan_field *fields, void *into)
{
    const yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
    for (; p < mapping->data.mapping.pairs.top; p++) {
        const char *key;
        if (sb_reader_key(r, mapping, p, &key) && !is_field(fields, key))
            report_unknown(r, sb_reader_node(r, p->key), key, fields);
    }
    for (; fields->name; fields++) {
        const yaml_node_t *value = value_of(r, mapping, fields->name);
        size_t mark = sb_reader_enter(r, fields->name);
        if (value)
            fields->read(r, fields, value, into);
        else if (fields->required)
            sb_reader_mistake(r, mapping, "is missing: %s", fields->help);
        sb_reader_leave(r, mark);
    }
}

void sb_read_unsigned(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                      void *into)
{
    uint64_t count;
    if (sb_reader_count(r, value, field->min, field->max, &count))
        *(unsigned *)(void *)((char *)into + field->offset) = (unsigned)count;
}

void sb_read_seconds(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                     void *into)
{
    char want[80];
    double seconds;
    snprintf(want, sizeof want, "seconds from %g to %.0f", field->min, field->max);
    const char *text = sb_reader_text(r, value, want);
    if (!text) return;
    if (!sb_number_parse(text, strlen(text), &seconds) || seconds < field->min || seconds > field->max) {
        sb_reader_mistake(r, value, "must be %s, not \"%s\"", want, sb_reader_shown(r, text, strlen(text)));
        return;
    }
    *(double *)(void *)((char *)into + field->offset) = seconds;
}

void sb_read_flag(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                  void *into)
{
    bool flag;
    if (sb_reader_flag(r, value, &flag)) *(bool *)((char *)into + field->offset) = flag;
}
