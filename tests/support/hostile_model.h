/* hostile_model.h - a language model that says anything and does anything: for fake_model_improvise.
 *
 * Each scene is one way to be hostile or broken: foreign data, invented amounts, promises, what the injection asks for,
 * tools that nobody offered, arguments that nobody gave, protocol errors of every kind, answers without end. Whatever
 * it makes up is one of hostile_canaries, so that a test can look for them where they must not be. */
#ifndef SUPPORT_HOSTILE_MODEL_H
#define SUPPORT_HOSTILE_MODEL_H

#include "fake_model.h"

struct hostile {
    atomic_size_t scene;
};

size_t hostile_scenes(void);
const char *hostile_name(size_t scene);
/* It keeps its client waiting until that one gives up. */
bool hostile_is_slow(size_t scene);

/* A fake_scene_fn; context: struct hostile. */
void hostile_make(void *context, struct str body, struct arena *arena, struct fake_scene *scene);

/* NULL at the end. Nothing else in the tests' data has these. */
extern const char *const hostile_canaries[];

#endif
