/*
 * Pseudo-random numbers with a fixed definition, so that a seed gives the same numbers everywhere and for
 * ever: xoshiro256** 1.0 (Blackman & Vigna 2018), its state filled from the seed by splitmix64. Not for
 * secrets.
 */
#ifndef SB_CORE_RANDOM_H
#define SB_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct sb_random {
    uint64_t state[4];
};

void sb_random_seed(struct sb_random *r, uint64_t seed);
uint64_t sb_random_bits(struct sb_random *r);
size_t sb_random_below(struct sb_random *r, size_t n); /* 0 ... n - 1, without bias; n >= 1 */
double sb_random_uniform(struct sb_random *r);         /* (0, 1) */

#endif
