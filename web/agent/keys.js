/* keys.js - the keyboard. Single letters work while no field has the focus, and can be turned off;
 * with Alt they work everywhere. */
import { suggestion } from "../lib/conversation.js";
import { focusReply } from "../staff/composer.js";
import { letterKeys } from "../staff/settings.js";
import { me } from "../staff/session.js";
import { t } from "../staff/words.js";
import { accept, decline, finishWrapup, go, openDialog, setDraft, setPresence, step } from "./actions.js";
import { openAct } from "./act.js";
import { confirmNumber } from "./asked.js";
import { current, dialog, isMine, offers, pane } from "./store.js";

const own = () => (current.value && isMine(current.value) ? current.value : null);

const LETTERS = {
  KeyA: () => offers.value[0] && accept(offers.value[0]),
  KeyD: () => offers.value[0] && decline(offers.value[0]),
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyR: () => own() && focusReply(),
  KeyN: () => own() && (setDraft(own().conversation, { note: true }), focusReply()),
  KeyU: () => useSuggestion(),
  KeyO: () => own() && openAct(own().conversation),
  KeyT: () => own() && openDialog("transfer"),
  KeyE: () => own() && openDialog("resolve"),
  KeyF: () => current.value?.wrapup_until && !own() && finishWrapup(current.value.conversation),
  KeyI: () => current.value && go(current.value.conversation, pane.value === "details" ? "conversation" : "details"),
  Digit1: () => confirmNumber(1),
  Digit2: () => confirmNumber(2),
  Digit3: () => confirmNumber(3),
  KeyP: () => setPresence(me.value.state === "online" ? "away" : "online"),
};

function useSuggestion() {
  const text = own() && suggestion(own());
  if (!text) return;
  setDraft(own().conversation, { text, note: false });
  focusReply();
}

const isField = (element) => element.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

export function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || !me.value || dialog.value) return;
  if (document.querySelector(":popover-open")) return;
  const field = isField(event.target);
  if (!event.altKey && (field || !letterKeys.value)) return;
  if (event.key === "?" && !event.altKey) openDialog("help");
  else if (event.key === "/" && !event.altKey) document.getElementById("search")?.focus();
  else if (LETTERS[event.code] && !event.shiftKey) LETTERS[event.code]();
  else return;
  event.preventDefault();
}

export function helpGroups() {
  const group = (name, keys) => ({ title: t(`help.${name}`), keys: keys.map(([key, text]) => [key.split(" "), t(`help.${text}`)]) });
  return [
    group("offers", [["A", "accept"], ["D", "decline"], ["P", "presence"]]),
    group("list", [["J", "next"], ["K", "previous"], ["/", "search"]]),
    group("conversation", [
      ["R", "reply"], ["U", "use"], ["N", "note"], ["O", "act"], ["T", "transfer"], ["E", "resolve"], ["F", "finish"], ["I", "details"], ["1 2 3", "asked"],
    ]),
    group("writing", [["Enter", "send"], ["Shift Enter", "line"], ["/", "canned"], ["Esc", "leave"]]),
    group("anywhere", [["Alt A", "alt"], ["?", "help"]]),
  ];
}
