/* What the tests of images share: a folder, an arena, and the error of the last call. */
#ifndef SBSTAT_TESTS_IMAGE_FIXTURE_H
#define SBSTAT_TESTS_IMAGE_FIXTURE_H

#include "process_fixture.h"

#include "core/arena.h"

static struct sb_arena arena;
static struct sb_err err;

static int setup(void **state)
{
    sb_arena_init(&arena);
    err = (struct sb_err){.code = SB_OK};
    return make_test_folder(state);
}

static int teardown(void **state)
{
    sb_arena_free(&arena);
    return remove_test_folder(state);
}

#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        if (!(call)) fail_msg("%s", err.msg);                                                                \
    } while (0)

#endif
