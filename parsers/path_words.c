#include "parsers/path_words.h"

#include <stdint.h>
#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"

enum { WORDS_MAX = 64 };

struct word {
    const char *s;
    size_t len;
    bool taken, noise;
};

/* One component under examination. */
struct scan {
    struct sb_path_words *out;
    struct sb_arena *arena;
    struct word words[WORDS_MAX];
    size_t nr;
    size_t from_end, from_start; /* component number from the end and from the start */
    bool any_taken;
};

const char *sb_word_label_name(enum sb_word_label label)
{
    static const char *const names[] = {"platform", "config", "test",      "repetition",
                                        "boot",     "vcpus",  "memory_mib"};
    return names[label];
}

/* ---- words ---- */

static bool word_char(const char *s, size_t i, size_t len)
{
    if (sb_is_alnum(s[i]) || (unsigned char)s[i] >= 0x80) return true;
    return s[i] == '.' && i && i + 1 < len && sb_is_digit(s[i - 1]) && sb_is_digit(s[i + 1]);
}

static void split_words(struct scan *scan, const char *s, size_t len)
{
    scan->nr = 0;
    for (size_t i = 0; i < len && scan->nr < WORDS_MAX;) {
        size_t from = i;
        while (i < len && word_char(s, i, len))
            i++;
        if (i > from) scan->words[scan->nr++] = (struct word){.s = s + from, .len = i - from};
        i += i == from;
    }
}

static bool is_word(const struct word *w, const char *text)
{
    if (w->len != strlen(text)) return false;
    for (size_t i = 0; i < w->len; i++)
        if (sb_ascii_lower(w->s[i]) != text[i]) return false;
    return true;
}

static bool is_one_of(const struct word *w, const char *const *list)
{
    for (; *list; list++)
        if (is_word(w, *list)) return true;
    return false;
}

static bool is_number(const struct word *w)
{
    for (size_t i = 0; i < w->len; i++)
        if (!sb_is_digit(w->s[i])) return false;
    return w->len > 0;
}

/* "config12" -> prefix "config", number "12": a word of the list followed by digits only. */
static const char *number_after(const struct word *w, const char *const *list)
{
    for (; *list; list++) {
        size_t n = strlen(*list), i = n;
        struct word head = {.s = w->s, .len = n};
        if (w->len <= n || !is_word(&head, *list)) continue;
        while (i < w->len && sb_is_digit(w->s[i]))
            i++;
        if (i == w->len) return w->s + n;
    }
    return NULL;
}

/* "2cpu" -> the digits' length, when what follows is in the list. */
static size_t number_before(const struct word *w, const char *const *list)
{
    size_t i = 0;
    while (i < w->len && sb_is_digit(w->s[i]))
        i++;
    struct word tail = {.s = w->s + i, .len = w->len - i};
    return i && is_one_of(&tail, list) ? i : 0;
}

static char *span(struct scan *scan, size_t from, size_t nr)
{
    const struct word *first = &scan->words[from], *last = &scan->words[from + nr - 1];
    return sb_arena_strndup(scan->arena, first->s, (size_t)(last->s + last->len - first->s));
}

static void claim(struct scan *scan, enum sb_word_label label, const char *value, size_t from, size_t nr,
                  int rank)
{
    struct sb_word_claim *c = &scan->out->claims[label];
    for (size_t i = from; i < from + nr; i++)
        scan->words[i].taken = true;
    scan->any_taken = true;
    if (label == SB_WORD_TEST && scan->out->tests_nr < SB_PATH_TESTS_MAX)
        scan->out->tests[scan->out->tests_nr++] = (struct sb_path_test){value, value};
    if (c->value && c->rank > rank) return; /* deeper components come later: an equal rank wins */
    *c = (struct sb_word_claim){value, span(scan, from, nr), rank};
}

static void claim_param(struct scan *scan, const char *name, const char *text, size_t from, size_t nr)
{
    struct sb_path_words *out = scan->out;
    struct sb_path_param *more = sb_arena_alloc(scan->arena, (out->params_nr + 1) * sizeof *more);
    if (out->params_nr) memcpy(more, out->params, out->params_nr * sizeof *more);
    for (size_t i = from; i < from + nr; i++)
        scan->words[i].taken = true;
    scan->any_taken = true;
    more[out->params_nr++] = (struct sb_path_param){name, text, span(scan, from, nr)};
    out->params = more;
}

/* ---- recognisers: the number of words they take at i, or 0 ---- */

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* `--cpu-max-prime=1000` and `threads=4` inside a name. */
static size_t take_option(struct scan *scan, size_t i)
{
    struct word *w = &scan->words[i];
    const char *end = scan->words[scan->nr - 1].s + scan->words[scan->nr - 1].len, *equals = w->s;
    if (w->s[0] < 'a' || w->s[0] > 'z' || w->s < scan->words[0].s + 2 || w->s[-1] != '-' || w->s[-2] != '-')
        return 0;
    while (equals < end && (sb_is_alnum(*equals) || *equals == '-'))
        equals++;
    if (equals == end || *equals != '=') return 0;
    const char *stop = equals + 1;
    while (stop < end && *stop != '_' && *stop != ' ' && *stop != ',')
        stop++;
    if (stop == equals + 1) return 0;
    size_t nr = 1;
    while (i + nr < scan->nr && scan->words[i + nr].s < stop)
        nr++;
    claim_param(scan, sb_arena_strndup(scan->arena, w->s, (size_t)(equals - w->s)),
                sb_arena_strndup(scan->arena, equals + 1, (size_t)(stop - equals - 1)), i, nr);
    return nr;
}

/* Digits and an optional unit as MiB; without a unit up to 64 are GiB, up to 262144 MiB, more KiB. 0: no
 * memory size. */
static double memory_mib(const char *s, size_t len)
{
    double n = 0;
    size_t i = 0;
    for (; i < len && sb_is_digit(s[i]); i++)
        n = n * 10 + (s[i] - '0');
    struct word unit = {.s = s + i, .len = len - i};
    if (!i || n == 0 || n > 1e15) return 0;
    if (is_one_of(&unit, LIST("g", "gb", "gib", "gig"))) return n * 1024;
    if (is_one_of(&unit, LIST("m", "mb", "mib"))) return n;
    if (is_one_of(&unit, LIST("k", "kb", "kib"))) return n / 1024;
    if (unit.len) return 0;
    return n <= 64 ? n * 1024 : n <= 262144 ? n : n / 1024;
}

static void claim_machine(struct scan *scan, size_t from, size_t nr, const char *cpus, size_t cpus_len,
                          double mib)
{
    claim(scan, SB_WORD_CONFIG, span(scan, from, nr), from, nr, 1);
    if (cpus_len) claim(scan, SB_WORD_VCPUS, sb_arena_strndup(scan->arena, cpus, cpus_len), from, nr, 1);
    if (mib > 0) claim(scan, SB_WORD_MEMORY, sb_arena_printf(scan->arena, "%.0f", mib), from, nr, 1);
}

/* cpu2ram3, c1g1, 2c4g: processors and memory in one word. */
static size_t take_machine_word(struct scan *scan, size_t i)
{
    const struct word *w = &scan->words[i];
    static const char *const cpu[] = {"vcpu", "cpus", "cpu", "cores", "core", "c", NULL};
    static const char *const memory[] = {"ram", "memory", "mem", "g", "m", NULL};
    for (const char *const *c = cpu; *c; c++) {
        size_t n = strlen(*c), digits = n;
        struct word head = {.s = w->s, .len = n};
        if (w->len <= n || !is_word(&head, *c)) continue;
        while (digits < w->len && sb_is_digit(w->s[digits]))
            digits++;
        for (const char *const *m = memory; digits > n && *m; m++) {
            size_t len = strlen(*m), at = digits + len;
            struct word middle = {.s = w->s + digits, .len = len};
            if (at >= w->len || !is_word(&middle, *m)) continue;
            double factor = strcmp(*m, "g") == 0 ? 1024 : 1; /* c1g512 is nobody's habit: g counts GiB */
            double mib = memory_mib(w->s + at, w->len - at);
            if (factor > 1 && w->len - at <= 3) mib = (double)strtoul(w->s + at, NULL, 10) * 1024;
            if (mib <= 0) continue;
            claim_machine(scan, i, 1, w->s + n, digits - n, mib);
            return 1;
        }
    }
    return 0;
}

/* CPU2_RAM4G, 2vcpu-4gb: two words. */
static size_t take_machine_pair(struct scan *scan, size_t i)
{
    static const char *const cpu[] = {"vcpu", "vcpus", "cpu", "cpus", "core", "cores", NULL};
    static const char *const memory[] = {"ram", "memory", "mem", NULL};
    if (i + 1 >= scan->nr) return 0;
    const struct word *a = &scan->words[i], *b = &scan->words[i + 1];
    const char *cpus = number_after(a, cpu);
    size_t len = cpus ? (size_t)(a->s + a->len - cpus) : number_before(a, cpu);
    if (!len) return 0;
    if (!cpus) cpus = a->s;
    double mib = 0;
    for (const char *const *m = memory; *m && mib <= 0; m++) {
        size_t n = strlen(*m);
        struct word head = {.s = b->s, .len = n};
        if (b->len > n && is_word(&head, *m)) mib = memory_mib(b->s + n, b->len - n);
    }
    if (mib <= 0 && b->len && !sb_is_digit(b->s[b->len - 1])) mib = memory_mib(b->s, b->len);
    if (mib <= 0) return 0;
    claim_machine(scan, i, 2, cpus, len, mib);
    return 2;
}

/* 2core, vcpu4. Not cpu4: that may be the CPU test's fourth file. */
static size_t take_cores(struct scan *scan, size_t i)
{
    const struct word *w = &scan->words[i];
    const char *cpus = number_after(w, LIST("vcpu", "vcpus", "core", "cores"));
    size_t len = cpus ? (size_t)(w->s + w->len - cpus)
                      : number_before(w, LIST("vcpu", "vcpus", "core", "cores", "cpu", "cpus"));
    if (!len) return 0;
    claim_machine(scan, i, 1, cpus ? cpus : w->s, len, 0);
    return 1;
}

static size_t take_config(struct scan *scan, size_t i)
{
    static const char *const words[] = {"config",   "configuration", "conf",  "cfg",
                                        "scenario", "senario",       "setup", NULL};
    const struct word *w = &scan->words[i];
    size_t nr = number_after(w, words) ? 1 : 0;
    if (!nr && is_one_of(w, words) && i + 1 < scan->nr && is_number(&scan->words[i + 1])) nr = 2;
    if (nr) claim(scan, SB_WORD_CONFIG, span(scan, i, nr), i, nr, 2);
    return nr;
}

int sb_platform_word_rank(const char *platform)
{
    static const struct {
        const char *name;
        int rank;
    } ranks[] = {{"qemu", 1}, {"vm", 1},     {"container", 1}, {"ssh", 1},        {"kvm", 2},
                 {"host", 2}, {"gvisor", 4}, {"kata", 4},      {"firecracker", 4}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(ranks); i++)
        if (strcmp(platform, ranks[i].name) == 0) return ranks[i].rank;
    return 3;
}

static size_t take_platform(struct scan *scan, size_t i)
{
    for (size_t nr = i + 1 < scan->nr ? 2 : 1; nr; nr--) {
        char *text = span(scan, i, nr);
        const struct sb_platform *row = sb_platform_find(text);
        if (!row) continue;
        claim(scan, SB_WORD_PLATFORM, row->name, i, nr, sb_platform_word_rank(row->name));
        return nr;
    }
    return 0;
}

static size_t take_repetition(struct scan *scan, size_t i)
{
    static const char *const words[] = {"run",       "rep",   "repeat", "repetition", "iter",
                                        "iteration", "trial", "try",    "attempt",    "round",
                                        "pass",      "no",    NULL};
    const struct word *w = &scan->words[i], *next = i + 1 < scan->nr ? &scan->words[i + 1] : NULL;
    const char *boot = number_after(w, LIST("b", "boot")), *number = number_after(w, words);
    bool last_component = scan->from_end == 0;
    if (boot && next && number_after(next, LIST("r"))) {
        claim(scan, SB_WORD_BOOT, sb_arena_strndup(scan->arena, boot, (size_t)(w->s + w->len - boot)), i, 1,
              1);
        return 1;
    }
    if (!number && last_component && i + 1 == scan->nr) number = number_after(w, LIST("r"));
    if (number) {
        claim(scan, SB_WORD_REPETITION,
              sb_arena_strndup(scan->arena, number, (size_t)(w->s + w->len - number)), i, 1, 1);
        return 1;
    }
    if (next && is_one_of(w, words) && is_number(next)) {
        claim(scan, SB_WORD_REPETITION, sb_arena_strndup(scan->arena, next->s, next->len), i, 2, 1);
        return 2;
    }
    return 0;
}

static const struct {
    const char *word, *text;
} fileio_modes[] = {{"seqrd", "sequential read"},      {"seqwr", "sequential write (creation)"},
                    {"seqrewr", "sequential rewrite"}, {"rndrd", "random read"},
                    {"rndwr", "random write"},         {"rndrw", "random r/w"}};

const char *sb_fileio_mode_text(const char *word)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(fileio_modes); i++)
        if (sb_ascii_caseeq(word, fileio_modes[i].word)) return fileio_modes[i].text;
    return NULL;
}

/* rndrd, and rndrd1G0: the mode, the rest stays a piece. */
static size_t take_fileio_mode(struct scan *scan, size_t i)
{
    struct word *w = &scan->words[i];
    for (size_t k = 0; k < SB_ARRAY_SIZE(fileio_modes); k++) {
        size_t n = strlen(fileio_modes[k].word);
        struct word head = {.s = w->s, .len = n}, whole = *w;
        if (w->len < n || !is_word(&head, fileio_modes[k].word) || (w->len > n && !sb_is_digit(w->s[n])))
            continue;
        w->len = n;
        claim_param(scan, "file-test-mode", fileio_modes[k].word, i, 1);
        if (!scan->out->claims[SB_WORD_TEST].value) claim(scan, SB_WORD_TEST, "fileio", i, 1, 0);
        if (whole.len == n) return 1;
        *w = (struct word){.s = whole.s + n, .len = whole.len - n}; /* looked at again as a word of its own */
        return SIZE_MAX;
    }
    return 0;
}

static size_t take_threads(struct scan *scan, size_t i)
{
    const struct word *w = &scan->words[i];
    const char *number = number_after(w, LIST("thr", "th", "thread", "threads", "thds"));
    size_t len = number ? (size_t)(w->s + w->len - number)
                        : number_before(w, LIST("thr", "th", "thread", "threads", "t"));
    if (!len) return 0;
    claim_param(scan, "threads", sb_arena_strndup(scan->arena, number ? number : w->s, len), i, 1);
    return 1;
}

static const struct test_word {
    const char *word, *test;
    int rank;
} test_words[] = {
    {"cpu", "cpu", 2},         {"memory", "memory", 2},  {"mem", "memory", 2},  {"ram", "memory", 1},
    {"fileio", "fileio", 2},   {"io", "fileio", 1},      {"file", "fileio", 1}, {"disk", "fileio", 1},
    {"threads", "threads", 2}, {"thread", "threads", 2}, {"mutex", "mutex", 2}, {"tpcc", "tpcc", 2},
};

/* oltp_read_only, select_random_points, bulk_insert: names of sysbench's Lua scripts, with any separator. */
static size_t take_script(struct scan *scan, size_t i)
{
    static const char *const heads[] = {"oltp", "select", "bulk", NULL};
    static const char *const tails[] = {"read",   "only",   "write",  "insert", "update", "index",
                                        "non",    "delete", "point",  "select", "random", "points",
                                        "ranges", "common", "inlist", "rw",     "ro",     NULL};
    if (!is_one_of(&scan->words[i], heads)) return 0;
    size_t nr = 1;
    while (i + nr < scan->nr && is_one_of(&scan->words[i + nr], tails))
        nr++;
    if (nr == 1 && !is_word(&scan->words[i], "oltp")) return 0;
    char *text = span(scan, i, nr);
    for (char *p = text; *p; p++)
        *p = sb_is_alnum(*p) ? sb_ascii_lower(*p) : '_';
    claim(scan, SB_WORD_TEST, text, i, nr, nr > 1 ? 3 : 2);
    return nr;
}

/* "test1" behind a test's word belongs to its name: cpu_test1 and cpu_test2 are two tests, not repetitions of
 * one. */
static size_t take_numbered_test(struct scan *scan, size_t i, const char *test)
{
    if (i + 1 >= scan->nr || !number_after(&scan->words[i + 1], LIST("test"))) return 1;
    char *number = span(scan, i + 1, 1);
    for (char *p = number; *p; p++)
        *p = sb_ascii_lower(*p);
    scan->words[i + 1].taken = true;
    for (size_t k = 0; k < scan->out->tests_nr; k++)
        if (scan->out->tests[k].kind == test)
            scan->out->tests[k].name = sb_arena_printf(scan->arena, "%s_%s", test, number);
    return 2;
}

/* cpu, and cpu1: the test, the number stays a piece; cpu_test1 is a name. */
static size_t take_test(struct scan *scan, size_t i)
{
    struct word *w = &scan->words[i];
    for (size_t k = 0; k < SB_ARRAY_SIZE(test_words); k++) {
        const struct test_word *t = &test_words[k];
        const char *number = number_after(w, LIST(t->word));
        struct word whole = *w;
        if (!number && !is_word(w, t->word)) continue;
        w->len = strlen(t->word);
        claim(scan, SB_WORD_TEST, t->test, i, 1, t->rank);
        if (!number) return take_numbered_test(scan, i, t->test);
        *w = (struct word){.s = number, .len = (size_t)(whole.s + whole.len - number)};
        return SIZE_MAX;
    }
    return 0;
}

static size_t take_noise(struct scan *scan, size_t i)
{
    static const char *const noise[] = {
        "result",   "results", "output",    "outputs",    "out",  "log", "logs", "res", "test", "tests",
        "sysbench", "bench",   "benchmark", "benchmarks", "data", "txt", "the",  "of",  "and",  NULL};
    if (!is_one_of(&scan->words[i], noise)) return 0;
    scan->words[i].noise = true;
    return 1;
}

typedef size_t recogniser(struct scan *scan, size_t i);
static recogniser *const recognisers[] = {
    take_option,     take_machine_word, take_machine_pair, take_cores,  take_config, take_platform,
    take_repetition, take_fileio_mode,  take_threads,      take_script, take_test,   take_noise};

/* ---- components ---- */

static void add_piece(struct scan *scan, const char *text, size_t index)
{
    struct sb_path_words *out = scan->out;
    struct sb_path_piece *more = sb_arena_alloc(scan->arena, (out->pieces_nr + 1) * sizeof *more);
    if (out->pieces_nr) memcpy(more, out->pieces, out->pieces_nr * sizeof *more);
    more[out->pieces_nr++] = (struct sb_path_piece){text, scan->from_end, index, scan->from_start};
    out->pieces = more;
}

static bool is_free(const struct scan *scan, size_t i, bool only_noise)
{
    return i < scan->nr && !scan->words[i].taken && (only_noise || !scan->words[i].noise);
}

/* 2026-11-02T10:00:00Z and the like: a year, then words that begin with two digits. */
static bool starts_time_stamp(const struct scan *scan, size_t i)
{
    const struct word *year = &scan->words[i], *month = &scan->words[i + 1];
    if (i + 2 >= scan->nr || !is_number(year) || year->len != 4 || (year->s[0] != '1' && year->s[0] != '2'))
        return false;
    return is_number(month) && month->len == 2 && sb_is_digit(scan->words[i + 2].s[0]);
}

/* Where the piece that starts at word i ends: a number by itself is a piece, a time stamp is one, other words
 * go together. */
static size_t piece_end(const struct scan *scan, size_t i, bool only_noise)
{
    size_t to = i + 1;
    if (starts_time_stamp(scan, i)) {
        while (is_free(scan, to, only_noise) && sb_is_digit(scan->words[to].s[0]))
            to++;
        return to;
    }
    if (is_number(&scan->words[i])) return to;
    while (is_free(scan, to, only_noise) && !is_number(&scan->words[to]))
        to++;
    return to;
}

/* Runs of words that nobody took. Words of no meaning count only where nothing else stands. */
static void keep_pieces(struct scan *scan, const char *component, size_t len)
{
    size_t index = 0;
    bool only_noise = !scan->any_taken, names_something = false;
    for (size_t i = 0; i < scan->nr; i++) {
        only_noise = only_noise && scan->words[i].noise;
        names_something = names_something || (!scan->words[i].noise && !is_number(&scan->words[i]));
    }
    if (!scan->any_taken && names_something &&
        !starts_time_stamp(scan, 0)) { /* a name of its own: "m5.xlarge", "node #2" */
        add_piece(scan, sb_arena_strndup(scan->arena, component, len), 0);
        return;
    }
    for (size_t i = 0; i < scan->nr;) {
        if (!is_free(scan, i, only_noise)) {
            i++;
            continue;
        }
        size_t to = piece_end(scan, i, only_noise);
        add_piece(scan, span(scan, i, to - i), index++);
        i = to;
    }
}

static void read_component(struct scan *scan, const char *s, size_t len)
{
    split_words(scan, s, len);
    scan->any_taken = false;
    for (size_t i = 0; i < scan->nr;) {
        size_t taken = 0;
        for (size_t r = 0; r < SB_ARRAY_SIZE(recognisers) && !taken; r++)
            taken = recognisers[r](scan, i);
        if (taken == SIZE_MAX) { /* the rest of a split word: its number is a piece */
            scan->words[i].taken = false;
            taken = 1;
        }
        i += taken ? taken : 1;
    }
    keep_pieces(scan, s, len);
}

/* The name's length without endings that only say what kind of file it is. */
static size_t without_endings(const char *s, size_t len)
{
    static const char *const endings[] = {".txt", ".log", ".out", ".res",  ".md",  ".gz",  ".xz",  ".bz2",
                                          ".zst", ".tar", ".zip", ".json", ".csv", ".dat", ".tgz", NULL};
    for (bool cut = true; cut;) {
        cut = false;
        for (const char *const *e = endings; *e; e++) {
            size_t n = strlen(*e);
            struct word tail = {.s = s + len - n, .len = n};
            if (len > n && is_word(&tail, *e)) {
                len -= n;
                cut = true;
            }
        }
    }
    return len;
}

/* <config>/<test>_b<boot>_r<repetition>.log, as `sbstat collect` names them: the folder is the configuration,
 * whatever its name. */
static void take_folder_as_config(struct scan *scan, const char *folder, size_t len)
{
    struct sb_path_words *out = scan->out;
    if (!out->claims[SB_WORD_BOOT].value || out->claims[SB_WORD_CONFIG].value || !len) return;
    size_t kept = 0, taken = 0;
    for (size_t i = 0; i < out->pieces_nr; i++) {
        taken += out->pieces[i].component == 1;
        if (out->pieces[i].component != 1) out->pieces[kept++] = out->pieces[i];
    }
    if (!taken) return; /* the folder's words mean something else */
    out->pieces_nr = kept;
    char *name = sb_arena_strndup(scan->arena, folder, len);
    out->claims[SB_WORD_CONFIG] = (struct sb_word_claim){name, name, 1};
}

void sb_path_words_read(struct sb_path_words *words, struct sb_arena *arena, const char *source,
                        size_t skip_last)
{
    struct scan scan = {.out = words, .arena = arena};
    size_t components = 1;
    memset(words, 0, sizeof *words);
    for (const char *p = source; *p; p++)
        components += *p == '/' || *p == '!';
    const char *folder = source;
    size_t folder_len = 0;
    for (const char *p = source; components; components--) {
        size_t len = strcspn(p, "/!");
        scan.from_end = components - 1;
        if (scan.from_end == 1) folder = p, folder_len = len;
        if (scan.from_end >= skip_last)
            read_component(&scan, p, components == 1 ? without_endings(p, len) : len);
        p += len + 1;
        scan.from_start++;
    }
    if (!skip_last) take_folder_as_config(&scan, folder, folder_len);
}
