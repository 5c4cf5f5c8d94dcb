#include "cli/commands.h"

#include <inttypes.h>
#include "cli/emit.h"
#include "cli/interrupt.h"
#include "cli/view_plan.h"
#include "collect/closest.h"
#include "collect/image.h"
#include "collect/plan.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/json.h"

/* ---- what several words do ---- */

/* The one name behind the word. */
static const char *one_path(const struct sb_options *o, const char *word, const char *name,
                            struct sb_err *err)
{
    if (o->paths.nr == 1 && *o->paths.v[0]) return o->paths.v[0];
    if (o->paths.nr > 1)
        sb_fail(err, SB_ERR_USAGE, "image %s takes one %s", word, name);
    else
        sb_fail(err, SB_ERR_USAGE, "image %s needs %s %s", word, *name == 'I' ? "an" : "a", name);
    return NULL;
}

static bool read_size(const char *text, uint64_t *bytes, struct sb_err *err)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    if (sb_parse_bytes(text, bytes) && *bytes) return true;
    sb_text_visible(&shown, text, strnlen(text, 40), false);
    sb_fail(err, SB_ERR_USAGE, "--size takes a size like 10G or 512M (powers of 1024), not \"%s\"",
            shown.buf);
    sb_strbuf_release(&shown);
    return false;
}

/* "10 GiB" when it is a whole number of them, else in MiB. */
static const char *size_words(uint64_t bytes, struct sb_arena *arena)
{
    const uint64_t gib = UINT64_C(1) << 30;
    if (bytes && bytes % gib == 0) return sb_arena_printf(arena, "%" PRIu64 " GiB", bytes / gib);
    return sb_arena_printf(arena, "%.4g MiB", (double)bytes / (1 << 20));
}

/* A value as YAML reads it back inside braces. */
static const char *yaml_value(const char *text, struct sb_arena *arena)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    if (*text && text[strspn(text, plain)] == '\0' && *text != '-') return text;
    struct sb_strbuf quoted = SB_STRBUF_INIT;
    struct json_object *value = sb_json_text(text);
    sb_json_write(&quoted, value, false);
    const char *kept = sb_arena_strndup(arena, quoted.buf, quoted.len);
    json_object_put(value);
    sb_strbuf_release(&quoted);
    return kept;
}

static void print_platform(const char *name, const char *image, struct sb_arena *arena)
{
    printf("  %s: {image: %s}\n", name, yaml_value(image, arena));
}

static void print_plan_head(void)
{
    puts("In a plan ('sbstat collect init' writes one; paths start at its folder):\n\nplatforms:");
}

/* ---- create ---- */

static int run_create(const struct sb_options *o, struct sb_err *err)
{
    struct sb_arena arena;
    uint64_t bytes;
    const char *path = one_path(o, "create", "DISK (the file to make)", err);
    if (!path) return -1;
    if (!o->format || !o->size)
        return sb_fail(err, SB_ERR_USAGE, "image create needs %s",
                       o->size ? "--format raw or --format qcow2" : "--size SIZE, as in --size 10G") -
               1;
    if (!read_size(o->size, &bytes, err)) return -1;
    sb_interrupt_catch(); /* the file is whole or not there */
    bool ok = sb_image_create(path, o->format, bytes, o->force, err);
    sb_interrupt_die();
    if (!ok) return -1;
    sb_arena_init(&arena);
    const char *quoted = sb_quoted(&arena, path);
    printf("%s: an empty %s disk of %s\n", quoted, o->format, size_words(bytes, &arena));
    printf("Install a system on it, with sshd, sysbench and sudo; then:\n"
           "    sbstat image adopt %s --user NAME --key FILE\n",
           quoted);
    sb_arena_free(&arena);
    return 0;
}

/* ---- build ---- */

static void say_step(void *data, const char *line)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    (void)data;
    sb_text_visible(&shown, line, strlen(line), false);
    fprintf(stderr, "%s\n", shown.buf);
    sb_strbuf_release(&shown);
}

/* What was made, and what is done with it. */
static void print_built(const struct sb_image_build *build)
{
    struct sb_arena arena;
    sb_arena_init(&arena);
    const char *engine = build->engine ? build->engine : "docker";
    if (build->folder) {
        const char *quoted = sb_quoted(&arena, build->folder);
        printf("%s: made; 'sbstat image show %s' says what it is\n", quoted, quoted);
    }
    if (build->container) printf("%s: made, for %s\n", build->container, engine);
    print_plan_head();
    if (build->folder) {
        print_platform("raw", build->folder, &arena);
        print_platform("qcow2", build->folder, &arena);
    }
    if (build->container) print_platform(engine, build->container, &arena);
    puts("\nThen: sbstat collect plan plan.yaml");
    sb_arena_free(&arena);
}

static bool check_build(const struct sb_options *o, struct sb_err *err)
{
    if (o->paths.nr)
        return sb_fail(err, SB_ERR_USAGE, "image build takes no name; -o FOLDER names the folder to make");
    if (o->output && (!*o->output || sb_streq(o->output, "-")))
        return sb_fail(err, SB_ERR_USAGE, "-o takes the folder to make");
    if (!o->output && !(o->container && o->dockerfile))
        return sb_fail(err, SB_ERR_USAGE,
                       "image build needs -o FOLDER, the folder to make (or --container TAG with "
                       "--dockerfile FILE)");
    if (!o->container && (o->engine || o->dockerfile))
        return sb_fail(err, SB_ERR_USAGE, "%s goes with --container TAG",
                       o->engine ? "--engine" : "--dockerfile");
    const char *guest[] = {o->kind, o->arch, o->size, o->suite, o->mirror, o->kernel};
    const char *names[] = {"--kind", "--arch", "--size", "--suite", "--mirror", "--kernel"};
    for (size_t i = 0; !o->output && i < SB_ARRAY_SIZE(guest); i++)
        if (guest[i]) return sb_fail(err, SB_ERR_USAGE, "%s goes with -o FOLDER", names[i]);
    return true;
}

static int run_build(const struct sb_options *o, struct sb_err *err)
{
    struct sb_image_build build = {.folder = o->output,
                                   .kind = o->kind,
                                   .arch = o->arch,
                                   .mirror = o->mirror,
                                   .suite = o->suite,
                                   .kernel = o->kernel,
                                   .container = o->container,
                                   .engine = o->engine,
                                   .dockerfile = o->dockerfile,
                                   .version = SBSTAT_VERSION,
                                   .force = o->force,
                                   .say = o->quiet ? NULL : say_step};
    if (!check_build(o, err) || (o->size && !read_size(o->size, &build.disk_bytes, err))) return -1;
    build.stop = sb_interrupt_catch();
    bool ok = sb_image_build(&build, err);
    if (!ok) sb_interrupt_die();
    if (!ok) return -1;
    print_built(&build);
    return 0;
}

/* ---- adopt ---- */

static void print_adopted(const char *path, const struct sb_image *image, struct sb_arena *arena)
{
    const char *quoted = sb_quoted(arena, path);
    printf("%s.json: written; %s is a %s disk of %s, %s logs in\n", quoted, quoted, image->format,
           size_words(image->disk_bytes, arena), image->user);
    print_plan_head();
    print_platform(image->format, path, arena);
    puts("\nsshd, sysbench and sudo without a password must be in it (docs/collect.md), and tests write to "
         "it:\nkeep a copy, or add \"disk: copy\". Then: sbstat collect plan plan.yaml");
}

static int run_adopt(const struct sb_options *o, struct sb_err *err)
{
    struct sb_arena arena;
    struct sb_image image;
    const char *path = one_path(o, "adopt", "DISK (a raw or qcow2 file)", err);
    if (!path) return -1;
    if (!o->user || !o->key)
        return sb_fail(err, SB_ERR_USAGE, "image adopt needs %s",
                       o->user ? "--key FILE, the private key that lets this user in"
                               : "--user NAME, who can log in with the key") -
               1;
    const struct sb_image_adopt adopt = {
        .disk = path, .user = o->user, .key = o->key, .arch = o->arch, .force = o->force};
    if (!sb_image_adopt(&adopt, err)) return -1;
    sb_arena_init(&arena);
    bool ok = sb_image_load(&image, path, NULL, &arena, err);
    if (ok) print_adopted(path, &image, &arena);
    sb_arena_free(&arena);
    return ok ? 0 : -1;
}

/* ---- show ---- */

static int run_show(const struct sb_options *o, struct sb_err *err)
{
    enum sb_format format;
    struct sb_strbuf text = SB_STRBUF_INIT;
    const char *path = one_path(o, "show", "IMAGE (a folder or a disk)", err);
    if (!path || !sb_options_format(o, SB_FORMAT_TEXT, &format, err)) return -1;
    if (format != SB_FORMAT_TEXT && format != SB_FORMAT_JSON)
        return sb_fail(err, SB_ERR_USAGE, "image show --format takes text or json, not \"%s\"", o->format) -
               1;
    bool ok = sb_image_describe(path, format == SB_FORMAT_JSON, &text, err);
    if (ok) fwrite(text.buf, 1, text.len, stdout);
    sb_strbuf_release(&text);
    return ok ? 0 : -1;
}

/* ---- the command ---- */

enum { CREATE = 1, BUILD = 2, ADOPT = 4, SHOW = 8 };

static const struct {
    const char *name;
    unsigned bit;
    int (*run)(const struct sb_options *o, struct sb_err *err);
} actions[] = {
    {"create", CREATE, run_create},
    {"build", BUILD, run_build},
    {"adopt", ADOPT, run_adopt},
    {"show", SHOW, run_show},
};

#define FIELD(f) offsetof(struct sb_options, f)

/* Which words take an option with a text. */
static const struct {
    const char *name;
    size_t offset;
    unsigned words;
} texts[] = {
    {"-o", FIELD(output), BUILD},
    {"--format", FIELD(format), CREATE | SHOW},
    {"--size", FIELD(size), CREATE | BUILD},
    {"--kind", FIELD(kind), BUILD},
    {"--arch", FIELD(arch), BUILD | ADOPT},
    {"--suite", FIELD(suite), BUILD},
    {"--mirror", FIELD(mirror), BUILD},
    {"--kernel", FIELD(kernel), BUILD},
    {"--container", FIELD(container), BUILD},
    {"--engine", FIELD(engine), BUILD},
    {"--dockerfile", FIELD(dockerfile), BUILD},
    {"--user", FIELD(user), ADOPT},
    {"--key", FIELD(key), ADOPT},
};

static bool check_options(const struct sb_options *o, unsigned word, const char *name, struct sb_err *err)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(texts); i++) {
        const char *text = *(const char *const *)(const void *)((const char *)o + texts[i].offset);
        if (text && !(texts[i].words & word))
            return sb_fail(err, SB_ERR_USAGE, "%s does not go with image %s", texts[i].name, name);
        if (text && !*text) return sb_fail(err, SB_ERR_USAGE, "%s must not be empty", texts[i].name);
    }
    if (o->force && word == SHOW)
        return sb_fail(err, SB_ERR_USAGE, "--force does not go with image %s", name);
    return true;
}

static bool fail_word(const char *word, struct sb_err *err)
{
    const char *names[SB_ARRAY_SIZE(actions)];
    struct sb_strbuf shown = SB_STRBUF_INIT;
    for (size_t i = 0; i < SB_ARRAY_SIZE(actions); i++)
        names[i] = actions[i].name;
    const char *closest = sb_closest(word, names, SB_ARRAY_SIZE(names));
    sb_text_visible(&shown, word, strnlen(word, 40), false);
    sb_fail(err, SB_ERR_USAGE, "image takes create, build, adopt or show, not \"%s\"%s%s%s", shown.buf,
            closest ? "; did you mean \"" : "", closest ? closest : "", closest ? "\"?" : "");
    sb_strbuf_release(&shown);
    return false;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    struct sb_options o = *in->options;
    const char *word = o.paths.nr ? o.paths.v[0] : "";
    if (!*word) return sb_fail(err, SB_ERR_USAGE, "say what: image create, build, adopt or show") - 1;
    for (size_t i = 0; i < SB_ARRAY_SIZE(actions); i++) {
        if (strcmp(actions[i].name, word) != 0) continue;
        if (!check_options(&o, actions[i].bit, word, err)) return -1;
        o.paths.v++;
        o.paths.nr--;
        return actions[i].run(&o, err);
    }
    return fail_word(word, err) - 1;
}

static const char *const options[] = {"output", "kind",      "arch",   "size",       "suite", "mirror",
                                      "kernel", "container", "engine", "dockerfile", "user",  "key",
                                      "format", "force",     "quiet",  NULL};

static const struct sb_option_help helps[] = {
    {"output", "FOLDER", "build: the folder to make"},
    {"size", "SIZE", "create, build: size of the disk, as 10G or 512M (build: 4G)"},
    {"format", "FORMAT", "create: raw or qcow2; show: text or json"},
    {"quiet", NULL, "build: no line for each step on standard error"},
    {NULL, NULL, NULL},
};

const struct sb_command sb_cmd_image = {
    .name = "image",
    .summary = "makes and describes what guests and containers start from",
    .usage = "build -o FOLDER | create DISK | adopt DISK | show IMAGE",
    .description =
        "build makes a folder with a guest system, with sysbench in it, on a raw and on a qcow2 disk of the "
        "same content, and with --container the same system as a container image. create makes an empty disk "
        "to install a system of your own on, and adopt writes beside such a disk who may log in. show says "
        "what an image is. All of them are what \"image:\" names in a plan; docs/collect.md has the rest.",
    .options = options,
    .helps = helps,
    .run = run,
};
