/* The supervisor's board, and what a supervisor may do in a conversation. */
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { Agent, Supervisor } from "../staff.mjs";

export const title = "A supervisor";

async function chat(stage) {
  const customer = new Customer(await stage.page("/chat"));
  await customer.ask.waitFor();
  await customer.say("I want a human");
  await customer.sees("You asked for a person.");
  return customer;
}

export const stories = {
  async "sees who waits, joins, assigns, takes over"(stage) {
    const robin = await Supervisor.at(stage);
    const customer = await chat(stage);
    await robin.table("Waiting for a person").getByRole("link").waitFor();
    const wait = () => robin.tile("Waiting now");
    const before = await wait();
    await until("the longest wait ticks", async () => await wait() !== before);
    await stage.axe(robin.page, "the board");
    stage.check(true, "the board shows who waits, and the wait ticks");

    const alex = await Agent.at(stage, "alex");
    await alex.accept();
    await robin.open(/Guest/);
    await robin.button("Join").click();
    await robin.say("May I add something?");
    await robin.said("May I add something?");
    await customer.sees("May I add something?");
    await alex.sees(/^Robin.* has joined\. The customer sees what both of you write\.$/);
    await alex.said("May I add something?");
    await stage.axe(robin.page, "a conversation beside the board");
    await stage.axe(alex.page, "a supervisor has joined");
    await robin.button("Leave").click();
    await until("the notice goes", async () => !await alex.page.getByText("has joined. The customer sees").count());
    stage.check(true, "joins and leaves; the agent is told");

    const sam = await Agent.at(stage, "sam");
    await robin.button("Assign").click();
    await robin.dialog.getByText("Sam").waitFor();
    await stage.axe(robin.page, "assigning");
    await robin.choose(/Sam/);
    await sam.row("Guest").waitFor();
    await alex.sees(/gave your conversation with .* to somebody else/);
    stage.check(await alex.field.count() === 0, "assigned to another agent, the first one cannot write any more");

    await robin.button("Take over").click();
    await robin.dialog.locator("[type=submit]").click();
    await robin.button("Resolve").waitFor(); // until then what is written is a note
    await robin.say("I take care of it myself.");
    await customer.sees("I take care of it myself.");
    await until("the board says so", async () => /Robin/.test(await robin.table("With a person").innerText()));
    stage.check(true, "takes over and talks");
    await robin.button("Resolve").click();
    await robin.choose("Solved");
    await customer.sees("How was it?");
    await robin.button("Finish").click();
    stage.check(true, "resolves and finishes the wrap-up");
  },

  async "the day in charts, with the same in words"(stage) {
    const robin = await Supervisor.at(stage);
    await chat(stage);
    await robin.sees(/^\d+ opened, most around/);
    const chart = robin.page.getByRole("figure", { name: /Conversations today/ });
    await chart.locator("canvas").waitFor();
    await chart.getByText("Show as a table").click();
    await chart.getByRole("row").nth(1).waitFor();
    await stage.axe(robin.page, "the charts' tables");
    stage.check(true, "each chart has a sentence and a table");
  },

  async "finds past conversations"(stage) {
    const robin = await Supervisor.at(stage, "robin", { scheme: "dark" });
    const customer = await chat(stage);
    await customer.say("It is about the zebra lamp");
    await robin.page.getByRole("link", { name: "Conversations" }).click();
    await robin.page.getByLabel("Words, name or e-mail").fill("zebra");
    await robin.sees(/^1 conversation$/);
    await stage.axe(robin.page, "the search");
    await robin.open(/Guest/);
    await robin.said("zebra lamp");
    await robin.page.getByLabel("Words, name or e-mail").fill("nothing like it");
    await robin.sees("0 conversations");
    stage.check(true, "by words, across all conversations");

    await robin.page.getByLabel("Words, name or e-mail").fill("quagga");
    await robin.sees("0 conversations");
    await robin.page.getByRole("link", { name: "Board" }).click();
    await customer.say("And about the quagga rug");
    const boss = await stage.tidier();
    await until("it is found", async () => (await boss.call("conversations?text=quagga")).conversations.length === 1);
    await robin.page.getByRole("link", { name: "Conversations" }).click();
    await robin.sees(/^1 conversation$/);
    stage.check(true, "who comes back to the page finds what has happened meanwhile");
  },

  async "what is begun in one conversation stays while another is open"(stage) {
    const robin = await Supervisor.at(stage);
    const numbers = [];
    for (let i = 0; i < 2; i++) {
      await chat(stage);
      const boss = await stage.tidier();
      numbers.push(await until("the conversation", async () =>
        (await boss.call("conversations?state=waiting")).conversations.map((row) => row.conversation).find((id) => !numbers.includes(id))));
    }
    const open = async (number) => {
      await robin.page.goto(new URL(`/supervisor#/board/${number}`, stage.server.url).href);
      await robin.timeline.waitFor();
      await robin.field.waitFor();
    };
    await open(numbers[0]);
    await robin.field.fill("a note about the first");
    await open(numbers[1]);
    await until("the other one's field", async () => await robin.field.inputValue() === "");
    await robin.field.fill("a note about the second");
    await open(numbers[0]);
    await until("the first draft", async () => await robin.field.inputValue() === "a note about the first");
    stage.check(true, "each conversation has a draft of its own");
  },

  async "on a phone a tab shows its page, also while a conversation is open"(stage) {
    const robin = await Supervisor.at(stage, "robin", { size: "phone" });
    const customer = await chat(stage);
    await customer.say("It is about the giraffe rug");
    await robin.page.getByRole("link", { name: "Conversations" }).click();
    await robin.page.getByLabel("Words, name or e-mail").fill("giraffe");
    await robin.sees(/^1 conversation$/);
    await robin.open(/Guest/);
    await robin.said("giraffe rug");
    await robin.page.getByRole("link", { name: "Staff" }).click();
    await robin.page.getByText("Alex Moreau").first().waitFor();
    stage.check(await robin.page.getByText("giraffe rug").count() === 0, "the conversation does not lie on top of the page");
  },

  async "an administrator adds and changes people"(stage) {
    const admin = await Supervisor.at(stage, "admin");
    const { page } = admin;
    await page.getByRole("link", { name: "Staff" }).click();
    await admin.button("Add a person").click();
    const fill = async (name, text) => admin.dialog.getByLabel(name, { exact: true }).fill(text);
    await fill("Name", "Noor Haddad");
    await fill("Login", "alex");
    await fill("Password", "noor-whimbrel");
    await stage.axe(page, "adding a person");
    await admin.dialog.locator("[type=submit]").click();
    await admin.sees("That login is in use already. Choose another.");
    await fill("Login", "noor");
    await admin.dialog.getByLabel("Refunds").check();
    await admin.dialog.locator("[type=submit]").click();
    await page.getByRole("row", { name: /Noor Haddad noor/ }).waitFor();
    await stage.shot(page, "staff-desktop");
    await stage.axe(page, "the staff");
    await admin.button("Change Noor Haddad").click();
    await admin.dialog.getByLabel("Conversations at once").fill("5");
    await admin.dialog.locator("[type=submit]").click();
    await page.getByRole("row", { name: /Noor Haddad.*0 of 5.*Refunds/ }).waitFor();
    await Agent.at(stage, "noor", { state: null });
    stage.check(true, "who was added can log in");
    await admin.button("Change Noor Haddad").click();
    await page.route("**/change", (route) => route.abort(), { times: 1 });
    await page.route("**/sessions/end", (route) => route.abort(), { times: 1 });
    await admin.button("End all sessions").click();
    await page.locator(".notices").getByText("There is no connection to the server.").waitFor();
    stage.check(true, "what could not be done is said");
    await admin.dialog.locator("[type=submit]").click();
    await admin.dialog.getByText("There is no connection to the server.").waitFor();
    await admin.button("Set a password").click();
    await admin.dialog.getByLabel("Password").waitFor();
    stage.check(await admin.dialog.getByText("no connection").count() === 0, "and not in the next dialog");
    await admin.dialog.getByRole("button", { name: "Cancel" }).click();
    await admin.button("Change Noor Haddad").click();
    await admin.button("Remove").click();
    await admin.dialog.locator("[type=submit]").click();
    await until("Noor is gone", async () => !await page.getByRole("row", { name: /Noor/ }).count());
    stage.check(true, "and be removed");
    const agent = await stage.page("/supervisor");
    await agent.getByLabel("Login").fill("alex");
    await agent.getByLabel("Password").fill("alex-whimbrel");
    await agent.getByRole("button", { name: "Log in" }).click();
    await agent.getByText("This page is for supervisors.").waitFor();
    stage.check(true, "an agent is shown the way to the agent app");
  },
};
