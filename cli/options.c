#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include "cli/commands.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/number.h"
#include "report/columns.h"

enum kind { FLAG, TEXT, FRACTION, NUMBER, COUNT, SEED, DRAWS, LIST, FILTER };

struct option_row {
    const char *name;
    char letter; /* 0 none */
    enum kind kind;
    size_t offset; /* of the field in struct sb_options */
    const char *arg;
    const char *help;
};

#define FIELD(f) offsetof(struct sb_options, f)

static const struct option_row table[] = {
    {"output", 'o', TEXT, FIELD(output), "FILE", "write to FILE (- is standard output)"},
    {"format", 'f', TEXT, FIELD(format), "FORMAT", "text, csv, json or markdown"},
    {"where", 'w', FILTER, 0, "LABEL=GLOB", "only runs whose label matches; may be repeated"},
    {"layout", 0, TEXT, FIELD(layout), "TEMPLATE",
     "read labels from paths: '{platform}/{config}_{test}.txt'"},
    {"labels", 0, LIST, FIELD(label_files), "FILE.csv",
     "set labels: key columns, a column named =>, columns to set"},
    {"include-suspect", 0, FLAG, FIELD(include_suspect), NULL,
     "keep runs with error-severity findings in the statistics"},
    {"jobs", 'j', COUNT, FIELD(jobs), "N", "worker processes (default: one per processor)"},
    {"quiet", 'q', FLAG, FIELD(quiet), NULL, "no progress and no notes on standard error"},
    {"by", 0, TEXT, FIELD(factor), "LABEL", "the label whose values are compared (default: platform)"},
    {"baseline", 0, TEXT, FIELD(baseline), "VALUE", "the value that the others are compared with"},
    {"candidate", 0, TEXT, FIELD(candidate), "PATH", "the same: what is to be judged"},
    {"strict", 0, FLAG, FIELD(strict), NULL, "an inconclusive comparison fails too"},
    {"all-pairs", 0, FLAG, FIELD(all_pairs), NULL, "compare every pair of values"},
    {"metric", 'm', LIST, FIELD(metrics), "NAME", "only this metric, or a glob; may be repeated"},
    {"chart", 'c', LIST, FIELD(charts), "NAME", "only this chart, or a glob; may be repeated"},
    {"margin", 0, FRACTION, FIELD(margin), "PERCENT",
     "differences within it count as equivalent (default: 2%)"},
    {"alpha", 0, FRACTION, FIELD(alpha), "P", "significance level of the whole table (default: 0.05)"},
    {"confidence", 0, FRACTION, FIELD(confidence), "LEVEL", "level of the intervals (default: 95%)"},
    {"correction", 0, TEXT, FIELD(correction), "METHOD", "holm, bh or none (default: holm)"},
    {"test", 0, TEXT, FIELD(p_method), "METHOD",
     "welch, permutation, mann-whitney, games-howell or dunnett (default: welch)"},
    {"estimate", 0, TEXT, FIELD(estimate), "WHAT",
     "ratio (of geometric means), difference, fieller (ratio of means) or hodges-lehmann (shift); default: "
     "ratio"},
    {"seed", 0, SEED, FIELD(seed), "N", "of what is drawn at random: permutations, bootstrap (default: 0)"},
    {"permutations", 0, DRAWS, FIELD(permutations), "N",
     "drawn where there are too many to count (default: 99999)"},
    {"null-control", 0, LIST, FIELD(null_controls), "LABEL=GLOB",
     "these comparisons measure the same thing twice; LABEL=GLOB,LABEL=GLOB for several labels at once; may "
     "be repeated"},
    {"aggregate", 0, FLAG, FIELD(aggregate), NULL,
     "print the geometric mean of the ratios over all tests instead"},
    {"all-columns", 0, FLAG, FIELD(all_columns), NULL,
     "every further figure as columns at the end of csv and json"},
    {"center", 0, TEXT, FIELD(center), "WHAT",
     "what is shown with its interval: mean, geomean or median (default: mean)"},
    {"prediction", 0, FLAG, FIELD(prediction), NULL, "also an interval for one further replicate"},
    {"tolerance", 0, FRACTION, FIELD(tolerance), "SHARE",
     "also an interval for this share of all replicates, as 90%"},
    {"bootstrap", 0, DRAWS, FIELD(bootstrap), "N",
     "also a BCa bootstrap interval of the mean (or --center), from N resamples"},
    {"percentiles", 0, TEXT, FIELD(percentiles), "LIST",
     "print percentiles of the cells' merged histograms instead, as 50,95,99"},
    {"steady", 0, FLAG, FIELD(steady), NULL,
     "print each run's mean after its warm-up instead, from its interval lines"},
    {"scaling", 0, TEXT, FIELD(scaling), "LABEL",
     "print speed-ups and scalability laws over threads, vcpus or LABEL instead"},
    {"width", 0, FRACTION, FIELD(width), "PERCENT",
     "wanted half width of the mean's interval (default: the margin)"},
    {"cost-boot", 0, NUMBER, FIELD(cost_boot), "S",
     "what one more boot costs, in seconds or any unit (default: 1)"},
    {"cost-run", 0, NUMBER, FIELD(cost_run), "S",
     "what one more run in a boot costs, in the same unit (default: 1)"},
    {"series", 0, FLAG, FIELD(series), NULL, "print the interval lines instead"},
    {"histogram", 0, FLAG, FIELD(histogram), NULL, "print the latency histograms instead"},
    {"labels-only", 0, FLAG, FIELD(labels_only), NULL,
     "print each run with its labels and where they come from"},
    {"unread", 0, FLAG, FIELD(unread), NULL, "print the lines inside runs that no rule recognised"},
    {"charts", 0, TEXT, FIELD(charts_dir), "DIR", "draw a chart of each series into DIR"},
    {"theme", 0, TEXT, FIELD(theme), "THEME", "light, dark or print (default: light)"},
    {"palette", 0, TEXT, FIELD(palette), "NAME", "okabe-ito, tol or grey (default: okabe-ito)"},
    {"size", 0, TEXT, FIELD(size), "WxH", "in units of 1/96 inch (default: what the chart needs)"},
    {"scale", 0, NUMBER, FIELD(scale), "K", "PNG pixels per unit, 1 to 3 (default: 2)"},
    {"dpi", 0, NUMBER, FIELD(dpi), "N", "resolution of PNG files; 96 is one pixel per unit"},
    {"all", 0, FLAG, FIELD(all), NULL, "also every other metric"},
    {"data", 0, FLAG, FIELD(data), NULL, "write each chart's data beside it as CSV"},
    {"book", 0, FLAG, FIELD(book), NULL, "also all charts in one PDF, book.pdf"},
    {"db", 0, TEXT, FIELD(db), "FILE", "the history (default: sbstat-history.sqlite)"},
    {"id", 0, TEXT, FIELD(id), "ID", "name of the entry: a version, a commit, a date"},
    {"at", 0, TEXT, FIELD(at), "TIME", "time of the entry, as 2026-11-24 or 2026-11-24T09:30Z"},
    {"at-label", 0, TEXT, FIELD(at_label), "LABEL", "the label that holds each entry's time"},
    {"resume", 0, FLAG, FIELD(resume), NULL, "go on with what DIR has; the plan must be the same"},
    {"retry-failed", 0, FLAG, FIELD(retry_failed), NULL, "with --resume: run again what failed"},
    {"allow-busy", 0, FLAG, FIELD(allow_busy), NULL, "run although other programs use the processors"},
    {"scratch", 0, TEXT, FIELD(scratch), "DIR",
     "where guests and containers keep what they write: on the disk to measure (default: TMPDIR or "
     "/var/tmp)"},
    {"show-argv", 0, FLAG, FIELD(show_argv), NULL, "plan: the command that starts each platform"},
    {"host", 0, TEXT, FIELD(host), "SYSTEM", "plan --show-argv: as on another system, as darwin-arm64"},
    {"kind", 0, TEXT, FIELD(kind), "KIND",
     "build: debian, a whole system, or tiny, busybox and this machine's sysbench (default: debian)"},
    {"arch", 0, TEXT, FIELD(arch), "ARCH", "build, adopt: x86_64 or aarch64 (default: this machine's)"},
    {"suite", 0, TEXT, FIELD(suite), "NAME", "build: release of Debian (default: bookworm)"},
    {"mirror", 0, TEXT, FIELD(mirror), "URL", "build: where Debian's packages come from"},
    {"kernel", 0, TEXT, FIELD(kernel), "PATH",
     "build, tiny: a kernel's .deb, or a folder with boot/vmlinuz-* and lib/modules (default: this "
     "machine's)"},
    {"container", 0, TEXT, FIELD(container), "TAG", "build: also a container image of this name"},
    {"engine", 0, TEXT, FIELD(engine), "ENGINE", "build: docker or podman (default: docker)"},
    {"dockerfile", 0, TEXT, FIELD(dockerfile), "FILE", "build: make the container image from this instead"},
    {"user", 0, TEXT, FIELD(user), "NAME", "adopt: who to log in as"},
    {"key", 0, TEXT, FIELD(key), "FILE", "adopt: the private key that lets this user in"},
    {"force", 0, FLAG, FIELD(force), NULL, "replace what is there"},
    {"list", 0, FLAG, FIELD(list), NULL, "list what there is and stop"},
};

static const struct option_row *find_row(const char *name)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (strcmp(table[i].name, name) == 0) return &table[i];
    return NULL;
}

static void list_add(struct sb_text_list *list, const char *text)
{
    SB_ALLOC_GROW(list->v, list->nr + 2, list->alloc);
    list->v[list->nr++] = text;
    list->v[list->nr] = NULL;
}

static bool bad_value(const struct option_row *row, const char *text, const char *want, struct sb_err *err)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    sb_text_visible(&shown, text, strnlen(text, 80), false);
    sb_fail(err, SB_ERR_USAGE, "--%s takes %s, not \"%s\"", row->name, want, shown.buf);
    sb_strbuf_release(&shown);
    return false;
}

/* "2%", "0.02" or "2 %" */
static bool parse_fraction(const char *text, double *value)
{
    size_t len = strlen(text);
    bool percent = len && text[len - 1] == '%';
    if (percent) len--;
    while (len && text[len - 1] == ' ')
        len--;
    if (!sb_number_parse(text, len, value)) return false;
    if (percent) *value /= 100;
    return *value > 0 && *value < 1;
}

static bool take_filter(struct sb_options *o, const struct option_row *row, const char *text,
                        struct sb_err *err)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) return bad_value(row, text, "LABEL=GLOB", err);
    char *label = sb_xstrndup(text, (size_t)(equals - text));
    list_add(&o->owned, label);
    SB_ALLOC_GROW(o->filters, o->filters_nr + 1, o->filters_alloc);
    o->filters[o->filters_nr++] = (struct sb_filter){label, equals + 1};
    return true;
}

#define LARGEST_SEED 9007199254740992.0 /* whole numbers are exact up to here */

static bool take_option(struct sb_options *o, const struct option_row *row, const char *text,
                        struct sb_err *err)
{
    void *field = (char *)o + row->offset;
    double number;
    switch (row->kind) {
    case FLAG: *(bool *)field = true; return true;
    case TEXT: *(const char **)field = text; return true;
    case LIST: list_add(field, text); return true;
    case FILTER: return take_filter(o, row, text, err);
    case FRACTION:
        return parse_fraction(text, field)
                   ? true
                   : bad_value(row, text, "a fraction like 2% or 0.02 (between 0 and 1)", err);
    case NUMBER:
        if (!sb_number_parse(text, strlen(text), &number) || number <= 0)
            return bad_value(row, text, "a positive number", err);
        *(double *)field = number;
        return true;
    case COUNT:
        if (!sb_number_parse(text, strlen(text), &number) || number < 1 || number > 1024 ||
            number != floor(number))
            return bad_value(row, text, "a whole number from 1 to 1024", err);
        *(unsigned *)field = (unsigned)number;
        return true;
    case SEED:
        if (!sb_number_parse(text, strlen(text), &number) || number < 0 || number > LARGEST_SEED ||
            number != floor(number))
            return bad_value(row, text, "a whole number from 0 to 2^53", err);
        *(uint64_t *)field = (uint64_t)number;
        return true;
    case DRAWS:
        if (!sb_number_parse(text, strlen(text), &number) || number < 100 || number > 1e7 ||
            number != floor(number))
            return bad_value(row, text, "a whole number from 100 to 10000000", err);
        *(size_t *)field = (size_t)number;
        return true;
    }
    return false;
}

enum { HELP_CODE = 1000, ROW_CODE = 2000 };

/* getopt_long's two descriptions of the command's options. */
static struct option *long_options(const struct sb_command *command, struct sb_strbuf *letters)
{
    size_t nr = 0;
    while (command->options[nr])
        nr++;
    struct option *list = sb_xcalloc(nr + 2, sizeof *list);
    sb_strbuf_adds(letters, ":h");
    for (size_t i = 0; i < nr; i++) {
        const struct option_row *row = find_row(command->options[i]);
        bool arg = row->kind != FLAG;
        list[i] = (struct option){row->name, arg ? required_argument : no_argument, NULL,
                                  ROW_CODE + (int)(row - table)};
        if (row->letter) sb_strbuf_addf(letters, "%c%s", row->letter, arg ? ":" : "");
    }
    list[nr] = (struct option){"help", no_argument, NULL, HELP_CODE};
    return list;
}

static const struct option_row *row_of_code(int code)
{
    if (code >= ROW_CODE) return &table[code - ROW_CODE];
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (table[i].letter && table[i].letter == code) return &table[i];
    return NULL;
}

static bool usage_error(const struct sb_command *command, int code, char **argv, struct sb_err *err)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    const char *word = argv[optind - 1];
    if (optopt && optopt < HELP_CODE && !sb_has_prefix(word, "--"))
        sb_strbuf_addf(&shown, "-%c", optopt);
    else
        sb_text_visible(&shown, word, strnlen(word, 80), false);
    if (code == ':')
        sb_fail(err, SB_ERR_USAGE, "%s needs a value", shown.buf);
    else
        sb_fail(err, SB_ERR_USAGE, "%s is not an option of '%s', or is ambiguous; see 'sbstat %s --help'",
                shown.buf, command->name, command->name);
    sb_strbuf_release(&shown);
    return false;
}

bool sb_options_parse(struct sb_options *o, const struct sb_command *command, int argc, char **argv,
                      struct sb_err *err)
{
    struct sb_strbuf letters = SB_STRBUF_INIT;
    bool ok = true;
    memset(o, 0, sizeof *o);
    o->margin = o->alpha = o->confidence = o->scale = o->dpi = NAN;
    o->tolerance = o->width = o->cost_boot = o->cost_run = NAN;
    struct option *list = long_options(command, &letters);
    optind = 1;
    opterr = 0;
    for (int code; ok && (code = getopt_long(argc, argv, letters.buf, list, NULL)) != -1;) {
        const struct option_row *row = row_of_code(code);
        if (code == 'h' || code == HELP_CODE)
            o->help = true;
        else if (code == '?' || code == ':' || !row)
            ok = usage_error(command, code, argv, err);
        else
            ok = take_option(o, row, optarg, err);
    }
    for (int i = optind; ok && i < argc; i++)
        list_add(&o->paths, argv[i]);
    free(list);
    sb_strbuf_release(&letters);
    return ok;
}

void sb_options_release(struct sb_options *o)
{
    for (size_t i = 0; i < o->owned.nr; i++)
        free((char *)o->owned.v[i]);
    free(o->owned.v);
    free(o->filters);
    free(o->label_files.v);
    free(o->metrics.v);
    free(o->charts.v);
    free(o->null_controls.v);
    free(o->paths.v);
    memset(o, 0, sizeof *o);
}

bool sb_options_format(const struct sb_options *o, enum sb_format fallback, enum sb_format *format,
                       struct sb_err *err)
{
    static const struct {
        const char *name;
        enum sb_format format;
    } formats[] = {{"text", SB_FORMAT_TEXT},
                   {"csv", SB_FORMAT_CSV},
                   {"json", SB_FORMAT_JSON},
                   {"markdown", SB_FORMAT_MARKDOWN},
                   {"md", SB_FORMAT_MARKDOWN}};
    *format = fallback;
    if (!o->format) return true;
    for (size_t i = 0; i < SB_ARRAY_SIZE(formats); i++)
        if (strcmp(o->format, formats[i].name) == 0) {
            *format = formats[i].format;
            return true;
        }
    return bad_value(find_row("format"), o->format, "text, csv, json or markdown", err);
}

enum { HELP_WIDTH = 79, HELP_COLUMN = 28 };

static void add_option_help(struct sb_strbuf *out, const struct option_row *row, const char *help)
{
    char left[64], blanks[HELP_COLUMN + 1];
    snprintf(blanks, sizeof blanks, "%*s", HELP_COLUMN, "");
    snprintf(left, sizeof left, "  %s%c%s--%s%s%s", row->letter ? "-" : " ", row->letter ? row->letter : ' ',
             row->letter ? ", " : "  ", row->name, row->arg ? " " : "", row->arg ? row->arg : "");
    if (strlen(left) + 1 > HELP_COLUMN) {
        sb_strbuf_addf(out, "%s\n", left);
        sb_columns_wrap(out, help, HELP_WIDTH, blanks, blanks);
        return;
    }
    size_t len = strlen(left);
    memset(left + len, ' ', HELP_COLUMN - len);
    left[HELP_COLUMN] = '\0';
    sb_columns_wrap(out, help, HELP_WIDTH, left, blanks);
}

/* The option's row with what the command says about it. */
static struct option_row row_for(const struct sb_command *command, const char *name)
{
    struct option_row row = *find_row(name);
    if (strcmp(name, "format") == 0 && command->format_help) row.help = command->format_help;
    if (strcmp(name, "output") == 0 && command->output_help) row.help = command->output_help;
    for (const struct sb_option_help *own = command->helps; own && own->name; own++)
        if (strcmp(own->name, name) == 0) {
            row.arg = own->arg;
            row.help = own->help;
        }
    return row;
}

void sb_options_help(const struct sb_command *command)
{
    static const struct option_row help_row = {"help", 'h', FLAG, 0, NULL, ""};
    struct sb_strbuf out = SB_STRBUF_INIT;
    sb_strbuf_addf(&out, "usage: sbstat %s %s\n\n", command->name, command->usage);
    sb_columns_wrap(&out, command->description, HELP_WIDTH, "", "");
    sb_strbuf_adds(&out, "\noptions:\n");
    for (const char *const *name = command->options; *name; name++) {
        struct option_row row = row_for(command, *name);
        add_option_help(&out, &row, row.help);
    }
    add_option_help(&out, &help_row, "show this text");
    fputs(out.buf, stdout);
    sb_strbuf_release(&out);
}
