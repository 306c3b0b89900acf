/* Lost lines, a killed server, ended sessions, refusals: nothing is lost, nothing comes twice. */
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { Agent, logIn } from "../staff.mjs";

export const title = "Staff and faults";

async function conversation(stage) {
  const agent = await Agent.at(stage, "alex");
  const customer = new Customer(await stage.page("/chat"));
  await customer.ask.waitFor();
  await customer.say("I want a human");
  await agent.accept();
  return { agent, customer };
}

const own = (agent) => agent.page.locator(".message.by-agent:not(.pending) .bubble").allInnerTexts();

export const stories = {
  async "what is written without a line arrives once and in order"(stage) {
    const { agent, customer } = await conversation(stage);
    await agent.say("Before");
    await agent.said("Before");
    await agent.page.context().setOffline(true);
    await agent.sees("The connection is lost.");
    for (const text of ["One", "Two", "Three"]) await agent.say(text);
    await stage.shot(agent.page, "agent-lost-line");
    await customer.say("Are you still there?");
    await agent.page.context().setOffline(false);
    await agent.button("Try now").click({ timeout: 500 }).catch(() => {});
    await agent.said("Three");
    await agent.said("Are you still there?");
    stage.check((await own(agent)).join() === "Before,One,Two,Three", "in order, each once");
    stage.check(await customer.count(/^Two$/) === 1, "the customer has it once, too");
  },

  async "an answer that is lost on its way does not double the message"(stage) {
    const { agent, customer } = await conversation(stage);
    await agent.page.route("**/messages", async (route) => {
      await route.fetch();
      await route.abort();
    }, { times: 1 });
    await agent.say("Said once");
    await until("the message is acknowledged", async () => await agent.page.locator(".pending").count() === 0 && (await own(agent)).length === 1);
    await customer.sees("Said once");
    stage.check((await own(agent)).join() === "Said once", "the same key, sent again, is the same message");
  },

  async "a server that is killed comes back with everything"(stage) {
    const { agent, customer } = await conversation(stage);
    await agent.say("Acknowledged");
    await agent.said("Acknowledged");
    await stage.server.kill();
    await agent.sees("The connection is lost.");
    await agent.say("Written meanwhile");
    const context = agent.page.context();
    await agent.page.close();
    await stage.server.restart();
    const again = new Agent(await stage.page("/agent", { context }));
    await again.row("Guest").first().click();
    await again.said("Written meanwhile");
    stage.check((await own(again)).join() === "Acknowledged,Written meanwhile", "what was written survives the server and the window");
    await customer.sees("Written meanwhile");
  },

  async "refusals are told in words"(stage) {
    const page = await stage.page("/agent");
    await logIn(page, "alex", "wrong");
    await page.getByText("The login or the password is wrong.").waitFor();
    await stage.axe(page, "a wrong password");
    await page.getByLabel("Password").fill("");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("Fill in both the login and the password.").waitFor();
    stage.check(true, "a log-in that fails says why");

    const { agent } = await conversation(stage);
    await agent.page.route("**/messages", (route) => route.fulfill({ status: 413, contentType: "application/json", body: '{"error":{"code":"too_long"}}' }), { times: 1 });
    await agent.say("Too long, says the server");
    await agent.sees("The text is too long. Shorten it and send it again.");
    await stage.axe(agent.page, "a refused message");
    await agent.button("Send again").click();
    await agent.said("Too long, says the server");
    stage.check((await own(agent)).length === 1, "a refused message waits for its writer");

    await agent.page.route("**/messages", (route) => route.fulfill({ status: 413, contentType: "application/json", body: '{"error":{"code":"too_long"}}' }), { times: 1 });
    await agent.say("Refused words");
    await agent.sees("The text is too long. Shorten it and send it again.");
    await agent.field.fill("begun");
    await agent.button("Change it").click();
    stage.check(await agent.field.inputValue() === "begun\nRefused words" && await agent.page.locator(".pending").count() === 0, "or is changed, behind what was begun");
    await agent.field.fill("ö".repeat(4100));
    await agent.sees("8200 of 8000 bytes");
    stage.check(await agent.button("Send").isDisabled(), "what the server would not take is told before, and not cut");
    await agent.field.press("Enter");
    stage.check((await agent.field.inputValue()).length === 4100, "and stays");
    await agent.field.fill("");
  },

  async "an older answer does not take back what an event has said"(stage) {
    const agent = await Agent.at(stage, "alex", { state: "" });
    let held = null;
    await agent.page.route("**/v1/me", async (route) => {
      const answer = await route.fetch(), body = await answer.text();
      await new Promise((done) => (held ? setTimeout(done, 1500) : held = done));
      await route.fulfill({ response: answer, body });
    });
    await stage.server.reload(); /* the page reads itself anew */
    await until("the page asks", () => held);
    await agent.presence("Away").click();
    await until("the agent is away", () => agent.presence("Away").isChecked());
    held();
    await agent.page.waitForTimeout(700);
    stage.check(await agent.presence("Away").isChecked(), "the answer from before it is asked for again");
  },

  async "a session that is ended ends the page"(stage) {
    const agent = await Agent.at(stage, "alex");
    const admin = await stage.person("admin", null);
    const { agents } = await admin.call("agents");
    await admin.call(`agents/${agents.find((one) => one.login === "alex").agent}/sessions/end`, {});
    await agent.sees("Your session has ended. Log in again to go on.");
    await stage.axe(agent.page, "the door");
    await logIn(agent.page, "alex");
    await agent.presence("Offline").waitFor({ state: "attached" });
    stage.check(true, "logging in again goes on in the same page");
  },

  async "what one could not send nobody else sends"(stage) {
    const { agent, customer } = await conversation(stage);
    const admin = await stage.person("admin", null);
    await stage.person("sam", null);
    await agent.page.context().setOffline(true);
    await agent.sees("The connection is lost.");
    await agent.say("Written by Alex");
    await agent.field.fill("Begun by Alex");
    const { agents } = await admin.call("agents");
    await admin.call(`agents/${agents.find((one) => one.login === "alex").agent}/sessions/end`, {});
    await agent.page.context().setOffline(false);
    await agent.button("Try now").click({ timeout: 500 }).catch(() => {});
    await agent.sees("Your session has ended. Log in again to go on.");
    const kept = () => agent.page.evaluate(() => [localStorage["beckon.outbox.agent"], localStorage["beckon.drafts"]].join());
    stage.check((await kept()).match(/by Alex/g)?.length === 2, "Alex would find it again");
    await logIn(agent.page, "sam");
    await agent.presence("Offline").waitFor({ state: "attached" });
    await until("nothing of Alex's is kept", async () => !/by Alex/.test(await kept()), 5000);
    stage.check(await customer.count("Written by Alex") === 0, "what Alex wrote does not come from Sam");
  },
};
