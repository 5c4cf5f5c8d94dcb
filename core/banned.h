/* Included before every file: calls that have no safe use here do not compile. */
#ifndef SB_CORE_BANNED_H
#define SB_CORE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SB_BANNED(func) sorry_##func##_is_a_banned_function

#undef strcpy
#define strcpy(x, y) SB_BANNED(strcpy)
#undef strcat
#define strcat(x, y) SB_BANNED(strcat)
#undef strncpy
#define strncpy(x, y, n) SB_BANNED(strncpy)
#undef strncat
#define strncat(x, y, n) SB_BANNED(strncat)
#undef sprintf
#define sprintf(...) SB_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) SB_BANNED(vsprintf)
#undef strtok
#define strtok(x, y) SB_BANNED(strtok)
#undef gets
#define gets(x) SB_BANNED(gets)
#undef atof
#define atof(x) SB_BANNED(atof) /* follows the locale: use sb_number_parse() */
#undef atoi
#define atoi(x) SB_BANNED(atoi)
#undef atol
#define atol(x) SB_BANNED(atol)

#endif
