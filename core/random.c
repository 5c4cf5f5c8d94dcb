#include "core/random.h"

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

void sb_random_seed(struct sb_random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        r->state[i] = z ^ (z >> 31);
    }
}

uint64_t sb_random_bits(struct sb_random *r)
{
    uint64_t *s = r->state, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

size_t sb_random_below(struct sb_random *r, size_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, bits;
    do
        bits = sb_random_bits(r);
    while (bits >= limit);
    return (size_t)(bits % n);
}

double sb_random_uniform(struct sb_random *r)
{
    return ((double)(sb_random_bits(r) >> 12) + 0.5) / 4503599627370496.0; /* 2^52: never 0, never 1 */
}
