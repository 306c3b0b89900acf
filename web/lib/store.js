/* store.js - signals, and how a page is drawn from them.
 *
 * A page is a pure function from the store to a lit-html template. mount() draws it again after any
 * signal that it read has changed, once for all changes of one turn of the event loop. */
import { render } from "/vendor/lit-html/lit-html.js";
import { effect, signal } from "/vendor/signals.js";

export { batch, computed, effect, signal, untracked } from "/vendor/signals.js";

export function mount(root, view, afterDraw = () => {}) {
  let forget = () => {};
  const draw = () => {
    forget();
    let drawn = false;
    forget = effect(() => {
      if (drawn) {
        queueMicrotask(draw); /* reads nothing this time, so it is asked for once */
        return;
      }
      drawn = true;
      render(view(), root);
    });
    afterDraw();
  };
  draw();
}

/* Names of what could not be stored, because the storage is full or forbidden: it lives as long as the page. */
export const unkept = signal(new Set());

function keptWell(name, isKept) {
  if (unkept.peek().has(name) !== isKept) return;
  const names = new Set(unkept.peek());
  if (isKept) names.delete(name);
  else names.add(name);
  unkept.value = names;
}

/* A signal that outlives the page, in localStorage, and follows other tabs. `read` makes a value
 * out of whatever was found there: it must not trust it. */
export function kept(name, initial, read = (found) => found) {
  const key = `beckon.${name}`;
  const load = () => {
    try {
      const found = localStorage.getItem(key);
      return found === null ? initial : read(JSON.parse(found));
    } catch {
      return initial;
    }
  };
  const made = signal(load());
  let stored = made.value;
  effect(() => {
    if (made.value === stored) return;
    stored = made.value;
    try {
      localStorage.setItem(key, JSON.stringify(stored));
      keptWell(name, true);
    } catch {
      keptWell(name, false);
    }
  });
  addEventListener("storage", (event) => {
    if (event.key !== key) return;
    stored = load();
    made.value = stored;
  });
  return made;
}
