/* report.json: the tables under one roof. */
#include "report/report.h"

#include "core/alloc.h"
#include "io/json.h"
#include "report/headline.h"
#include "report/view.h"

static void add_value(struct sb_strbuf *out, const char *key, struct json_object *value)
{
    sb_strbuf_addf(out, ",\n\"%s\":", key);
    sb_json_write(out, value, false);
    json_object_put(value);
}

static struct json_object *texts(const char *const *v, size_t nr)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < nr; i++)
        json_object_array_add(array, sb_json_text(v[i]));
    return array;
}

static struct json_object *settings_object(const struct sb_analysis_settings *settings)
{
    struct json_object *object = json_object_new_object();
    sb_json_add(object, "confidence", sb_json_number(settings->confidence));
    sb_json_add(object, "alpha", sb_json_number(settings->alpha));
    sb_json_add(object, "margin", sb_json_number(settings->margin));
    sb_json_add(object, "correction", sb_json_text(settings->correction));
    sb_json_add(object, "p_method", sb_json_text(settings->p_method));
    sb_json_add(object, "include_suspect", json_object_new_boolean(settings->include_suspect));
    return object;
}

static struct json_object *environment(const struct sb_dataset *ds)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < ds->env_nr; i++) {
        struct json_object *fact = json_object_new_object();
        sb_json_add(fact, "section", sb_json_text(ds->env[i].section));
        sb_json_add(fact, "name", sb_json_text(ds->env[i].name));
        sb_json_add(fact, "value", sb_json_text(ds->env[i].value));
        json_object_array_add(array, fact);
    }
    return array;
}

/* One rows array after another as one array: their columns differ by the labels that remain. */
static void add_rows(struct sb_strbuf *out, const struct sb_table *table, bool *first)
{
    struct sb_strbuf rows = SB_STRBUF_INIT;
    if (!table->rows_nr) return;
    sb_table_write_json_rows(&rows, table);
    if (!*first) sb_strbuf_addc(out, ',');
    *first = false;
    sb_strbuf_add(out, rows.buf + 1, rows.len - 2); /* without the brackets */
    sb_strbuf_release(&rows);
}

static void add_comparisons(struct sb_strbuf *out, const struct sb_report *report)
{
    const struct sb_results *const families[] = {report->platforms, report->configs};
    bool first = true;
    sb_strbuf_adds(out, ",\n\"comparisons\":[");
    for (size_t i = 0; i < SB_ARRAY_SIZE(families); i++) {
        struct sb_table table;
        if (!families[i] || !families[i]->comparisons_nr) continue;
        sb_table_init(&table);
        sb_table_of_comparisons(&table, families[i]);
        add_rows(out, &table, &first);
        sb_table_free(&table);
    }
    sb_strbuf_addc(out, ']');
}

static void add_table(struct sb_strbuf *out, const char *key, struct sb_table *table)
{
    bool first = true;
    sb_strbuf_addf(out, ",\n\"%s\":[", key);
    add_rows(out, table, &first);
    sb_strbuf_addc(out, ']');
    sb_table_free(table);
}

void sb_report_json(struct sb_strbuf *out, const struct sb_report *report)
{
    struct sb_view view;
    struct sb_table table;
    size_t nr;
    sb_view_init(&view, report);
    const char **sentences = sb_headline_sentences(&view, &view.arena, &nr);
    sb_strbuf_adds(out, "{\"schema_version\":1,\n\"command\":\"report\"");
    add_value(out, "version", sb_json_text(report->version));
    add_value(out, "paths", texts(report->paths, report->paths_nr));
    add_value(out, "answer", texts(sentences, nr));
    add_value(out, "settings", settings_object(&view.results->settings));
    add_value(out, "environment", environment(report->ds));
    sb_table_init(&table);
    sb_table_of_runs(&table, report->ds);
    add_table(out, "runs", &table);
    sb_table_init(&table);
    if (view.results->summaries_nr) sb_table_of_summaries(&table, view.results);
    add_table(out, "summary", &table);
    add_comparisons(out, report);
    sb_table_init(&table);
    if (view.results->effects_nr) sb_table_of_effects(&table, view.results);
    add_table(out, "effects", &table);
    sb_table_init(&table);
    sb_table_of_findings(&table, report->ds);
    add_table(out, "audit", &table);
    sb_strbuf_adds(out, "}\n");
    sb_view_free(&view);
}
