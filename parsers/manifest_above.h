/*
 * The manifest of a log or folder that was named by itself: collect/ puts logs two folders below their
 * manifest
 * (<folder>/<platform>/<config>/<log>), and somebody may name only one log, or one platform's folder.
 */
#ifndef SB_PARSERS_MANIFEST_ABOVE_H
#define SB_PARSERS_MANIFEST_ABOVE_H

#include "io/manifest.h"

/* Looks in at most three folders above `path` for a manifest.json that lists `path`, or something below it.
 * Then true, *manifest is read (free it), and *listed_as is the path as the manifest gives it (caller frees).
 * A manifest that cannot be read, or lists nothing of the kind, is none of ours. */
bool sb_manifest_above(const char *path, struct sb_manifest *manifest, char **listed_as) SB_MUST_CHECK;

#endif
