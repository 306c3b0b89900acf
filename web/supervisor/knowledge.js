/* knowledge.js - what the editor of topics and articles knows and wishes. Drafts live in this browser until
 * they are published, each with the digest of the file that it was made from. */
import { get, tell } from "../lib/api.js";
import { batch, computed, kept, signal, unkept } from "../lib/store.js";
import { leave, me } from "../staff/session.js";
import { notify } from "../staff/settings.js";
import { language, refusalWord, t } from "../staff/words.js";

const CHECK_AFTER_MS = 500;
const BUSY_AGAIN_MS = 700;
const BUSY_TRIES = 20;
const PATIENCE_MS = 120000; /* learning a large workspace takes its time */
const NO_FILE = "none"; /* what a new file's draft was made from */
export const DRAFT_MAX = 262144; /* bytes */

export const content = signal(null); /* {version, topics, articles} */
export const versions = signal(null); /* {versions, more} */
export const filter = signal("");
/* Of everybody who has written some in this browser, by their number. */
const allDrafts = kept("knowledge-drafts", {}, (found) => (found && typeof found === "object" ? found : {}));
/* One's own, by "topic/late-fee": {text, version}. */
export const drafts = computed(() => allDrafts.value[me.value?.agent] ?? {});

function keepDrafts(own) {
  if (!me.value) return; /* logged out meanwhile */
  const { [me.value.agent]: gone, ...others } = allDrafts.value;
  allDrafts.value = Object.keys(own).length ? { ...others, [me.value.agent]: own } : others;
}

/* The browser has no room for drafts: they go with the page. */
export const isUnkept = computed(() => unkept.value.has("knowledge-drafts") && Object.keys(drafts.value).length > 0);
/* The file that is open: {kind, name, file, text, digest, fresh}; fresh: it is not published yet. */
export const file = signal(null);
/* The version that is open: {number, changes, …} against the one before it, and `back`: against the newest one. */
export const version = signal(null);
/* state: "" as far as it is known, "busy", or "failed": the server could not be asked. */
const UNCHECKED = { state: "", problems: [], preview: [] };
export const checked = signal(UNCHECKED);
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

/* Only one draft is worked on at a time: ours comes when the other is done, unless it is not wanted any more. */
async function patiently(path, body, isWanted = () => true) {
  for (let tries = 1; ; tries++) {
    try {
      return await tell(path, body, { patience: PATIENCE_MS });
    } catch (refusal) {
      if (refusal.code !== "busy" || tries === BUSY_TRIES) throw refusal;
      await new Promise((done) => setTimeout(done, BUSY_AGAIN_MS));
      if (!isWanted()) throw refusal;
    }
  }
}

const without = (key) => {
  const { [key]: gone, ...rest } = drafts.value;
  return rest;
};

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
  if (file.value && !publishing.value) readAgain();
}

/* Titles come in the page's language. */
export function knowledgeSpoken() {
  if (content.value) readContent();
}

/* There is a line again. */
export function knowledgeLive() {
  if (!file.value) return;
  if (checked.value.state === "failed") check();
  readAgain();
}

export function forgetKnowledge() {
  batch(() => {
    content.value = null;
    versions.value = null;
    file.value = null;
    version.value = null;
  });
}

const fresh = (kind, name) => ({ kind, name, file: `${kind === "topic" ? "topics" : "knowledge"}/${name}.md`, text: "", digest: NO_FILE, fresh: true });

/* The file as it is now; one that is not there has no text. */
async function read(kind, name) {
  try {
    return await get(`/v1/${kind}s/${name}`);
  } catch (refusal) {
    if (refusal.status === 404) return fresh(kind, name);
    throw refusal;
  }
}

/* The file that is wanted last is the one that opens, whatever comes back first. */
let wanted = "";

/* Opens a file; one that is not published yet is opened by its draft. False: there is none. */
export async function openFile(kind, name) {
  const key = wanted = `${kind}/${name}`;
  if (file.value && keyOf(file.value) === key) return true;
  try {
    const opened = await read(kind, name);
    if (wanted !== key) return true;
    if (opened.fresh && !drafts.value[key]) return false;
    open(opened);
    return true;
  } catch (refusal) {
    refused(refusal);
    return wanted !== key;
  }
}

function open(opened) {
  const begun = drafts.value[keyOf(opened)];
  batch(() => {
    version.value = null;
    file.value = opened;
    conflict.value = Boolean(begun) && begun.version !== opened.digest;
    trial.value = { ...trial.value, busy: false, change: null };
    comparison.value = { busy: false, asked: 0, changes: null };
    checked.value = UNCHECKED;
  });
  check();
}

export function closeFile() {
  wanted = "";
  batch(() => {
    file.value = null;
    version.value = null;
  });
}

/* What is open as it is now. A draft of it stays; its maker is told that it is of another text. */
async function readAgain() {
  const about = file.value;
  try {
    const now = await read(about.kind, about.name);
    if (file.value === about && now.digest !== about.digest && !publishing.value) overtaken(now);
  } catch {
    /* the next signal, or publishing, tells */
  }
}

function overtaken(now) {
  const begun = drafts.value[keyOf(now)];
  const same = begun && begun.text.trimEnd() === now.text.trimEnd();
  if (same) {
    keepDrafts(without(keyOf(now)));
    notify(t("knowledge.already"), "good");
  }
  if (now.fresh && !begun) location.hash = "#/knowledge";
  else open(now);
}

/* Opens a version: what it changed, and what going back to it would. False: there is none. */
export async function openVersion(number) {
  const key = wanted = `version/${number}`;
  try {
    const last = (await get("/v1/versions", { limit: 1 })).versions[0]?.number ?? 0;
    const [made, back] = await Promise.all([get(`/v1/versions/${number}`), get(`/v1/versions/${number}`, { against: last })]);
    if (wanted !== key) return true;
    batch(() => {
      file.value = null;
      version.value = { ...made, back: back.changes };
    });
    return true;
  } catch (refusal) {
    refused(refusal);
    return wanted !== key;
  }
}

export function begin(kind, name, sample) {
  keepDrafts({ ...drafts.value, [`${kind}/${name}`]: { text: sample, version: NO_FILE } });
}

/* --- editing ------------------------------------------------------------------------------------ */

let timer = 0;

export function edit(value) {
  const made = draft.value?.version ?? file.value.digest;
  keepDrafts({ ...drafts.value, [keyOf(file.value)]: { text: value, version: made } });
  trial.value = { ...trial.value, busy: false, change: null };
  comparison.value = { busy: false, asked: 0, changes: null };
  checked.value = { ...checked.value, state: "busy" };
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_AFTER_MS);
}

export function discard() {
  keepDrafts(without(keyOf(file.value)));
  if (file.value.fresh) location.hash = "#/knowledge";
  else open(file.value);
}

const asDraft = () => ({ kind: file.value.kind, name: file.value.name, text: text.value });

/* What came back for a text that is no longer there is not shown. */
async function work(path, more, show, fail = refused) {
  const about = { file: file.value, text: text.value };
  const still = () => file.value === about.file && text.value === about.text;
  try {
    const answer = await patiently(path, { ...asDraft(), ...more }, still);
    if (still()) show(answer);
  } catch (refusal) {
    if (!still()) return;
    show(null);
    fail(refusal);
  }
}

/* What the server need not be asked about. */
function tooMuchOrNothing() {
  const problem = (what, words) => [{ file: file.value.file, line: 0, what: t(what, words), cure: t(`${what}_cure`) }];
  const size = new TextEncoder().encode(text.value).length;
  if (size > DRAFT_MAX) return problem("knowledge.too_long", { size, max: DRAFT_MAX });
  return text.value.trim() ? null : problem("knowledge.empty");
}

export function check() {
  if (!file.value) return;
  const problems = tooMuchOrNothing();
  checked.value = { ...checked.value, state: problems ? "" : "busy", ...(problems && { problems }) };
  if (problems) return;
  work("/v1/drafts/check", {}, (answer) => { checked.value = answer ? { ...answer, state: "" } : { ...checked.value, state: "failed" }; },
    (refusal) => { if (!refusal.passing) refused(refusal); });
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

/* What is written while the server works stays a draft, of the file that was published. */
export async function publish() {
  if (publishing.value) return;
  const about = file.value, written = text.value;
  const said = written.endsWith("\n") ? written : `${written}\n`;
  publishing.value = true;
  try {
    const { number, digest } = await patiently("/v1/drafts/publish", { ...asDraft(), text: said, version: draft.value.version });
    published({ ...about, text: said, digest, fresh: false }, written);
    notify(t("knowledge.published", { n: number }), "good");
    publishing.value = false;
    knowledgeChanged();
  } catch (refusal) {
    publishing.value = false;
    if (refusal.code === "changed_meanwhile") await lookAgain(about, said);
    else if (refusal.code === "bad_files") check();
    else refused(refusal);
    if (refusal.code === "offline") readAgain(); /* it may have been done all the same */
  }
}

function published(now, written) {
  const key = keyOf(now), later = drafts.value[key];
  batch(() => {
    keepDrafts(later && later.text !== written ? { ...drafts.value, [key]: { text: later.text, version: now.digest } } : without(key));
    if (file.value && keyOf(file.value) === key) open(now);
  });
}

/* Refused because the file is another one by now: it may be ours, if the answer to the first try was lost. */
async function lookAgain(about, said) {
  try {
    const now = await read(about.kind, about.name);
    if (now.text === said) {
      published(now, said);
      notify(t("knowledge.already"), "good");
    } else if (file.value === about) {
      open(now);
      conflict.value = true;
    }
  } catch (refusal) {
    refused(refusal);
  }
}

/* Somebody was quicker. Theirs: the draft goes. Ours: the draft counts as made from what is there now, and
 * publishing it is another press of the button. */
export function settle(ours) {
  conflict.value = false;
  if (ours) keepDrafts({ ...drafts.value, [keyOf(file.value)]: { text: text.value, version: file.value.digest } });
  else discard();
}

/* For the dialogs: null when done, else the refusal. */
async function putInPlace(path, made, said, words) {
  try {
    const answer = await patiently(path, { version: made });
    closeFile();
    notify(t(said, { ...words, now: answer.number }), "good");
    knowledgeChanged();
    return null;
  } catch (refusal) {
    if (refusal.code === "changed_meanwhile") knowledgeChanged();
    return refusal;
  }
}

export const restore = (number) => putInPlace(`/v1/versions/${number}/restore`, content.value.version, "knowledge.restored", { n: number });

export async function remove({ kind, name, file: path, digest }) {
  const refusal = await putInPlace(`/v1/${kind}s/${name}/remove`, digest, "knowledge.removed", { name: path });
  if (!refusal) keepDrafts(without(`${kind}/${name}`));
  return refusal;
}
