#include "parsers/decode.h"

#include "core/text.h"

enum encoding { ENC_BYTES, ENC_UTF16LE, ENC_UTF16BE };

enum { SAMPLE = 4096 };

/* UTF-16 without a BOM: nearly all of log text is ASCII, so every other byte is zero. */
static enum encoding guess_utf16(const char *bytes, size_t size)
{
    size_t even = 0, odd = 0, n = size < SAMPLE ? size & ~(size_t)1 : SAMPLE;
    for (size_t i = 0; i < n; i += 2) {
        even += bytes[i] == 0;
        odd += bytes[i + 1] == 0;
    }
    if (n < 8) return ENC_BYTES;
    if (odd > n / 2 * 7 / 10 && even < n / 2 / 10) return ENC_UTF16LE;
    if (even > n / 2 * 7 / 10 && odd < n / 2 / 10) return ENC_UTF16BE;
    return ENC_BYTES;
}

static void add_utf8(struct sb_strbuf *out, unsigned long c)
{
    char b[4];
    if (c < 0x80) {
        sb_strbuf_addc(out, (char)c);
        return;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; c >>= 6)
        b[i] = (char)(0x80 | (c & 0x3f));
    b[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | c);
    sb_strbuf_add(out, b, n);
}

static unsigned unit_at(const unsigned char *p, bool big)
{
    return big ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

static void utf16_to_utf8(const char *bytes, size_t size, bool big, struct sb_strbuf *out)
{
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t i = 0; i + 1 < size; i += 2) {
        unsigned long c = unit_at(p + i, big);
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < size) {
            unsigned low = unit_at(p + i + 2, big);
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (c >= 0xd800 && c < 0xe000) c = 0xfffd;
        if (c && !(i == 0 && c == 0xfeff)) add_utf8(out, c);
    }
}

/* Control characters that no text, terminal or console log has; NULs are judged apart. */
static bool is_binary(const char *text, size_t len)
{
    size_t n = len < SAMPLE * 4 ? len : SAMPLE * 4, odd = 0, nul = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        nul += c == 0;
        odd += c != 0 && c < 0x20 && !sb_is_space((char)c) && c != 0x1b && c != '\b' && c != 0x07 &&
               c != 0x0e && c != 0x0f;
    }
    return odd * 50 > n || (nul * 10 > n * 3 && nul != n);
}

static bool all_zero(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i]) return false;
    return true;
}

static bool ends_line(const char *text, size_t len, size_t at)
{
    return at == len || text[at] == '\n' || text[at] == '\r';
}

/* Leaves NULs out: consoles pad with them. Inside a line they stand where something was lost: a replacement
 * character keeps what stands on both sides from becoming one number. */
static void drop_nuls(const char *text, size_t len, struct sb_strbuf *out)
{
    for (size_t i = 0; i < len;) {
        const char *nul = memchr(text + i, 0, len - i);
        size_t end = nul ? (size_t)(nul - text) : len;
        sb_strbuf_add(out, text + i, end - i);
        for (i = end; i < len && !text[i];)
            i++;
        bool inside = out->len && out->buf[out->len - 1] != '\n' && !ends_line(text, len, i);
        if (i > end && inside) sb_strbuf_adds(out, "\xef\xbf\xbd");
    }
}

enum sb_text_kind sb_decode(const char *bytes, size_t size, struct sb_strbuf *store, const char **text,
                            size_t *len)
{
    enum encoding encoding = ENC_BYTES;
    *text = bytes;
    *len = size;
    if (!size) return SB_TEXT_EMPTY;
    if (size >= 2 && (unsigned char)bytes[0] == 0xff && (unsigned char)bytes[1] == 0xfe)
        encoding = ENC_UTF16LE;
    else if (size >= 2 && (unsigned char)bytes[0] == 0xfe && (unsigned char)bytes[1] == 0xff)
        encoding = ENC_UTF16BE;
    else
        encoding = guess_utf16(bytes, size);
    if (encoding != ENC_BYTES) {
        utf16_to_utf8(bytes, size, encoding == ENC_UTF16BE, store);
        *text = store->buf;
        *len = store->len;
    } else {
        if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) *text += 3, *len -= 3;
        if (all_zero(*text, *len)) return *len ? SB_TEXT_BINARY : SB_TEXT_EMPTY;
        if (!is_binary(*text, *len) && memchr(*text, 0, *len)) {
            drop_nuls(*text, *len, store);
            *text = store->buf;
            *len = store->len;
        }
    }
    if (is_binary(*text, *len)) return SB_TEXT_BINARY;
    return *len ? SB_TEXT_OK : SB_TEXT_EMPTY;
}
