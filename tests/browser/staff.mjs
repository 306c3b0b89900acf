/* The hands and eyes of staff on their pages. Names of things are the English interface texts. */
import { until } from "./lib.mjs";

async function logIn(page, login, password = `${login}-whimbrel`) {
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

class Staff {
  constructor(page) {
    this.page = page;
    this.field = page.locator("#reply");
    this.timeline = page.getByRole("log", { name: "Messages" });
    this.dialog = page.getByRole("dialog");
  }

  sees(text) {
    return this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  /* Messages with this text in the open conversation. */
  messages(text) {
    return this.timeline.locator(".message:not(.pending)").filter({ hasText: text });
  }

  async say(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  async said(text) {
    await this.messages(text).first().waitFor();
  }

  /* Chooses in the open dialog and sends it. */
  async choose(choice, note = "") {
    await this.dialog.getByRole("radio", { name: choice }).check();
    if (note) await this.dialog.getByLabel(/Note/).fill(note);
    await this.dialog.locator("[type=submit]").click();
    await this.dialog.waitFor({ state: "detached" });
  }
}

/* An agent at /agent. Whatever happens, the agent is offline when the story ends. */
export class Agent extends Staff {
  static async at(stage, login, { state = "online", ...options } = {}) {
    await stage.person(login, null);
    const agent = new Agent(await stage.page("/agent", options));
    await logIn(agent.page, login);
    await agent.page.getByRole("group", { name: "Your presence" }).waitFor();
    if (state) await agent.present(state);
    return agent;
  }

  presence(state) {
    return this.page.getByRole("radio", { name: state, exact: true });
  }

  async present(state) {
    const name = state[0].toUpperCase() + state.slice(1);
    /* The switch shows what the server has acknowledged: it may spring back until the answer is there. */
    await this.presence(name).click();
    await until(`the agent is ${state}`, () => this.presence(name).isChecked());
  }

  offer() {
    return this.page.getByRole("region", { name: "Offers" }).getByRole("article").first();
  }

  row(name) {
    return this.page.getByRole("navigation", { name: "Conversations" }).getByRole("link").filter({ hasText: name });
  }

  async accept() {
    await this.offer().waitFor();
    await this.button(/^Accept/).first().click();
    await this.timeline.waitFor();
    await this.field.waitFor();
  }

  async resolve(choice = "Solved") {
    await this.button(/^Resolve/).click();
    await this.choose(choice);
    await this.sees("Wrap-up.");
  }
}

export class Supervisor extends Staff {
  static async at(stage, login = "robin", options = {}) {
    const supervisor = new Supervisor(await stage.page("/supervisor", options));
    await logIn(supervisor.page, login);
    await supervisor.page.getByRole("region", { name: "Now and since midnight" }).waitFor();
    return supervisor;
  }

  /* The figure and the words under it: "1 longest 0:05". */
  tile(name) {
    return this.page.locator(".tile", { hasText: name }).locator("dd").innerText();
  }

  async figure(name, wanted) {
    await until(`${name} is ${wanted}`, async () => wanted.test((await this.tile(name)).replace(/\s+/g, " ")));
  }

  table(name) {
    return this.page.getByRole("region", { name: new RegExp(`^${name}`) });
  }

  async open(name) {
    await this.page.getByRole("link", { name }).first().click();
    await this.timeline.waitFor();
  }
}

export { logIn };
