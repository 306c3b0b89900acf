/* canned.js - canned replies: "/" and a few letters in the reply find one. Pure. */

const SHOWN = 6; /* as many as need no scrolling: a further letter finds the others */

/* What is being looked for at the caret, as {query, from}, or null. */
export function cannedQuery(text, caret) {
  const found = /(^|\s)\/([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, caret));
  return found ? { query: found[2].toLocaleLowerCase(), from: caret - found[2].length - 1 } : null;
}

/* Replies in the conversation's language, or of all languages if none of its own fits; what begins
 * with the query first. */
export function cannedMatches(replies, query, language) {
  const fitting = replies.map((reply) => ({ reply, rank: rank(reply, query) })).filter((one) => one.rank < 3);
  const own = fitting.filter((one) => one.reply.language === language);
  return (own.length ? own : fitting).sort((one, other) => one.rank - other.rank).map((one) => one.reply).slice(0, SHOWN);
}

function rank(reply, query) {
  const names = [reply.name, reply.title].map((name) => name.toLocaleLowerCase());
  if (names.some((name) => name.startsWith(query))) return 0;
  if (names.some((name) => name.includes(query))) return 1;
  return reply.text.toLocaleLowerCase().includes(query) ? 2 : 3;
}

/* The text with the reply in the place of what was typed, and where the caret goes. */
export function withCanned(text, from, caret, reply) {
  const before = text.slice(0, from) + reply.text;
  return { text: before + text.slice(caret), caret: before.length };
}
