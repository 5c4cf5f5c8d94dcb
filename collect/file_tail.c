#include "collect/file_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/text.h"

enum { LOOK_BACK = 8192, LINE_SHOWN = 200, LINES_MOST = 16 };

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

/* Begins and ends of the last lines in [text, text + len), from the last; how many. */
static unsigned find_lines(const char *text, size_t len, unsigned lines, size_t begins[], size_t ends[])
{
    unsigned found = 0;
    if (lines > LINES_MOST) lines = LINES_MOST;
    for (size_t end = len; end > 0 && found < lines;) {
        while (end > 0 && (sb_is_space(text[end - 1]) || text[end - 1] == '\0'))
            end--;
        size_t begin = end;
        while (begin > 0 && !ends_line(text[begin - 1]))
            begin--;
        if (begin < end) {
            begins[found] = begin;
            ends[found++] = end - begin > LINE_SHOWN ? begin + LINE_SHOWN : end;
        }
        end = begin;
    }
    return found;
}

/* Takes out what moves a terminal's cursor and colours it (ECMA-48: ESC [ ... and a final byte from @ to ~;
 * other sequences are ESC and one byte), which firmware and boot messages are full of. Gives the new length.
 */
static size_t without_sequences(char *text, size_t len)
{
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\x1b') {
            text[kept++] = text[i];
            continue;
        }
        if (++i < len && text[i] == '[')
            while (++i < len && !(text[i] >= '@' && text[i] <= '~'))
                ;
    }
    return kept;
}

void sb_file_tail(struct sb_strbuf *out, const char *path, unsigned lines)
{
    char text[LOOK_BACK];
    size_t begins[LINES_MOST], ends[LINES_MOST];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return;
    off_t from = fstat(fd, &st) == 0 && st.st_size > LOOK_BACK ? st.st_size - LOOK_BACK : 0;
    ssize_t len = pread(fd, text, sizeof text, from);
    close(fd);
    if (len <= 0) return;
    size_t plain = without_sequences(text, (size_t)len);
    for (unsigned i = find_lines(text, plain, lines, begins, ends); i-- > 0;) {
        sb_text_visible(out, text + begins[i], ends[i] - begins[i], false);
        if (i) sb_strbuf_adds(out, " | ");
    }
}
