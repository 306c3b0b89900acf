/* settings.js - what a member of staff sets for themselves in this browser. */
import { effect, kept, signal } from "../lib/store.js";
import { language } from "../lib/texts.js";

export const THEMES = ["system", "light", "dark"];

export const theme = kept("theme", "system", (found) => (THEMES.includes(found) ? found : "system"));
export const sound = kept("sound", false, Boolean);
/* Single letters as shortcuts: they get in the way of speech input, so they can be turned off. */
export const letterKeys = kept("letter-keys", true, Boolean);

/* Short messages that go by themselves: {id, text, tone}. The live region reads them out. */
export const notices = signal([]);
let lastNotice = 0;

const NOTICE_MS = 9000;

export function notify(text, tone = "info") {
  const id = ++lastNotice;
  notices.value = [...notices.value.filter((one) => one.text !== text).slice(-2), { id, text, tone }]; /* the same is said once */
  setTimeout(() => dismiss(id), NOTICE_MS);
}

export function dismiss(id) {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/* What is said to screen readers at once, such as an offer. */
export const alertWords = signal("");

export function followSettings() {
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    document.documentElement.lang = language.value;
  });
}

/* What the server said in words has to be asked for anew. */
export function whenLanguageChanges(read) {
  let spoken = language.value;
  effect(() => {
    if (language.value === spoken) return;
    spoken = language.value;
    queueMicrotask(read);
  });
}

let audio = null;

/* A short soft tone; browsers allow it after the first click on the page. */
export function chime(hertz = 660) {
  if (!sound.value) return;
  audio ??= new AudioContext();
  const at = audio.currentTime;
  const tone = audio.createOscillator(), volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.45);
}
