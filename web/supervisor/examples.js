/* examples.js - one more wording in the front matter of a topic ("examples") or an article ("questions"), put there as a
 * person would: at the head of its language's list, the rest of the text untouched. Pure. */

const indentOf = (line) => /^\s*/.exec(line)[0];

/* Plain where YAML reads it as the text that it is, else in double quotes. */
function scalar(wording) {
  const isPlain = /^[\p{L}¿¡][^:#"'[\]{}&*!|>%@`,\\]*$/u.test(wording) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(wording);
  return isPlain ? wording : JSON.stringify(wording);
}

/* The text with the wording in it; null where there is no place for it that this understands. */
export function withExample(text, key, language, question) {
  const lines = text.split("\n"), wording = question.trim().replace(/\s+/g, " ");
  const end = lines.indexOf("---", 1);
  if (lines[0] !== "---" || end < 0 || !wording) return null;
  const item = `- ${scalar(wording)}`;
  const at = lines.findIndex((line, i) => i < end && line.startsWith(`${key}:`));
  if (at >= 0 && lines[at].trimEnd() !== `${key}:`) return null; /* a list in one line */
  const put = (where, ...added) => lines.toSpliced(where, 0, ...added).join("\n");
  if (at < 0) return put(end, `${key}:`, `  ${language}:`, `    ${item}`);
  let after = at + 1;
  while (after < end && (!lines[after].trim() || /^[\s-]/.test(lines[after]))) after++;
  const block = lines.slice(at + 1, after);
  if (block.some((line) => line.trim() === item)) return text;
  const first = block.find((line) => line.trim()) ?? "  ";
  if (/^\s*-/.test(first)) return put(at + 1, indentOf(first) + item);
  const own = block.findIndex((line) => line.trim().startsWith(`${language}:`));
  if (own < 0) return put(at + 1, `${indentOf(first)}${language}:`, `${indentOf(first)}  ${item}`);
  if (block[own].trim() !== `${language}:`) return null;
  const next = block[own + 1] ?? "";
  return put(at + own + 2, (/^\s*-/.test(next) ? indentOf(next) : `${indentOf(block[own])}  `) + item);
}
