/* What a text must and must not have, for tests that include cmocka.h. */
#ifndef SBSTAT_TESTS_REPORT_ASSERTS_H
#define SBSTAT_TESTS_REPORT_ASSERTS_H

#include <string.h>

static inline size_t occurrences(const char *text, const char *word)
{
    size_t nr = 0;
    for (const char *s = strstr(text, word); s; s = strstr(s + 1, word))
        nr++;
    return nr;
}

static inline void assert_has(const char *text, const char *word)
{
    if (!strstr(text, word)) fail_msg("\"%s\" is missing in:\n%.3000s", word, text);
}

static inline void assert_lacks(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    if (at) fail_msg("\"%s\" stands in: %.200s", word, at);
}

static inline void assert_no_controls(const char *text)
{
    for (const char *s = text; *s; s++)
        if (((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f)
            fail_msg("control character %d before %.60s", *s, s);
}

#endif
