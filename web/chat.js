/* /chat: the widget's conversation on a page of its own. A host page may hand its customer over in the
   address, after #, which no server sees: identity, signature, name, email, language, theme. */
import "./widget/chat.js";

const NAMES = ["identity", "signature", "name", "email", "language", "theme", "accent"];
const handed = new URLSearchParams(location.hash.slice(1));
if (handed.size) {
  sessionStorage.setItem("beckon customer", handed);
  history.replaceState(null, "", location.pathname);
}

const chat = document.createElement("beckon-chat");
chat.setAttribute("mode", "page");
for (const [name, value] of new URLSearchParams(sessionStorage.getItem("beckon customer"))) {
  if (NAMES.includes(name)) chat.setAttribute(name, value);
}
document.querySelector("main").append(chat);

/* A file that misses the chat must not open in its place. */
for (const type of ["dragover", "drop"]) addEventListener(type, (event) => chat.panel?.[`on${type}`](event));

try {
  const { name } = await (await fetch("/v1/workspace")).json();
  document.title = name;
} catch {} // the conversation itself says when there is no connection
