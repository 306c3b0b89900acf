/* login.js - the door: log-in, and what stands there while the server is asked or away. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { signal } from "../lib/store.js";
import { mark } from "./frame.js";
import { logIn, session } from "./session.js";
import { refusalWord, t } from "./words.js";

const state = signal({ busy: false, refusal: null });

async function submit(event) {
  event.preventDefault();
  const { login, password } = event.target.elements;
  if (!login.value.trim() || !password.value) {
    state.value = { busy: false, refusal: { code: "login_empty" } };
    (login.value.trim() ? password : login).focus();
    return;
  }
  state.value = { busy: true, refusal: null };
  try {
    await logIn(login.value.trim(), password.value);
    state.value = { busy: false, refusal: null };
  } catch (refusal) {
    state.value = { busy: false, refusal };
    password.select();
  }
}

/* Who is who in the demo, told at its own door. */
const demo = signal(false);
fetch("/v1/workspace").then((answer) => answer.json()).then((workspace) => { demo.value = Boolean(workspace.demo); }, () => {});

function demoHint(login) {
  const password = `${login}-whimbrel`;
  const fill = () => {
    document.getElementById("login").value = login;
    document.getElementById("password").value = password;
  };
  return html`<div class="notice door-demo"><p>${t("door.demo", { login, password })}</p>
    <button class="button small" type="button" @click=${fill}>${t("door.demo_fill")}</button></div>`;
}

/* demoLogin: whom the demo suggests for this page. */
export function door(title, demoLogin) {
  if (session.value.state !== "out") {
    return html`<main class="door"><div class="door-card card" role="status">${mark}
      <p>${session.value.state === "down" ? t("door.down") : t("door.asking")}</p></div></main>`;
  }
  const { busy, refusal } = state.value;
  return html`<main class="door">
    <form class="door-card card stack" @submit=${submit} novalidate>
      <div class="door-head">${mark}<h1>beckon <span class="muted">${title}</span></h1></div>
      ${session.value.code ? html`<p class="notice warn" role="status">${t("door.ended")}</p>` : nothing}
      <div class="field"><label for="login">${t("door.login")}</label>
        <input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100" required
          aria-describedby=${refusal ? "door-error" : nothing} aria-invalid=${refusal ? "true" : nothing}></div>
      <div class="field"><label for="password">${t("door.password")}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required
          aria-describedby=${refusal ? "door-error" : nothing} aria-invalid=${refusal ? "true" : nothing}></div>
      <div role="alert">${refusal ? html`<p class="notice bad" id="door-error">${refusalWord(refusal)}</p>` : nothing}</div>
      <button class="button primary" type="submit" ?disabled=${busy}>${busy ? t("door.busy") : t("door.enter")}</button>
      ${demo.value ? demoHint(demoLogin) : nothing}
    </form></main>`;
}
