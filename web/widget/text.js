/* Text to DOM nodes. No HTML is read anywhere, so nothing that somebody wrote can become markup. */
export function element(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(2).filter(Boolean));
  return node;
}

/* Links lead to the web, to mail, and to the server's own articles; others stay the text they are. */
export function link(text, address, server) {
  if (!/^(https?:|mailto:|\/help\/)/i.test(address)) return text;
  return element("a", { href: new URL(address, server).href, target: "_blank", rel: "noopener noreferrer" }, text);
}

const INLINE = /\*{1,2}([^*]+)\*{1,2}|\[([^\]]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>]*[\w/])|([\w.+-]+@[\w-]+\.[\w.-]*\w)/g;

function inline(text, server) {
  let end = 0;
  return [...text.matchAll(INLINE)].map(({ 0: all, 1: strong, 2: label, 3: address, 4: url, 5: mail, index }) => {
    const before = text.slice(end, index);
    end = index + all.length;
    return [before, strong ? element("b", {}, strong) : link(label || all, address || url || "mailto:" + mail, server)];
  }).concat(text.slice(end));
}

/* Light Markdown: paragraphs, lists, bold, links. */
export function rich(text, server) {
  const blocks = [];
  let tag;
  for (const row of text.split("\n")) {
    const [, mark, item] = /^\s*([-*]|\d+[.)])\s+(.*)/s.exec(row) || [], before = tag;
    tag = mark ? (mark > "/" ? "ol" : "ul") : row.trim() && "p";
    if (tag && tag !== before) blocks.push(element(tag, {}));
    else if (tag === "p") blocks.at(-1).append("\n");
    if (tag) blocks.at(-1).append(element(mark ? "li" : "span", {}, inline(item || row.replace(/^#+ /, ""), server)));
  }
  return blocks;
}
