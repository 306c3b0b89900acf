/* lanes.h - the few loops over rows of floats in which learning spends its time.
 *
 * Widths are multiples of LANES. Every sum is taken in an order that is written down here and
 * without fused multiply-add, and exp is our own, so that a model learned on one machine is, to the
 * last bit, the one learned on another, whatever its vector registers. The compiler makes two
 * versions of each loop (plain and AVX2) and the processor's is taken at the start. */
#ifndef ASSISTANT_LANES_H
#define ASSISTANT_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANES 8

/* `count` rounded up to whole lanes. */
static inline size_t lanes_width(size_t count)
{
    return (count + LANES - 1) / LANES * LANES;
}

/* One row of a table and what it counts for. */
struct feature {
    uint32_t index; /* of the row, from 0 */
    float weight;
};

/* out += sum of weight * row. */
void lanes_gather(float *out, const float *table, size_t width, const struct feature *features, size_t count);

/* row -= weight * gradient, for each row. */
void lanes_scatter(float *table, size_t width, const struct feature *features, size_t count, const float *gradient);

float lanes_dot(const float *a, const float *b, size_t width);
float lanes_squares(const float *a, size_t width);

/* AdaGrad (Duchi, Hazan, Singer 2011), element by element, for a row whose gradient is by * gradient. */
void lanes_step(float *row, float *squares, size_t width, const float *gradient, float by, float rate);

/* For each of the filters (`width` long, one behind the other): the greatest dot product with the
 * windows that begin at rows 0, 1, ... of `rows` (`stride` apart), and the row at which it is. */
struct lanes_peak {
    float value;
    size_t at;
};
void lanes_slide(const float *filters, size_t count, size_t width, const float *rows, size_t stride, size_t windows,
                 struct lanes_peak *peaks);

/* most = the greater of most and the sum of the rows, entry by entry. */
void lanes_most(float *most, const float *const *rows, size_t count, size_t width);

/* Scores to shares that add up to 1; from `classes` on they become 0. Gives the greatest score. */
float lanes_softmax(float *scores, size_t classes, size_t width);

/* Tables of a finished model have 8 bits an entry, in steps of a scale that each row has for itself:
 *
 *   | scale: float | width entries: -127 ... 127 |   of one row, and the next one behind it
 *
 * An entry is off by at most half a step, 1/254 of the row's greatest. */
static inline size_t lanes_short_row(size_t width) /* bytes */
{
    return sizeof(float) + width;
}

int8_t *lanes_shorten(const float *table, size_t rows, size_t width); /* give it back with memory_free */
bool lanes_are_finite(const int8_t *table, size_t rows, size_t width);
void lanes_gather_short(float *out, const int8_t *table, size_t width, const struct feature *features, size_t count);

#endif
