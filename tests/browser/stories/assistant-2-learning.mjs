/* The assistant learns from the agent who answered what it could not; a supervisor has the last word. */
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { Agent, Supervisor } from "../staff.mjs";

export const title = "Learning from people";

async function ask(stage, words) {
  const customer = new Customer(await stage.page("/chat"));
  await customer.ask.waitFor();
  await customer.say(words);
  return customer;
}

/* A customer whose words the assistant does not know, and the agent who takes it up. */
async function handedOver(stage, words, options = {}) {
  const alex = await Agent.at(stage, "alex", options);
  const customer = await ask(stage, words);
  await customer.sees(/did not understand|not quite sure/i);
  await customer.say("I want a human");
  await alex.accept();
  return { alex, customer };
}

const card = (page) => page.getByRole("region", { name: "What was it about?" });

async function learned(robin, words) {
  const { paraphrases } = await robin.call("paraphrases");
  return paraphrases.find((one) => one.wording === words);
}

export const stories = {
  async "one key, beside the hand-over note"(stage) {
    const words = "the plastic thingy evaporated from my trousers";
    const { alex } = await handedOver(stage, words);
    await card(alex.page).waitFor();
    stage.check((await card(alex.page).innerText()).includes(words), "the agent sees the customer's words");
    stage.check(await card(alex.page).getByRole("button", { name: /^[123] / }).count() === 3, "and the best three topics or articles");
    await stage.axe(alex.page, "what was it about, beside the note");
    await stage.shot(alex.page, "asked-desktop-light");
    await alex.page.getByRole("log", { name: "Messages" }).focus();
    await alex.page.keyboard.press("2");
    await alex.sees(/^Learned: it was about/);
    await alex.sees(/Learned “the plastic thingy/);
    stage.check(await card(alex.page).count() === 0, "one key confirms it, and the card is gone");
    const robin = await stage.person("robin", null);
    const taught = await learned(robin, words);
    stage.check(taught?.agent_name.startsWith("Alex") && taught.state === "approved" && taught.version === 1, "it is kept with who and from where");
    await until("the assistant has learned", async () => (await robin.call("paraphrases")).in_use === 1);

    await ask(stage, words);
    const events = await until("the decision", async () => {
      const { conversations } = await robin.call("conversations?state=assistant");
      const found = (await robin.events(conversations[0].conversation)).filter((event) => event.type === "assistant.decided");
      return found.length && found;
    });
    stage.check(events[0].topic === taught.topic, `the next customer with these words is understood: ${events[0].topic}`);
    stage.check(events[0].explanation.learned === 1, "and the explanation says how much was learned");
  },

  async "the words are edited, and nothing personal is kept"(stage) {
    const { alex } = await handedOver(stage, "glorp W-20417 zzyx wibble maria@example.com flumph");
    await card(alex.page).waitFor();
    stage.check(/glorp … zzyx wibble … flumph/.test(await card(alex.page).innerText()), "numbers and addresses are left out");
    await alex.button("Change the words").click();
    await alex.page.getByLabel("What the assistant learns").fill("glorp zzyx call 070 123 45 67");
    await card(alex.page).getByRole("button").first().click();
    await alex.sees(/something personal in the words/);
    await stage.axe(alex.page, "words that were refused");
    await stage.shot(alex.page, "asked-refused");
    await alex.page.getByLabel("What the assistant learns").fill("glorp zzyx flumph");
    await alex.page.getByLabel("Something else…").selectOption({ index: 1 });
    await alex.sees(/^Learned: it was about/);
    const robin = await stage.person("robin", null);
    stage.check(Boolean(await learned(robin, "glorp zzyx flumph")), "the agent's words are what is kept");
  },

  async "on a phone, in the wrap-up"(stage) {
    const { alex } = await handedOver(stage, "quibble the frobnicator sideways please", { size: "phone", scheme: "dark" });
    await alex.page.getByRole("link", { name: "Customer and hand-over note" }).click();
    await card(alex.page).waitFor();
    await stage.shot(alex.page, "asked-phone-details");
    await stage.axe(alex.page, "what was it about, on a phone");
    await alex.page.goBack();
    await alex.resolve();
    await card(alex.page).waitFor();
    await stage.axe(alex.page, "what was it about, in the wrap-up");
    await stage.shot(alex.page, "asked-phone-dark");
    await card(alex.page).getByRole("button").first().click();
    await alex.sees(/^Learned: it was about/);
    stage.check(true, "confirmed by a tap, after the conversation");
  },

  async "a supervisor reviews, revokes and approves again"(stage) {
    const words = "the snood has gone walkabout entirely";
    const { alex } = await handedOver(stage, words);
    await card(alex.page).waitFor();
    await card(alex.page).getByRole("button").first().click();
    await alex.sees(/^Learned: it was about/);
    for (const [size, scheme] of [["desktop", "light"], ["phone", "dark"]]) {
      const robin = await Supervisor.at(stage, "robin", { size, scheme });
      await robin.page.getByRole("link", { name: "Learned" }).click();
      const row = robin.page.getByRole("row").filter({ hasText: words });
      await row.getByText(/In use, not reviewed|Approved by/).waitFor();
      await stage.axe(robin.page, `learned wordings, ${size} ${scheme}`);
      await stage.shot(robin.page, `learned-${size}-${scheme}`);
      await row.getByRole("button", { name: /Revoke/ }).click();
      await row.getByText(/Revoked by Robin/).waitFor();
      const boss = await stage.tidier();
      const before = (await boss.call("paraphrases")).paraphrases.filter((one) => one.state === "approved").length;
      await until("the assistant forgets it", async () => (await boss.call("paraphrases")).in_use === before);
      stage.check(true, `${size}: revoked, and the assistant forgets it`);
      await row.getByRole("button", { name: /Approve/ }).click();
      await row.getByText(/Approved by Robin/).waitFor();
      await until("it is learned again", async () => (await boss.call("paraphrases")).in_use === before + 1);
      stage.check(true, `${size}: approved again, and learned again`);
      await robin.page.getByLabel("Show").selectOption({ label: "Revoked" });
      await robin.sees("None of these.");
      await robin.page.getByLabel("Show").selectOption({ label: "Approved" });
      await row.waitFor();
      stage.check(true, `${size}: shown by how they were reviewed`);
    }
    const boss = await stage.tidier(), all = (await boss.call("paraphrases")).paraphrases;
    const first = await boss.call("paraphrases?limit=1"), next = await boss.call(`paraphrases?limit=1&before=${first.paraphrases[0].paraphrase}`);
    stage.check(first.more && first.paraphrases[0].wording === all[0].wording && next.paraphrases[0].wording === all[1].wording, "page by page, the newest first");
    stage.check((await boss.call("paraphrases?state=unreviewed")).paraphrases.every((one) => !one.reviewed_at), "and by state");
  },
};
