#include "collect/file_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/image_tools.h"
#include "collect/process.h"
#include "core/alloc.h"

static bool is_digest(const char *text)
{
    size_t i = 0;
    while (i < 64 && ((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
        i++;
    return i == 64;
}

/* openssl uses the processor's SHA instructions, five times as fast as GLib: worth it for whole disks. */
static bool sha256_by_openssl(const char *path, const volatile sig_atomic_t *stop, char digits[65])
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    char *program = sb_tool_find("openssl");
    const char *argv[] = {program, "dgst", "-sha256", "-r", path, NULL};
    bool ok = program && sb_process_capture(argv, 0, stop, 0, &out, NULL) && is_digest(out.buf);
    if (ok) {
        memcpy(digits, out.buf, 64);
        digits[64] = '\0';
    }
    sb_strbuf_release(&out);
    free(program);
    return ok;
}

static bool is_stopped(const volatile sig_atomic_t *stop)
{
    return stop && *stop;
}

static bool sha256_by_glib(const char *path, const volatile sig_atomic_t *stop, char digits[65],
                           struct sb_err *err)
{
    enum { CHUNK = 1 << 18 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", path, strerror(errno));
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    unsigned char *buffer = sb_xmalloc(CHUNK);
    ssize_t n = 1;
    while (!is_stopped(stop) && (n = read(fd, buffer, CHUNK)) > 0)
        g_checksum_update(sum, buffer, n);
    if (n < 0) sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", path, strerror(errno));
    if (n > 0) sb_fail(err, SB_ERR_STEP, "stopped while reading %s", path);
    snprintf(digits, 65, "%s", g_checksum_get_string(sum));
    g_checksum_free(sum);
    free(buffer);
    close(fd);
    return n == 0;
}

bool sb_file_sha256(const char *path, const volatile sig_atomic_t *stop, char digits[65], struct sb_err *err)
{
    enum { LARGE = 64 << 20 };
    struct stat st;
    if (stat(path, &st) == 0 && st.st_size > LARGE && path[0] != '-' && sha256_by_openssl(path, stop, digits))
        return true;
    return sha256_by_glib(path, stop, digits, err);
}
