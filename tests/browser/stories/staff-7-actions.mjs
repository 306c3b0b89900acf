/* An agent does something for the customer: chosen from the list, looked at once more, run, or put before a colleague. */
import { Agent, Supervisor } from "../staff.mjs";
import { asMaja } from "./customer-1-assistant.mjs";

export const title = "What an agent does for a customer";

async function serving(stage, login, options, first) {
  const agent = await Agent.at(stage, login, options);
  const customer = await asMaja(stage);
  if (first) {
    await customer.say(first);
    await customer.answer();
  }
  await customer.say("I want to talk to a person");
  await agent.accept();
  return { agent, customer };
}

async function choose(agent, name, parameters = {}) {
  await agent.button(/^Act/).click();
  await agent.dialog.getByLabel("What to do").selectOption({ label: name });
  for (const [label, value] of Object.entries(parameters)) await agent.dialog.getByLabel(label).fill(value);
}

async function press(agent, name) {
  await agent.dialog.getByRole("button", { name }).click();
}

export const stories = {
  async "an action that needs nobody is looked at once more and runs, and its result is a note"(stage) {
    const { agent } = await serving(stage, "sam");
    await agent.page.route("**/actions?*", (route) => route.abort(), { times: 1 });
    await agent.button(/^Act/).click();
    await agent.sees("There is no connection to the server. Try again.");
    await press(agent, "Read the list again");
    await agent.dialog.getByLabel("What to do").waitFor();
    stage.check(true, "a list that did not come is said so, and read again");
    await press(agent, "Cancel");
    await choose(agent, "Look up an order", { Order: "not a number" });
    await stage.shot(agent.page, "act-dialog-desktop");
    await stage.axe(agent.page, "the dialog of an action");
    await press(agent, "Look at it");
    await agent.dialog.getByRole("alert").getByText(/./).waitFor();
    stage.check(true, "what does not fit is refused before anything runs");
    await agent.dialog.getByLabel("Order").fill("");
    await press(agent, "Look at it");
    await agent.sees("You may run this yourself.");
    await stage.shot(agent.page, "act-confirm-desktop");
    await stage.axe(agent.page, "an action to be confirmed");
    await press(agent, "Run it now");
    await agent.dialog.waitFor({ state: "detached" });
    await agent.sees("Done: Look up an order.");
    stage.check(true, "the agent reads what came of it");
    await agent.resolve();
  },

  async "what is above the limit a colleague allows, and not the one who asked"(stage) {
    const robin = await Supervisor.at(stage);
    const { agent } = await serving(stage, "sam", { scheme: "dark" });
    await choose(agent, "Move the payment", { "Days (may be left out)": "14", Why: "She has been ill." });
    await press(agent, "Look at it");
    await agent.sees("A colleague has to allow this first.");
    await stage.shot(agent.page, "act-ask-dark");
    await press(agent, "Change something");
    stage.check(await agent.dialog.getByLabel("Days (may be left out)").inputValue() === "14" && await agent.dialog.getByLabel("Why").inputValue() === "She has been ill.",
      "what was filled in is still there when something is to be changed");
    await press(agent, "Look at it");
    await agent.sees("A colleague has to allow this first.");
    await press(agent, "Ask a colleague");
    await agent.dialog.waitFor({ state: "detached" });
    const waiting = robin.page.getByRole("region", { name: "Waiting for a yes" }).getByRole("article").first();
    await waiting.waitFor();
    stage.check(/Move the payment/.test(await waiting.innerText()) && /Asked by\s+Sam Okafor\s+Because\s+She has been ill/.test(await waiting.innerText()) && /Days 14/.test(await waiting.innerText()),
      "the colleague reads what, with what, and why");
    stage.check((await agent.page.getByRole("region", { name: "Waiting for a yes" }).getByRole("article").count()) === 0, "nobody decides what they asked for");
    await stage.shot(robin.page, "act-asked-board");
    await robin.button("Allow").click();
    await agent.sees("Done: Move the payment.");
    stage.check(true, "it runs after the yes, and the agent reads what came of it");
    await agent.resolve();
  },

  async "on a phone, in Swedish, and for a customer who has shown no code"(stage) {
    const { agent } = await serving(stage, "sam", { size: "phone" }, "When is my payment due?");
    await agent.page.evaluate(() => localStorage.setItem("beckon.language", JSON.stringify("sv")));
    await agent.page.reload();
    await agent.sees("När ska jag betala?");
    stage.check(true, "the topic stands there in the page's language");
    await agent.button(/^Åtgärd/).click();
    await agent.dialog.getByLabel("Vad som ska göras").selectOption({ label: "Ändra e-postadressen" });
    await agent.sees("Kunden måste först visa en engångskod");
    stage.check(await agent.dialog.getByRole("button", { name: "Granska" }).isDisabled(), "without the code there is nothing to confirm");
    await agent.dialog.getByLabel("Vad som ska göras").selectOption({ label: "Ändra adressen" });
    await agent.dialog.getByLabel("Ny adress").waitFor();
    await stage.shot(agent.page, "act-dialog-phone-sv");
    await stage.axe(agent.page, "the dialog of an action on a phone, in Swedish");
    const wide = await agent.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    stage.check(!wide, "nothing stands out on the side");
    await agent.dialog.getByRole("button", { name: "Stäng" }).first().click();
    await agent.page.evaluate(() => localStorage.removeItem("beckon.language"));
  },
};
