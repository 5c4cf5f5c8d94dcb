#include "parsers/parse.h"

#include "core/alloc.h"
#include "parsers/builder.h"
#include "parsers/decode.h"
#include "parsers/lines.h"
#include "parsers/log.h"

void sb_parse_output_release(struct sb_parse_output *out)
{
    free(out->unread);
    free(out->readings);
    free(out->labels);
    *out = (struct sb_parse_output){0};
}

static void take_line(void *context, const char *text, size_t len, uint32_t number)
{
    sb_builder_line(context, text, len, number);
}

size_t sb_log_read(struct sb_dataset *ds, const char *source, const char *text, size_t len,
                   const struct sb_parse_options *options, struct sb_parse_output *out)
{
    struct sb_builder *builder = sb_builder_new(ds, source, options, out);
    sb_lines_each(text, len, take_line, builder);
    return sb_builder_finish(builder, len && text[len - 1] != '\n' && text[len - 1] != '\r');
}

static void add_source(struct sb_dataset *ds, const char *source, const char *path, size_t runs)
{
    SB_ALLOC_GROW(ds->sources, ds->sources_nr + 1, ds->sources_alloc);
    ds->sources[ds->sources_nr++] =
        (struct sb_source){sb_dataset_intern(ds, source), sb_dataset_intern(ds, path), runs};
}

size_t sb_log_parse(struct sb_dataset *ds, const char *source, const char *path, const char *bytes,
                    size_t size, const struct sb_parse_options *options, struct sb_parse_output *out)
{
    struct sb_strbuf store = SB_STRBUF_INIT;
    const char *text;
    size_t len, runs = 0;
    switch (sb_decode(bytes, size, &store, &text, &len)) {
    case SB_TEXT_EMPTY:
        sb_dataset_add_file_finding(ds, "FILE_EMPTY", SB_WARNING, source, 0, "the file is empty");
        break;
    case SB_TEXT_BINARY:
        sb_dataset_add_file_finding(ds, "FILE_BINARY", SB_WARNING, source, 0, "no text: the file is binary");
        break;
    case SB_TEXT_OK:
        runs = sb_log_read(ds, source, text, len, options, out);
        if (!runs) sb_dataset_add_file_finding(ds, "NO_RUN", SB_NOTE, source, 0, "no sysbench run in it");
        break;
    }
    add_source(ds, source, path, runs);
    sb_strbuf_release(&store);
    return runs;
}

void sb_parse_log(struct sb_dataset *ds, const char *source, const char *bytes, size_t len,
                  const struct sb_parse_options *options, struct sb_parse_output *out)
{
    sb_log_parse(ds, source, NULL, bytes, len, options, out);
}
