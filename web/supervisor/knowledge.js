/* knowledge.js - what the editor of topics and articles knows and wishes. Drafts live in this browser until
 * they are published, each with the version of the files that it was made from. */
import { get, tell } from "../lib/api.js";
import { batch, computed, kept, signal } from "../lib/store.js";
import { leave } from "../staff/session.js";
import { notify } from "../staff/settings.js";
import { language, refusalWord, t } from "../staff/words.js";

const CHECK_AFTER_MS = 500;
const BUSY_AGAIN_MS = 700;
const BUSY_TRIES = 20;

export const content = signal(null); /* {version, topics, articles} */
export const versions = signal(null); /* {versions, more} */
export const filter = signal("");
/* Drafts by "topic/late-fee": {text, version}. */
export const drafts = kept("knowledge-drafts", {}, (found) => (found && typeof found === "object" ? found : {}));
/* The file that is open: {kind, name, file, text, version, fresh}; fresh: it is not published yet. */
export const file = signal(null);
export const checked = signal({ busy: false, problems: [], preview: [] });
export const trial = signal({ question: "", language: "", busy: false, change: null });
export const comparison = signal({ busy: false, asked: 0, changes: null });
export const publishing = signal(false);
export const conflict = signal(false);

export const keyOf = ({ kind, name }) => `${kind}/${name}`;

export const draft = computed(() => (file.value ? drafts.value[keyOf(file.value)] ?? null : null));
export const text = computed(() => draft.value?.text ?? file.value?.text ?? "");
export const isChanged = computed(() => Boolean(draft.value) && (file.value.fresh || draft.value.text !== file.value.text));

function refused(refusal) {
  if (refusal.status === 401) leave("not_logged_in");
  else notify(refusalWord(refusal), "bad");
}

/* Only one draft is worked on at a time: ours comes when the other is done. */
async function patiently(path, body) {
  for (let tries = 1; ; tries++) {
    try {
      return await tell(path, body);
    } catch (refusal) {
      if (refusal.code !== "busy" || tries === BUSY_TRIES) throw refusal;
      await new Promise((done) => setTimeout(done, BUSY_AGAIN_MS));
    }
  }
}

/* --- reading ------------------------------------------------------------------------------------ */

export async function readContent() {
  try {
    content.value = await get("/v1/content", { language: language.value });
  } catch (refusal) {
    refused(refusal);
  }
}

export async function readVersions(more = false) {
  try {
    const before = more ? versions.value.versions.at(-1)?.number : undefined;
    const answer = await get("/v1/versions", { before, limit: 50 });
    versions.value = more ? { ...answer, versions: [...versions.value.versions, ...answer.versions] } : answer;
  } catch (refusal) {
    refused(refusal);
  }
}

/* The files have changed: by us, by somebody else, by the operator. */
export function knowledgeChanged() {
  if (content.value) readContent();
  if (versions.value) readVersions();
}

export function forgetKnowledge() {
  batch(() => {
    content.value = null;
    versions.value = null;
    file.value = null;
  });
}

const fresh = (kind, name) => ({ kind, name, file: `${kind === "topic" ? "topics" : "knowledge"}/${name}.md`, text: "", fresh: true });

/* Opens a file; one that is not published yet is opened by its draft. */
export async function openFile(kind, name) {
  if (file.value?.kind === kind && file.value?.name === name) return true;
  try {
    const known = () => content.value?.[`${kind}s`].some((one) => one.name === name);
    const begun = drafts.value[`${kind}/${name}`];
    if (!content.value || (!known() && !begun)) await readContent(); /* it may have come since */
    if (!known() && !begun) return false;
    const opened = known() ? await get(`/v1/${kind}s/${name}`) : { ...fresh(kind, name), version: content.value.version };
    batch(() => {
      file.value = opened;
      trial.value = { ...trial.value, busy: false, change: null };
      comparison.value = { busy: false, asked: 0, changes: null };
      conflict.value = false;
      checked.value = { busy: false, problems: [], preview: [] };
    });
    check();
    return true;
  } catch (refusal) {
    refused(refusal);
    return false;
  }
}

export function begin(kind, name, sample) {
  drafts.value = { ...drafts.value, [`${kind}/${name}`]: { text: sample, version: content.value.version } };
}

/* --- editing ------------------------------------------------------------------------------------ */

let timer = 0;

export function edit(value) {
  const { version } = draft.value ?? file.value;
  drafts.value = { ...drafts.value, [keyOf(file.value)]: { text: value, version } };
  trial.value = { ...trial.value, change: null };
  comparison.value = { busy: false, asked: 0, changes: null };
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_AFTER_MS);
}

export function discard() {
  const { [keyOf(file.value)]: gone, ...rest } = drafts.value;
  drafts.value = rest;
  conflict.value = false;
  if (!file.value.fresh) check();
  return gone;
}

const asDraft = () => ({ kind: file.value.kind, name: file.value.name, text: text.value });

/* What came back for a text that is no longer there is not shown. */
async function work(path, more, show) {
  const about = { file: file.value, text: text.value };
  const still = () => file.value === about.file && text.value === about.text;
  try {
    const answer = await patiently(path, { ...asDraft(), ...more });
    if (still()) show(answer);
  } catch (refusal) {
    if (still()) show(null);
    refused(refusal);
  }
}

export function check() {
  if (!file.value || !text.value) return;
  checked.value = { ...checked.value, busy: true };
  work("/v1/drafts/check", {}, (answer) => { checked.value = { ...(answer ?? checked.value), busy: false }; });
}

export function tryOut() {
  const { question, language: spoken } = trial.value;
  if (!question.trim() || trial.value.busy) return;
  trial.value = { ...trial.value, busy: true };
  work("/v1/drafts/try", { question: question.trim(), ...(spoken ? { language: spoken } : {}) }, (answer) => {
    trial.value = { ...trial.value, busy: false, change: answer?.changes[0] ?? null };
  });
}

export function compare() {
  comparison.value = { busy: true, asked: 0, changes: null };
  work("/v1/drafts/compare", {}, (answer) => {
    comparison.value = { busy: false, asked: answer?.asked ?? 0, changes: answer && !answer.problems.length ? answer.changes : null };
  });
}

/* --- publishing --------------------------------------------------------------------------------- */

export async function publish() {
  if (publishing.value) return;
  const about = file.value, said = text.value.endsWith("\n") ? text.value : `${text.value}\n`;
  publishing.value = true;
  try {
    const { number, version } = await patiently("/v1/drafts/publish", { ...asDraft(), text: said, version: draft.value.version });
    batch(() => {
      if (file.value === about) file.value = { ...about, text: said, version, fresh: false };
      const { [keyOf(about)]: gone, ...rest } = drafts.value;
      drafts.value = gone ? rest : drafts.value;
      conflict.value = false;
      trial.value = { ...trial.value, change: null };
      comparison.value = { busy: false, asked: 0, changes: null };
    });
    notify(t("knowledge.published", { n: number }), "good");
    knowledgeChanged();
  } catch (refusal) {
    if (refusal.code === "changed_meanwhile") conflict.value = true;
    else if (refusal.code === "bad_files") check();
    else refused(refusal);
  } finally {
    publishing.value = false;
  }
}

/* Somebody was quicker. Theirs: the draft goes. Ours: the draft counts as made from what is there now, and
 * publishing it is another press of the button. */
export async function settle(ours) {
  const { kind, name, fresh: isFresh } = file.value;
  try {
    await readContent();
    const now = isFresh ? null : await get(`/v1/${kind}s/${name}`);
    batch(() => {
      if (now) file.value = now;
      if (ours) drafts.value = { ...drafts.value, [`${kind}/${name}`]: { text: text.value, version: now?.version ?? content.value.version } };
      conflict.value = false;
    });
    if (!ours) discard();
  } catch (refusal) {
    refused(refusal);
  }
}

/* For the dialogs: null when done, else the refusal. */
async function putInPlace(path, said, words) {
  try {
    const answer = await patiently(path, { version: content.value.version });
    file.value = null;
    notify(t(said, { ...words, now: answer.number }), "good");
    knowledgeChanged();
    return null;
  } catch (refusal) {
    if (refusal.code === "changed_meanwhile") knowledgeChanged();
    return refusal;
  }
}

export const restore = (number) => putInPlace(`/v1/versions/${number}/restore`, "knowledge.restored", { n: number });

export async function remove({ kind, name, file: path }) {
  const refusal = await putInPlace(`/v1/${kind}s/${name}/remove`, "knowledge.removed", { name: path });
  if (!refusal) {
    const { [`${kind}/${name}`]: gone, ...rest } = drafts.value;
    drafts.value = gone ? rest : drafts.value;
  }
  return refusal;
}
