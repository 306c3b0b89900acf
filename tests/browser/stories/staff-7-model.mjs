/* A customer and an agent who write different languages, with a language model between them: a server that knows four
   sentences. */
import http from "node:http";
import { Customer } from "../customer.mjs";
import { Server, until } from "../lib.mjs";
import { Agent } from "../staff.mjs";

export const title = "With a language model";

const POLISH = "Dzień dobry, gdzie jest moja paczka? Zamówiłam ją dwa tygodnie temu i jeszcze do mnie nie przyszła.";
const ENGLISH = "Good day, where is my parcel? I ordered it two weeks ago and it has not come to me yet.";
const REPLY = "Hello, I will look where your parcel is and write to you here today.";
const POLISH_REPLY = "Dzień dobry, sprawdzę, gdzie jest Twoja paczka, i jeszcze dzisiaj tutaj napiszę.";
const UNKNOWN = "That was 1 parcel of 2, and the other one comes on Friday.";

/* Chat completions, whole: the server takes that too. */
async function model() {
  const server = http.createServer(async (request, answer) => {
    let text = "";
    for await (const piece of request) text += piece;
    const [system, user] = JSON.parse(text).messages.map(({ content }) => content);
    const { text: said, approved } = JSON.parse(user);
    const content = /^You translate/.test(system) ? JSON.stringify({ translation: { [POLISH]: ENGLISH, [REPLY]: POLISH_REPLY }[said] ?? "?" })
      : /^You sum up/.test(system) ? JSON.stringify({ summary: "The customer waits for a parcel." }) : approved ?? "";
    answer.setHeader("Content-Type", "application/json");
    answer.end(JSON.stringify({ choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }], usage: { total_tokens: 50 } }));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

export const stories = {
  async "customer and agent each read their own language, and the original"(stage) {
    const fake = await model();
    const own = await Server.start({ more: `model:\n  base_url: http://127.0.0.1:${fake.address().port}/v1\n  name: polyglot\n` });
    const before = stage.server;
    stage.server = own;
    try {
      const sam = await Agent.at(stage, "sam");
      const page = await stage.page("/chat");
      const customer = new Customer(page);
      await customer.ask.waitFor();
      await customer.say("What does a late payment cost?");
      await customer.sees(/A late payment costs/);
      await customer.say(POLISH);
      await sam.accept();
      await sam.said(ENGLISH);
      stage.check(await sam.timeline.locator(".message").getByText(POLISH).isHidden(), "the agent reads the customer's words in English");
      await sam.timeline.getByText("Original: Polish").click();
      await sam.timeline.locator(".message").getByText(POLISH).waitFor();
      stage.check(true, "and in the customer's own with one click");
      await sam.sees("Summary by AI (polyglot)");
      await sam.sees("The customer waits for a parcel.");
      stage.check(true, "the hand-over note has the model's summary, and says whose it is");
      const why = sam.page.locator(".why").first();
      await why.locator("summary").click();
      await why.getByText("polyglot put the approved answer in other words").waitFor();
      const part = await why.locator("dl.facts > div", { hasText: "Language model" }).innerText();
      stage.check(part.split("\n").length === 3 && await why.locator("dl.facts > div", { hasText: /language model/i }).count() === 1, "once, with its prompt");
      stage.check(true, "under an answer stands that the model had a part in it");
      await stage.axe(sam.page, "a translated conversation, agent");
      await stage.shot(sam.page, "translated-agent");

      await sam.say(REPLY);
      await sam.said(REPLY);
      await customer.sees(POLISH_REPLY);
      stage.check(await page.getByText(REPLY).isHidden(), "the customer reads the agent's words in Polish");
      await page.getByText("the original").click();
      await page.getByText(REPLY).waitFor();
      stage.check(true, "and as they were written with one click");
      await stage.axe(page, "a translated conversation, customer");
      await stage.shot(page, "translated-customer");
      await sam.say(UNKNOWN);
      await customer.sees(UNKNOWN);
      await sam.timeline.getByText("Not translated: the customer reads these words").waitFor();
      stage.check(true, "what could not be translated is shown as it is, and the agent is told");
      await sam.timeline.getByText("The customer reads this in: Polish").click();
      await sam.timeline.getByText(POLISH_REPLY).waitFor();
      await page.reload();
      await customer.sees(POLISH_REPLY);
      stage.check(await customer.count(POLISH) === 1, "a reload shows the same, and the customer's words as they wrote them");
      await until("the figures", async () => /beckon_model_calls_total [3-9]/.test(await (await fetch(`${own.url}/metrics`)).text()));
    } finally {
      stage.server = before;
      await own.stop();
      fake.close();
      fake.closeAllConnections();
    }
  },
};
