/*
 * Where an image is built: FOLDER.partial, which takes the place of FOLDER when all is done. Private to
 * image_build.c.
 *
 * The partial folder has a mark, a locked file, so that two builds of one image do not meet, and what a
 * killed one left can be told from what somebody else keeps under that name. An earlier image is exchanged
 * for the new one in one step where the system can, so that there is always one of them.
 */
#ifndef SB_COLLECT_IMAGE_PLACE_H
#define SB_COLLECT_IMAGE_PLACE_H

#include "collect/image_build.h"

struct sb_place {
    const char *folder, *partial; /* absolute */
    bool force;
    int lock; /* of the partial folder; -1: not taken */
};

/* Says no, before anything is done, when something stands at FOLDER that may not be replaced: what is no
 * image, what has other files in it, or any image without `force`. */
bool sb_place_check(const struct sb_place *place, struct sb_arena *arena, struct sb_err *err) SB_MUST_CHECK;

/* Makes the partial folder, empty but for the mark. False with err when another build is at work there, or it
 * is not from a build. */
bool sb_place_take(struct sb_place *place, struct sb_arena *arena, struct sb_err *err) SB_MUST_CHECK;

/* FOLDER.partial becomes FOLDER; an earlier image is removed. */
bool sb_place_swap(struct sb_place *place, struct sb_arena *arena, struct sb_err *err) SB_MUST_CHECK;

/* Removes the partial folder, if it is still there and ours, and gives up the lock. */
bool sb_place_leave(struct sb_place *place, struct sb_arena *arena, struct sb_err *err) SB_MUST_CHECK;

#endif
