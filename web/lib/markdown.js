/* markdown.js - the Markdown of approved answers as lit templates: paragraphs, lists, headings (as
 * strong lines), strong, emphasis, code, links. Everything else stays the text it is. Links go to
 * http, https, mailto and this server only. No HTML is ever made from text. */
import { html } from "/vendor/lit-html/lit-html.js";

/* A label holds no bracket: else each of many opening ones would look through all that follows. */
const INLINE = /(\*\*([^*]+)\*\*)|(\*([^*\s][^*]*)\*)|(\b_([^_]+)_\b)|(`([^`]+)`)|(\[([^[\]]+)\]\(([^()\s]+)\))|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?])/;

export function safeUrl(url) {
  if (/^\/(?!\/)/.test(url) || /^#/.test(url)) return url;
  return /^(https?:\/\/|mailto:)/i.test(url) ? url : "";
}

function link(url, text) {
  const safe = safeUrl(url);
  return safe ? html`<a href=${safe} target="_blank" rel="noopener noreferrer">${text}</a>` : text;
}

export function inline(text) {
  const parts = [];
  for (let rest = text; rest;) {
    const found = INLINE.exec(rest);
    if (!found) {
      parts.push(rest);
      break;
    }
    if (found.index) parts.push(rest.slice(0, found.index));
    if (found[1]) parts.push(html`<strong>${inline(found[2])}</strong>`);
    else if (found[3]) parts.push(html`<em>${inline(found[4])}</em>`);
    else if (found[5]) parts.push(html`<em>${inline(found[6])}</em>`);
    else if (found[7]) parts.push(html`<code>${found[8]}</code>`);
    else if (found[9]) parts.push(link(found[11], inline(found[10])));
    else parts.push(link(found[0], found[0]));
    rest = rest.slice(found.index + found[0].length);
  }
  return parts;
}

const lines = (block) => block.map((line, i) => (i ? [html`<br>`, inline(line)] : inline(line)));

/* Groups lines into blocks {kind: "p" | "ul" | "ol" | "heading", lines}. */
function blocks(markdown) {
  const found = [];
  let open = null;
  const add = (kind, line) => {
    if (!open || open.kind !== kind) found.push(open = { kind, lines: [] });
    open.lines.push(line);
  };
  for (const line of markdown.replace(/\r/g, "").split("\n")) {
    const bullet = /^\s*[-*+]\s+(.*)$/s.exec(line);
    const numbered = /^\s*\d+[.)]\s+(.*)$/s.exec(line);
    const heading = /^#{1,6}\s+(.*)$/s.exec(line);
    if (!line.trim()) open = null;
    else if (bullet) add("ul", bullet[1]);
    else if (numbered) add("ol", numbered[1]);
    else if (heading) found.push({ kind: "heading", lines: [heading[1]] }), open = null;
    else if (/^[uo]l$/.test(open?.kind) && /^\s+/.test(line)) open.lines[open.lines.length - 1] += ` ${line.trim()}`;
    else add("p", line.trim());
  }
  return found;
}

export function markdown(text) {
  return blocks(text).map((block) => {
    if (block.kind === "ul") return html`<ul>${block.lines.map((line) => html`<li>${inline(line)}</li>`)}</ul>`;
    if (block.kind === "ol") return html`<ol>${block.lines.map((line) => html`<li>${inline(line)}</li>`)}</ol>`;
    if (block.kind === "heading") return html`<p><strong>${inline(block.lines[0])}</strong></p>`;
    return html`<p>${lines(block.lines)}</p>`;
  });
}

/* What people wrote: line breaks and web addresses, nothing else. */
export function plain(text) {
  return text.split("\n").map((line, i) => {
    const parts = line.split(/(https?:\/\/[^\s<>()]+[^\s<>().,;:!?])/);
    const shown = parts.map((part, n) => (n % 2 ? link(part, part) : part));
    return i ? [html`<br>`, shown] : shown;
  });
}

/* The same words without the marks, for a field that people write in. */
export function unmarked(text) {
  return text.replace(/\[([^[\]]+)\]\(([^()\s]+)\)/g, "$1 ($2)").replace(/\*\*([^*]+)\*\*/g, "$1")
    .replace(/(^|\W)[*_]([^*_]+)[*_](?=\W|$)/g, "$1$2").replace(/`([^`]+)`/g, "$1").replace(/^#{1,6}\s+/gm, "").trim();
}
