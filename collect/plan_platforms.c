/* platforms: names, their drivers, and the options that the drivers take. */
#include "collect/plan_reader.h"

#include "collect/driver.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

/* Files that stand beside the platforms' folders. */
static const char *const taken_names[] = {"manifest.json", "journal.jsonl", "plan.yaml", "plan.canonical"};

/* ---- drivers ---- */

static const char *unknown_driver_help(struct sb_plan_reader *r, const char *name)
{
    const char *names[16];
    size_t nr, known = 0;
    const struct sb_driver *const *drivers = sb_drivers(&nr);
    for (size_t i = 0; i < nr && known < SB_ARRAY_SIZE(names); i++)
        names[known++] = drivers[i]->name;
    return sb_reader_meant(r, name, names, known, "; there are ");
}

static const struct sb_driver *find_driver(struct sb_plan_reader *r, const yaml_node_t *at, const char *name,
                                           bool own_name)
{
    const struct sb_driver *driver = sb_driver_find(name);
    if (!driver)
        sb_reader_mistake(r, at, "\"%s\" is not a platform that sbstat can run on%s%s",
                          sb_reader_shown(r, name, strlen(name)), unknown_driver_help(r, name),
                          own_name ? " (a name of your own needs \"driver:\")" : "");
    return driver;
}

/* ---- options ---- */

typedef const char *option_reader(struct sb_plan_reader *r, const struct sb_field *field,
                                  const yaml_node_t *value);

static const char *copy(struct sb_plan_reader *r, const char *text)
{
    return text ? sb_arena_strdup(&r->plan->arena, text) : NULL;
}

static const char *read_text(struct sb_plan_reader *r, const struct sb_field *field, const yaml_node_t *value)
{
    (void)field;
    return copy(r, sb_reader_text(r, value, "a text"));
}

static const char *read_path(struct sb_plan_reader *r, const struct sb_field *field, const yaml_node_t *value)
{
    const char *text = sb_reader_text(r, value, "a path");
    (void)field;
    if (text && text[0] == '~' && text[1] != '/') {
        sb_reader_mistake(r, value,
                          "only \"~/\", your own home folder, is understood in paths: write \"%s\" from / or "
                          "from the plan's folder",
                          sb_reader_shown(r, text, strlen(text)));
        return NULL;
    }
    return copy(r, text);
}

static const char *read_count(struct sb_plan_reader *r, const struct sb_field *field,
                              const yaml_node_t *value)
{
    uint64_t count;
    (void)field;
    if (!sb_reader_count(r, value, 0, 1e9, &count)) return NULL;
    return sb_arena_printf(&r->plan->arena, "%llu", (unsigned long long)count);
}

static const char *read_bytes(struct sb_plan_reader *r, const struct sb_field *field,
                              const yaml_node_t *value)
{
    uint64_t bytes;
    const char *text = sb_reader_text(r, value, "a size as 512M or 4G");
    (void)field;
    if (text && !sb_parse_bytes(text, &bytes)) {
        sb_reader_mistake(r, value, "must be a size as 512M or 4G (K, M, G, T: powers of 1024), not \"%s\"",
                          sb_reader_shown(r, text, strlen(text)));
        return NULL;
    }
    return copy(r, text);
}

static const char *read_flag(struct sb_plan_reader *r, const struct sb_field *field, const yaml_node_t *value)
{
    bool flag;
    (void)field;
    return sb_reader_flag(r, value, &flag) ? flag ? "true" : "false" : NULL;
}

static const char *read_choice(struct sb_plan_reader *r, const struct sb_field *field,
                               const yaml_node_t *value)
{
    size_t nr = 0;
    const char *text = sb_reader_text(r, value, "one word");
    for (; field->choices[nr]; nr++)
        if (sb_streq(text, field->choices[nr])) return field->choices[nr];
    if (text)
        sb_reader_mistake(r, value, "does not take \"%s\"%s", sb_reader_shown(r, text, strlen(text)),
                          sb_reader_meant(r, text, field->choices, nr, "; there are "));
    return NULL;
}

static option_reader *const readers[] = {
    [SB_FIELD_TEXT] = read_text,   [SB_FIELD_PATH] = read_path, [SB_FIELD_COUNT] = read_count,
    [SB_FIELD_BYTES] = read_bytes, [SB_FIELD_FLAG] = read_flag, [SB_FIELD_CHOICE] = read_choice,
};

static const struct sb_field *find_field(const struct sb_driver *driver, const char *name)
{
    for (const struct sb_field *f = driver->fields; f && f->name; f++)
        if (strcmp(f->name, name) == 0) return f;
    return NULL;
}

static void report_unknown_option(struct sb_plan_reader *r, const yaml_node_t *at,
                                  const struct sb_driver *driver, const char *name)
{
    const char *names[64];
    size_t nr = 0;
    names[nr++] = "driver";
    for (const struct sb_field *f = driver->fields; f && f->name && nr < SB_ARRAY_SIZE(names); f++)
        names[nr++] = f->name;
    sb_reader_mistake(r, at, "is not an option of %s%s", driver->name,
                      sb_reader_meant(r, name, names, nr, "; there are "));
}

static void add_option(struct sb_plan_platform *platform, const char *key, const char *value, unsigned line)
{
    platform->options[platform->options_nr++] =
        (struct sb_plan_option){.key = key, .value = value, .line = line};
}

static void read_option(struct sb_plan_reader *r, struct sb_plan_platform *platform,
                        const yaml_node_pair_t *pair, const char *name)
{
    const yaml_node_t *value = sb_reader_node(r, pair->value);
    const struct sb_field *field = find_field(platform->driver, name);
    if (!field) {
        report_unknown_option(r, sb_reader_node(r, pair->key), platform->driver, name);
        return;
    }
    const char *text = readers[field->type](r, field, value);
    if (text) add_option(platform, field->name, text, sb_node_line(value));
}

/* What is not given gets its default, or is a mistake. A value that was wrong has been reported. */
static void fill_option(struct sb_plan_reader *r, struct sb_plan_platform *platform,
                        const struct sb_field *field, const yaml_node_t *at, bool given)
{
    size_t mark = sb_reader_enter(r, field->name);
    if (!given && field->required && !field->fallback)
        sb_reader_mistake(r, at, "is missing: %s needs it (%s)", platform->driver->name, field->help);
    if (!given && field->fallback) add_option(platform, field->name, field->fallback, sb_node_line(at));
    sb_reader_leave(r, mark);
}

static bool is_given(struct sb_plan_reader *r, const yaml_node_t *options, const char *name)
{
    if (options->type != YAML_MAPPING_NODE) return false;
    for (const yaml_node_pair_t *p = options->data.mapping.pairs.start; p < options->data.mapping.pairs.top;
         p++) {
        const yaml_node_t *key = sb_reader_node(r, p->key);
        if (key->type == YAML_SCALAR_NODE && sb_streq((const char *)key->data.scalar.value, name))
            return true;
    }
    return false;
}

static int option_cmp(const void *a, const void *b)
{
    return strcmp(((const struct sb_plan_option *)a)->key, ((const struct sb_plan_option *)b)->key);
}

/* `options` is a mapping, or `at` when the platform has no more than a name. Sorted by key, so that the order
 * in which they are written does not matter. */
static void read_options(struct sb_plan_reader *r, struct sb_plan_platform *platform,
                         const yaml_node_t *options, const yaml_node_t *at)
{
    size_t most = 0;
    for (const struct sb_field *f = platform->driver->fields; f && f->name; f++)
        most++;
    platform->options = sb_arena_calloc(&r->plan->arena, most + 1, sizeof *platform->options);
    if (options->type == YAML_MAPPING_NODE)
        for (const yaml_node_pair_t *p = options->data.mapping.pairs.start;
             p < options->data.mapping.pairs.top; p++) {
            const char *key;
            if (!sb_reader_key(r, options, p, &key) || strcmp(key, "driver") == 0) continue;
            size_t mark = sb_reader_enter(r, key);
            read_option(r, platform, p, key);
            sb_reader_leave(r, mark);
        }
    for (const struct sb_field *f = platform->driver->fields; f && f->name; f++)
        fill_option(r, platform, f, at, is_given(r, options, f->name));
    if (platform->options_nr)
        qsort(platform->options, platform->options_nr, sizeof *platform->options, option_cmp);
}

/* ---- platforms ---- */

static const struct sb_driver *driver_of(struct sb_plan_reader *r, const yaml_node_t *at, const char *name,
                                         const yaml_node_t *options)
{
    if (options->type == YAML_MAPPING_NODE)
        for (const yaml_node_pair_t *p = options->data.mapping.pairs.start;
             p < options->data.mapping.pairs.top; p++) {
            const yaml_node_t *key = sb_reader_node(r, p->key), *value = sb_reader_node(r, p->value);
            if (key->type != YAML_SCALAR_NODE || !sb_streq((const char *)key->data.scalar.value, "driver"))
                continue;
            size_t mark = sb_reader_enter(r, "driver");
            const char *text = sb_reader_text(r, value, "the name of a platform");
            const struct sb_driver *driver = text ? find_driver(r, value, text, false) : NULL;
            sb_reader_leave(r, mark);
            return driver;
        }
    return find_driver(r, at, name, true);
}

static bool name_is_free(struct sb_plan_reader *r, const yaml_node_t *at, const char *name)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(taken_names); i++)
        if (sb_ascii_caseeq(name, taken_names[i])) {
            sb_reader_mistake(r, at, "\"%s\" is the name of a file that collect writes", name);
            return false;
        }
    for (size_t i = 0; i < r->plan->platforms_nr; i++)
        if (!sb_reader_names_differ(r, at, name, r->plan->platforms[i].name, r->plan->platforms[i].line))
            return false;
    return true;
}

static void read_platform(struct sb_plan_reader *r, const yaml_node_t *at, const char *name,
                          const yaml_node_t *options)
{
    struct sb_plan *plan = r->plan;
    size_t mark = sb_reader_enter(r, name);
    bool good = sb_reader_safe_name(r, at, name) && name_is_free(r, at, name);
    if (options != at && !sb_node_is_empty(options))
        good = sb_reader_is_mapping(r, options, "a mapping of options") && good;
    const struct sb_driver *driver = good ? driver_of(r, at, name, options) : NULL;
    if (driver) {
        struct sb_plan_platform *platform = &plan->platforms[plan->platforms_nr++];
        *platform = (struct sb_plan_platform){
            .name = sb_arena_strdup(&plan->arena, name), .driver = driver, .line = sb_node_line(at)};
        read_options(r, platform, options, at);
    }
    sb_reader_leave(r, mark);
}

static void read_list(struct sb_plan_reader *r, const yaml_node_t *list)
{
    size_t nr = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
    r->plan->platforms = sb_arena_calloc(&r->plan->arena, nr + 1, sizeof *r->plan->platforms);
    for (size_t i = 0; i < nr; i++) {
        const yaml_node_t *item = sb_reader_node(r, list->data.sequence.items.start[i]);
        size_t mark = sb_reader_enter_item(r, i);
        const char *name = sb_reader_text(r, item, "the name of a platform");
        sb_reader_leave(r, mark);
        if (name) read_platform(r, item, name, item);
    }
}

static void read_map(struct sb_plan_reader *r, const yaml_node_t *map)
{
    size_t nr = (size_t)(map->data.mapping.pairs.top - map->data.mapping.pairs.start);
    r->plan->platforms = sb_arena_calloc(&r->plan->arena, nr + 1, sizeof *r->plan->platforms);
    for (const yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
        const char *name;
        if (sb_reader_key(r, map, p, &name))
            read_platform(r, sb_reader_node(r, p->key), name, sb_reader_node(r, p->value));
    }
}

void sb_plan_read_platforms(struct sb_plan_reader *r, const struct sb_plan_field *field,
                            const yaml_node_t *value, void *into)
{
    size_t before = r->nr;
    (void)into;
    if (value->type == YAML_SEQUENCE_NODE)
        read_list(r, value);
    else if (sb_reader_is_mapping(r, value, "a mapping of names to options, or a list of names"))
        read_map(r, value);
    if (!r->plan->platforms_nr && r->nr == before) sb_reader_mistake(r, value, "is empty: %s", field->help);
}
