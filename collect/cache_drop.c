#include "collect/cache_drop.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include "collect/process.h"
#include "core/text.h"
#include "io/outfile.h"

const char *sb_cache_words(enum sb_cache_verdict verdict)
{
    static const char *const words[] = {
        [SB_CACHES_DROPPED] = "dropped",
        [SB_CACHES_NOT_VERIFIED] = "not verified",
        [SB_CACHES_NOT_DROPPED] = "not dropped",
    };
    return words[verdict];
}

/* "Cached:        123456 kB" */
static double field(const char *text, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    for (const char *at = text, *end = text + len; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        if ((size_t)(stop - at) > name_len && memcmp(at, name, name_len) == 0) {
            double value = NAN;
            for (at += name_len; at < stop && *at == ' ';)
                at++;
            for (; at < stop && sb_is_digit(*at); at++)
                value = (isnan(value) ? 0 : value * 10) + (*at - '0');
            return value * 1024;
        }
        at = stop + 1;
    }
    return NAN;
}

double sb_meminfo_file_cache(const char *text, size_t len)
{
    return field(text, len, "Cached:") + field(text, len, "Buffers:") - field(text, len, "Shmem:");
}

double sb_host_file_cache(void)
{
    char *text;
    size_t len;
    if (access("/proc/meminfo", R_OK) != 0 || !sb_read_file("/proc/meminfo", 1 << 20, &text, &len, NULL))
        return NAN;
    double bytes = sb_meminfo_file_cache(text, len);
    free(text);
    return bytes;
}

#ifdef __linux__
bool sb_host_drop_caches(struct sb_err *err)
{
    static const char path[] = "/proc/sys/vm/drop_caches";
    sync(); /* only clean pages can be dropped */
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write(fd, "3\n", 2) == 2;
    int problem = errno;
    if (fd >= 0) close(fd);
    if (ok) return true;
    return sb_fail(err, SB_ERR_STEP,
                   "cannot drop the caches of this host (%s: %s); run sbstat as root to do so", path,
                   strerror(problem));
}
#else
bool sb_host_drop_caches(struct sb_err *err)
{
    static const char *const argv[] = {"purge", NULL};
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err why = {.code = SB_OK};
    sync();
    bool ok = sb_process_capture(argv, 120, NULL, 0, &out, &why);
    sb_strbuf_release(&out);
    if (ok) return true;
    return sb_fail(err, SB_ERR_STEP,
                   "cannot drop the caches of this host (%.300s); run sbstat as root to do so", why.msg);
}
#endif

enum sb_cache_verdict sb_cache_judge(bool dropped, double before, double filled, double after)
{
    if (!dropped) return SB_CACHES_NOT_DROPPED;
    double added = fmax(filled - before, 0);
    if (isnan(before) || isnan(filled) || isnan(after)) return SB_CACHES_NOT_VERIFIED;
    return after <= before + 0.1 * added ? SB_CACHES_DROPPED : SB_CACHES_NOT_VERIFIED;
}
