#include "plot/fontset.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include <fontconfig/fontconfig.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

static const char *const font_files[] = {"Inter-Regular.otf", "Inter-SemiBold.otf"};

/* Nothing of the system's configuration: no hinting preference, no alias, no substitution can change a chart.
 * The system's own Inter, of whatever version, is hidden; ours is added as an application font. */
static const char config_xml[] =
    "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>"
    "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><dir "
    "prefix=\"xdg\">fonts</dir><dir>~/.fonts</dir>"
    "<dir>/System/Library/Fonts</dir><dir>/Library/Fonts</dir><dir>~/Library/Fonts</dir>"
    "<dir>/opt/homebrew/share/fonts</dir>"
    "<cachedir>/var/cache/fontconfig</cachedir><cachedir>/usr/lib/fontconfig/cache</cachedir>"
    "<cachedir>/opt/homebrew/var/cache/fontconfig</cachedir><cachedir prefix=\"xdg\">fontconfig</cachedir>"
    "<selectfont><rejectfont><pattern><patelt "
    "name=\"family\"><string>Inter</string></patelt></pattern></rejectfont>"
    "</selectfont></fontconfig>";

static bool folder_has_fonts(const char *folder, size_t len)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    bool ok = len > 0;
    for (size_t i = 0; ok && i < SB_ARRAY_SIZE(font_files); i++) {
        sb_strbuf_clear(&path);
        sb_strbuf_add(&path, folder, len);
        sb_strbuf_addf(&path, "/%s", font_files[i]);
        ok = access(path.buf, R_OK) == 0;
    }
    sb_strbuf_release(&path);
    return ok;
}

/* The folder of the running program, "" when the system does not tell. */
static void program_folder(struct sb_strbuf *out)
{
    char buf[4096];
    size_t len = 0;
#if defined(__APPLE__)
    uint32_t size = sizeof buf;
    if (_NSGetExecutablePath(buf, &size) == 0) len = strlen(buf);
#else
    ssize_t n = readlink("/proc/self/exe", buf, sizeof buf - 1);
    if (n > 0) len = (size_t)n;
#endif
    while (len > 0 && buf[len - 1] != '/')
        len--;
    sb_strbuf_add(out, buf, len);
}

static bool find_folder(struct sb_strbuf *folder)
{
    const char *env = getenv("SBSTAT_FONTS");
    struct sb_strbuf beside = SB_STRBUF_INIT;
    program_folder(&beside);
    if (beside.len) sb_strbuf_adds(&beside, "../share/sbstat/fonts");
    const char *const candidates[] = {env ? env : "", beside.buf, SBSTAT_FONTS_INSTALLED,
                                      SBSTAT_FONTS_SOURCE};
    bool found = false;
    for (size_t i = 0; !found && i < SB_ARRAY_SIZE(candidates); i++) {
        found = folder_has_fonts(candidates[i], strlen(candidates[i]));
        if (found) sb_strbuf_adds(folder, candidates[i]);
    }
    sb_strbuf_release(&beside);
    return found;
}

static bool add_fonts(FcConfig *config, const char *folder)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    bool ok = true;
    for (size_t i = 0; ok && i < SB_ARRAY_SIZE(font_files); i++) {
        sb_strbuf_clear(&path);
        sb_strbuf_addf(&path, "%s/%s", folder, font_files[i]);
        ok = FcConfigAppFontAddFile(config, (const FcChar8 *)path.buf);
    }
    sb_strbuf_release(&path);
    return ok;
}

bool sb_fontset_install(struct sb_err *err)
{
    static bool installed;
    if (installed) return true;
    struct sb_strbuf folder = SB_STRBUF_INIT;
    FcConfig *config = NULL;
    if (!find_folder(&folder)) {
        sb_fail(err, SB_ERR_INTERNAL,
                "the chart fonts (Inter-Regular.otf, Inter-SemiBold.otf) were not found; set SBSTAT_FONTS to "
                "their folder");
        goto out;
    }
    config = FcConfigCreate();
    installed = config && FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)config_xml, FcTrue) &&
                FcConfigBuildFonts(config) && add_fonts(config, folder.buf) && FcConfigSetCurrent(config);
    if (!installed) sb_fail(err, SB_ERR_INTERNAL, "fontconfig cannot load the chart fonts in %s", folder.buf);
out:
    if (config) FcConfigDestroy(config); /* the current configuration holds its own reference */
    sb_strbuf_release(&folder);
    return installed;
}
