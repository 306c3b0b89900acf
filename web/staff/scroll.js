/* scroll.js - keeps a timeline at its end while its reader is there, and where they are otherwise. */
import { signal } from "../lib/store.js";

const NEAR = 80;

export function makeScroll(onTop) {
  /* Something new stands below what is seen. */
  const below = signal(false);
  let element = null;
  let shown = "";
  let last = 0;
  let first = 0;
  let height = 0;
  let atEnd = true;

  const toEnd = () => {
    if (element) element.scrollTop = element.scrollHeight;
    atEnd = true;
    below.value = false;
  };

  return {
    below,
    toEnd,
    attach(found) {
      element = found ?? null;
      if (element) height = element.scrollHeight;
    },
    onScroll() {
      if (!element) return;
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      if (atEnd) below.value = false;
      if (element.scrollTop < NEAR && element.scrollHeight > element.clientHeight) onTop();
    },
    /* After each drawing. `name` is which conversation, lastSeq and firstSeq what of it is shown. */
    drawn(name, firstSeq, lastSeq) {
      if (!element) {
        shown = "";
        return;
      }
      const grown = element.scrollHeight - height;
      height = element.scrollHeight;
      if (name !== shown) {
        shown = name;
        toEnd();
      } else if (first && firstSeq < first && !atEnd) {
        element.scrollTop += grown;
      } else if (atEnd) {
        toEnd();
      } else if (lastSeq > last) {
        below.value = true;
      }
      first = firstSeq;
      last = lastSeq;
    },
  };
}
