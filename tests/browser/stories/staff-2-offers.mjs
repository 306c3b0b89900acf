/* Offers: nobody online, a promise that is offered first, expiry, absence. */
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { Agent } from "../staff.mjs";

export const title = "Offers";

async function waiting(stage) {
  const customer = new Customer(await stage.page("/chat"));
  await customer.ask.waitFor();
  await customer.say("I want a human");
  await customer.sees("You asked for a person.");
  return customer;
}

export const stories = {
  async "who left an address is offered first"(stage) {
    const promised = new Customer(await stage.page("/chat"));
    await promised.ask.click();
    await promised.page.getByLabel("Telephone number or e-mail address").fill("+46 70 123 45 67");
    await promised.button("Get a promise").click();
    await promised.sees(/Promise no/);
    await waiting(stage);
    const alex = await Agent.at(stage, "alex", { size: "phone" });
    await alex.offer().waitFor();
    await stage.shot(alex.page, "offer-phone");
    await stage.axe(alex.page, "offers on a phone");
    await alex.accept();
    await alex.sees(/^Promise 1:$/);
    await alex.sees(/\+46 70 123 45 67/);
    stage.check(true, "the promise comes first, with its number and the address");
    await promised.sees(/a person is here for you/);
    await stage.shot(alex.page, "promise-phone");
    await stage.axe(alex.page, "a promise on a phone");
    await alex.page.getByRole("link", { name: "Customer and hand-over note" }).click();
    await alex.page.getByText("Why a person").waitFor();
    await stage.axe(alex.page, "details on a phone");
    await alex.page.goBack();
    await alex.field.waitFor();
    await alex.page.getByRole("link", { name: "Back to the list" }).click();
    await alex.row("Guest").first().waitFor();
    stage.check(await alex.field.isHidden(), "a phone shows one pane at a time, and Back goes one back");
  },

  async "an offer that nobody takes moves on, and too many mean away"(stage) {
    const alex = await Agent.at(stage, "alex");
    await waiting(stage);
    await alex.offer().waitFor();
    stage.check(await until("the title tells", async () => /New offer/.test(await alex.page.title())), "the window's title tells of the offer");
    const sam = await Agent.at(stage, "sam");
    await sam.offer().waitFor({ timeout: 20000 });
    stage.check(await alex.offer().isHidden(), "an offer that expires moves on");
    await alex.present("offline");
    await sam.accept();
    await sam.sees("You took the conversation");
  },

  async "a page that is busy for longer than the lease stays online"(stage) {
    const alex = await Agent.at(stage, "alex");
    await alex.sees("You are online");
    await alex.page.evaluate(() => {
      for (const end = Date.now() + 22000; Date.now() < end;);
    });
    stage.check(await alex.presence("Online").isChecked(), "heartbeats do not depend on the page's own thread");
  },

  async "an agent whose page is gone is offline, and the customer waits again"(stage) {
    const alex = await Agent.at(stage, "alex"), customer = await waiting(stage);
    await alex.accept();
    await customer.sees(/ is here now\.$/);
    await alex.page.context().setOffline(true);
    await alex.sees("The connection is lost.");
    await stage.axe(alex.page, "a lost line");
    const sam = await Agent.at(stage, "sam");
    await sam.offer().waitFor({ timeout: 40000 });
    stage.check(true, "the lease ends and the conversation is offered to somebody else");
    await sam.accept();
    await alex.page.context().setOffline(false);
    await alex.sees("You were set offline because the server did not hear from this page.");
    await alex.sees(/belongs to|waits for/);
    stage.check(await alex.field.count() === 0, "back again, the agent is told, and cannot write any more");
  },
};
