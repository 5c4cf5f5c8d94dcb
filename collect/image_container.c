#include "collect/image_build.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>
#include "collect/image_tools.h"
#include "core/alloc.h"
#include "core/text.h"

static const char *engine_of(const struct sb_build *build)
{
    return build->want->engine ? build->want->engine : "docker";
}

#define LABEL "org.sbstat.version"

/* A name that stands for something else already, which nobody has asked us to take it from. */
static bool tag_is_free(struct sb_build *build, struct sb_err *err)
{
    const char *tag = build->want->container;
    const char *argv[] = {engine_of(build),          "image", "inspect", "--format",
                          "{{json .Config.Labels}}", tag,     NULL};
    struct sb_strbuf labels = SB_STRBUF_INIT;
    bool there = !build->want->force && sb_build_ask(build, argv, &labels, NULL);
    bool ours = strstr(labels.buf, "\"" LABEL "\"") != NULL;
    sb_strbuf_release(&labels);
    if (!there || ours) return true;
    return sb_fail(
        err, SB_ERR_OUTPUT,
        "%s has an image \"%s\" that is not from sbstat: choose another name, or --force gives it to "
        "the new one",
        engine_of(build), tag);
}

bool sb_image_container_check(struct sb_build *build, struct sb_err *err)
{
    const char *const tools[] = {engine_of(build), NULL};
    const char *dockerfile = build->want->dockerfile;
    const char *argv[] = {engine_of(build), "info", "--format", "{{.}}", NULL};
    struct sb_strbuf out = SB_STRBUF_INIT;
    if (dockerfile && access(dockerfile, R_OK) != 0)
        return sb_fail(err, SB_ERR_NO_INPUT, "cannot read the Dockerfile %s: %s", dockerfile,
                       strerror(errno));
    if (!sb_tools_need(tools, err)) return false;
    bool ok = sb_build_ask(build, argv, &out, err);
    sb_strbuf_release(&out);
    return ok && tag_is_free(build, err);
}

static const char *label(struct sb_build *build)
{
    const char *version = build->want->version;
    return sb_arena_printf(&build->arena, LABEL "=%s", version ? version : "unknown");
}

static bool import(struct sb_build *build, const char *rootfs, struct sb_err *err)
{
    const char *with_label = sb_arena_printf(&build->arena, "LABEL %s", label(build));
    const char *argv[] = {engine_of(build),
                          "import",
                          "--change",
                          "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                          "--change",
                          "ENV LC_ALL=C",
                          "--change",
                          "WORKDIR /work",
                          "--change",
                          "CMD [\"/bin/sh\"]",
                          "--change",
                          with_label,
                          rootfs,
                          build->want->container,
                          NULL};
    sb_build_say(build, "%s import as %s", engine_of(build), build->want->container);
    return sb_build_run(build, argv, NULL, NULL, 600, err);
}

static bool build_dockerfile(struct sb_build *build, struct sb_err *err)
{
    const char *file = build->want->dockerfile, *slash = strrchr(file, '/');
    const char *folder = slash ? sb_arena_strndup(&build->arena, file, (size_t)(slash - file) + 1) : ".";
    const char *argv[] = {engine_of(build), "build",      "-t", build->want->container,
                          "--label",        label(build), "-f", file,
                          folder,           NULL};
    sb_build_say(build, "%s build of %s as %s", engine_of(build), file, build->want->container);
    return sb_build_run(build, argv, NULL, NULL, 3600, err);
}

bool sb_image_container_make(struct sb_build *build, const char *rootfs, struct sb_err *err)
{
    build->record.container = build->want->container;
    return build->want->dockerfile ? build_dockerfile(build, err) : import(build, rootfs, err);
}
