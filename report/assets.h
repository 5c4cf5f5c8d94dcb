/* The page's style and script, embedded at build time from report/assets by embed.cmake. */
#ifndef SB_REPORT_ASSETS_H
#define SB_REPORT_ASSETS_H

#include <stddef.h>

extern const char sb_asset_css[], sb_asset_js[];
extern const size_t sb_asset_css_len, sb_asset_js_len;
extern const unsigned char sb_asset_js_sha256[32]; /* for the content security policy */

#endif
