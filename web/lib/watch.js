/* watch.js - one place of a page that is drawn again by itself: ${watch(() => waitText(clock.value))}.
 *
 * For what changes every second (clocks, countdowns), so that the page around it is left alone. */
import { AsyncDirective } from "/vendor/lit-html/async-directive.js";
import { directive } from "/vendor/lit-html/directive.js";
import { noChange } from "/vendor/lit-html/lit-html.js";
import { effect } from "/vendor/signals.js";

class Watch extends AsyncDirective {
  render(read) {
    this.read = read;
    this.follow();
    return noChange;
  }

  follow() {
    this.forget?.();
    this.forget = effect(() => this.setValue(this.read()));
  }

  disconnected() {
    this.forget?.();
    this.forget = undefined;
  }

  reconnected() {
    this.follow();
  }
}

export const watch = directive(Watch);
