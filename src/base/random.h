/* random.h - seeded pseudo-random numbers for simulations and tests: same seed, same numbers.
 * Not for secrets: those come from libsodium. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state;
};

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static inline uint64_t random_next(struct random *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* In [0, bound); bound 0 gives 0. Lemire's multiplication, bias below 2^-32 for small bounds. */
static inline uint64_t random_below(struct random *random, uint64_t bound)
{
    return (uint64_t)(((__uint128_t)random_next(random) * bound) >> 64);
}

/* In [0, 1). */
static inline double random_unit(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1.0p-53;
}

#endif
