/* The administrator edits what the assistant knows: checks, previews, tries, compares, publishes, rolls back. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { logIn, Supervisor } from "../staff.mjs";

export const title = "Topics and articles";

const WORDS = "why the flibbertigibbet surcharge";

async function open(stage, what, options = {}) {
  const kim = await Supervisor.at(stage, "admin", options);
  await kim.page.getByRole("link", { name: "Knowledge" }).click();
  if (what) {
    await kim.page.getByLabel("Find by name or title").fill(what);
    await kim.page.getByRole("navigation", { name: "Topics" }).getByRole("link").first().click();
    await kim.page.getByLabel("Text of the file").waitFor();
    await kim.sees(/^As published$/);
  }
  return kim;
}

const text = (kim) => kim.page.getByLabel("Text of the file");

async function teach(kim, words = WORDS) {
  const before = await text(kim).inputValue();
  await text(kim).fill(before.replace("examples:\n  en:\n", `examples:\n  en:\n    - ${words}\n`));
  await kim.sees(/^No mistakes$/);
}

const aspect = (kim, name) => kim.page.getByRole("radio", { name }).check();

const fileOf = (stage, name) => readFileSync(path.join(stage.server.directory, name), "utf8");

export const stories = {
  async "a list, and how an article looks"(stage) {
    for (const [size, scheme] of [["desktop", "light"], ["phone", "dark"]]) {
      const kim = await open(stage, "", { size, scheme });
      await kim.page.getByRole("navigation", { name: "Topics" }).getByRole("link").first().waitFor();
      await stage.axe(kim.page, `the list, ${size} ${scheme}`);
      await stage.shot(kim.page, `knowledge-list-${size}-${scheme}`);
      await kim.page.getByRole("radio", { name: "Articles" }).check();
      await kim.page.getByRole("navigation", { name: "Articles" }).getByRole("link").first().click();
      await kim.page.getByRole("group", { name: "Preview" }).waitFor();
      await stage.axe(kim.page, `an article, ${size} ${scheme}`);
      await stage.shot(kim.page, `knowledge-article-${size}-${scheme}`);
      stage.check(/\S/.test(await kim.page.locator(".preview-article").innerText()), `${size}: the article as customers see it`);
    }
  },

  async "mistakes are told with line and cure, as they are made"(stage) {
    const kim = await open(stage, "late-fee");
    await kim.page.getByLabel("Find by name or title").fill("autopay");
    await kim.page.getByLabel("Find by name or title").press("Tab");
    await kim.page.keyboard.press("Enter");
    await until("the keyboard is at what was opened", () => kim.page.evaluate(() => document.activeElement.tagName === "H2" && /autopay/i.test(document.activeElement.innerText)));
    stage.check(true, "a row that is opened by the keyboard leads to the text, not to the next row");
    await kim.page.goBack();
    await kim.sees("topics/late-fee.md · Topic");
    await text(kim).fill((await text(kim).inputValue()).replace("title:", "titel:"));
    stage.check(await kim.page.getByText("No mistakes", { exact: true }).count() === 0, "nothing is called right before it was looked at");
    await kim.sees(/\d mistakes?/);
    stage.check(await kim.page.getByRole("button", { name: "Publish" }).isDisabled(), "what has mistakes cannot be published");
    stage.check(await text(kim).getAttribute("aria-invalid") === "true", "and the text says so");
    await stage.axe(kim.page, "a draft with mistakes");
    await stage.shot(kim.page, "knowledge-mistakes");
    await kim.page.getByRole("button", { name: /^Line \d+/ }).first().click();
    stage.check(await kim.page.evaluate(() => getSelection().toString().length > 0 || document.activeElement.id === "draft"), "a mistake leads to its line");
    await kim.page.reload();
    await kim.sees(/\d mistakes?/);
    stage.check(/titel:/.test(await text(kim).inputValue()), "the draft survives a reload");
    await kim.button("Discard").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^As published$/);
    stage.check(/title:/.test(await text(kim).inputValue()), "and goes when it is discarded");
    await kim.page.evaluate(() => { Storage.prototype.setItem = () => { throw new Error("full"); }; });
    await text(kim).press("Control+End");
    await kim.page.keyboard.type("More than fits.");
    await kim.sees(/This browser has no room left for drafts/);
    stage.check((await text(kim).inputValue()).endsWith("More than fits."), "a browser that can keep no draft says so, and the words stay on the page");
    await stage.axe(kim.page, "a draft that is not kept");
  },

  async "asks the draft, sees what changes, publishes, rolls back"(stage) {
    const customer = new Customer(await stage.page("/chat"));
    await customer.ask.waitFor();
    await customer.say(WORDS);
    await customer.sees(/did not understand|not quite sure/i);
    const before = fileOf(stage, "topics/late-fee.md");
    const kim = await open(stage, "late-fee");
    await teach(kim);
    await aspect(kim, "Ask it");
    await kim.page.getByLabel("Question").fill(WORDS);
    await kim.button("Ask").click();
    await text(kim).press("Control+End");
    await kim.page.keyboard.type(" ");
    await kim.button("Ask").click(); /* what was asked before the last word does not stand in the way */
    const after = kim.page.getByRole("region", { name: "With the draft" });
    await after.waitFor();
    stage.check(/late fee/i.test(await after.innerText()), "the draft understands the question");
    stage.check(/Asked back/.test(await kim.page.getByRole("region", { name: "As it is now" }).innerText()), "and what is published does not");
    await stage.axe(kim.page, "a question to the draft");
    await stage.shot(kim.page, "knowledge-try");
    await aspect(kim, "Changes");
    await kim.button("Compare").click();
    await kim.sees(/\d+ of \d+ would be decided otherwise/);
    stage.check((await kim.page.locator(".differences").innerText()).includes(WORDS), "past questions show what would change");
    await stage.axe(kim.page, "what would change");
    await stage.shot(kim.page, "knowledge-compare");
    stage.check(fileOf(stage, "topics/late-fee.md") === before, "nothing is written before it is published");
    await kim.page.locator(".differences").getByRole("link", { name: /^Conversation/ }).first().click();
    await kim.said(WORDS);
    await kim.page.getByRole("link", { name: "Knowledge" }).click();
    await kim.page.locator(".differences").waitFor();
    stage.check(true, "a past conversation is looked at, and what was compared is still there");

    await kim.button("Publish").click();
    await kim.sees(/^Published as version 2\.$/);
    stage.check(fileOf(stage, "topics/late-fee.md").includes(WORDS), "published, it stands in the workspace's file");
    const next = new Customer(await stage.page("/chat"));
    await next.ask.waitFor();
    await next.say(WORDS);
    await next.sees(/late/i);
    stage.check(true, "and the next customer is understood, with no restart");

    await kim.page.getByRole("radio", { name: "Versions" }).check();
    await kim.page.getByRole("button", { name: "Roll back to version 1" }).waitFor();
    await stage.axe(kim.page, "the versions");
    await stage.shot(kim.page, "knowledge-versions");
    await kim.page.getByRole("button", { name: "Roll back to version 1" }).click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^Rolled back to version 1; that is version 3\.$/);
    stage.check(fileOf(stage, "topics/late-fee.md") === before, "rolled back, the file is as it was, byte for byte");
  },

  async "removes what nothing else needs"(stage) {
    const kim = await open(stage, "");
    const article = (name) => kim.page.goto(new URL(`/supervisor#/knowledge/article/${name}`, stage.server.url).href);
    await article("reminders-and-late-fees");
    await kim.sees(/^As published$/);
    await kim.button("Remove").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/It cannot go yet/);
    stage.check(/topics\/late-fee\.md:\d+/.test(await kim.dialog.innerText()), "an article that topics name stays, and they are listed");
    await stage.axe(kim.page, "what is in the way of a removal");
    await stage.shot(kim.page, "knowledge-remove");
    await kim.dialog.getByRole("button", { name: "Cancel" }).click();
    const boss = await stage.person("admin", null), { version } = await boss.call("content");
    const text = "---\ntitle:\n  en: Snoods\n---\nSnoods come back.\n";
    await boss.call("drafts/publish", { kind: "article", name: "snoods", text, version });
    await article("snoods");
    await kim.page.getByText("Snoods come back.").first().waitFor();
    await kim.button("Remove").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^knowledge\/snoods\.md is removed; that is version \d+\.$/);
    stage.check(!existsSync(path.join(stage.server.directory, "knowledge/snoods.md")), "an article that nothing needs is gone");
    await kim.page.getByRole("radio", { name: "Versions" }).check();
    await kim.sees(/^Removed/);
  },

  async "the second of two is told"(stage) {
    const kim = await open(stage, "late-fee"), other = await open(stage, "late-fee");
    await teach(other, "quuxing after the day");
    await teach(kim, "the zyx of lateness");
    await kim.button("Publish").click();
    await kim.sees(/^Published as version/);
    await other.sees(/This file has been changed since you began/);
    await aspect(other, "Changes");
    const difference = (await other.page.getByRole("group", { name: "What differs" }).innerText()).replace(/\s+/g, " ");
    stage.check(/Gone: - the zyx of lateness/.test(difference) && /New: - quuxing after the day/.test(difference), "at once, with what differs");
    await stage.axe(other.page, "somebody was quicker");
    await stage.shot(other.page, "knowledge-conflict");
    await other.button("Take theirs").click();
    await other.sees(/^As published$/);
    stage.check(/the zyx of lateness/.test(await text(other).inputValue()), "theirs is shown");
    await teach(other, "quuxing after the day");
    await other.button("Publish").click();
    await other.sees(/^Published as version/);
    await until("both are in the file", () => /quuxing after the day[^]*the zyx of lateness/.test(fileOf(stage, "topics/late-fee.md")));
    stage.check(true, "and published on top of it, both are there");
  },

  async "whatever happens meanwhile, no word is lost"(stage) {
    const kim = await open(stage, "late-fee");
    const to = async (name, kind = "topic") => {
      await kim.page.goto(new URL(`/supervisor#/knowledge/${kind}/${name}`, stage.server.url).href);
      await until(`${name} is open`, async () => (await kim.page.locator(".knowledge-head").innerText()).includes(`/${name}.md`));
      await kim.sees(/^(As published|No mistakes)$/);
    };
    await teach(kim, "one draft of two");
    await to("autopay");
    await teach(kim, "the other draft of two");
    await kim.button("Publish").click();
    await kim.sees(/^Published as version/);
    await to("late-fee");
    await kim.button("Publish").click();
    await until("the first draft is published on top of the second", () => fileOf(stage, "topics/late-fee.md").includes("one draft of two"));
    stage.check(true, "two drafts of one person are no conflict");
    await kim.sees(/^As published$/);

    await teach(kim, "before the press");
    await kim.button("Publish").click();
    await text(kim).press("Control+End");
    await kim.page.keyboard.type("Written while it was published.");
    await until("it is published", () => fileOf(stage, "topics/late-fee.md").includes("before the press"));
    await kim.sees(/^No mistakes$/);
    stage.check((await text(kim).inputValue()).endsWith("Written while it was published."), "what is written while the server works stays");
    await kim.button("Publish").click();
    await until("and can be published", () => fileOf(stage, "topics/late-fee.md").includes("Written while"));
    await kim.sees(/^As published$/);

    await teach(kim, "an answer goes missing");
    await kim.page.route("**/v1/drafts/publish", async (route) => {
      await until("the server has answered", async () => (await route.fetch()).status() === 200);
      await route.abort();
    });
    await kim.button("Publish").click();
    await kim.sees("This text is published already.");
    await kim.sees(/^As published$/);
    stage.check(await kim.page.getByText("has been changed since").count() === 0, "published although the answer was lost: nobody else is blamed");
    await kim.page.unrouteAll();

    await teach(kim, "beside the operator");
    appendFileSync(path.join(stage.server.directory, "topics/late-fee.md"), "By the operator.\n");
    await kim.button("Publish").click();
    await kim.sees(/This file has been changed since you began/);
    await kim.button("Keep my draft").click();
    await kim.button("Publish").click();
    await until("the draft is published", () => fileOf(stage, "topics/late-fee.md").includes("beside the operator"));
    stage.check(true, "what was edited on disk, without a reload, can be put aside");
    await kim.page.getByRole("radio", { name: "Versions" }).check();
    await kim.sees("Edited on the server, not from this page");
    stage.check(true, "and is a version");

    const told = kim.page.locator(".notices .notice").filter({ hasText: "no connection" });
    await until("older news is gone", async () => await told.count() === 0);
    await kim.page.context().setOffline(true);
    await text(kim).press("Control+End");
    await kim.page.keyboard.type("Offline. ");
    await kim.sees(/^Not checked: there is no connection/);
    stage.check(await told.count() === 0, "a lost line is told once, not at each key");
    await kim.page.context().setOffline(false);
    await kim.sees(/^No mistakes$/);
    await kim.button("Discard").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^As published$/);
  },

  async "a question that it does not understand becomes an example"(stage) {
    const kim = await open(stage, "autopay-off");
    await aspect(kim, "Ask it");
    await kim.page.getByLabel("Question").fill("make the gnomes stop taking coins: now");
    await kim.page.getByLabel("Question").press("Enter");
    await kim.button("Add it to the examples (English)").click();
    await kim.sees(/^No mistakes$/);
    stage.check(/examples:\n {2}en:\n {4}- "make the gnomes stop taking coins: now"\n/.test(await text(kim).inputValue()), "one press puts it into the draft");
    await kim.page.getByLabel("Question").press("Enter");
    const after = kim.page.getByRole("region", { name: "With the draft" });
    await after.getByText("Turn autopay off").first().waitFor();
    stage.check(await kim.button(/^Add it to/).count() === 0, "and the draft understands it");
    await stage.axe(kim.page, "a question that became an example");
    await kim.button("Discard").click();
    await kim.dialog.locator("[type=submit]").click();
  },

  async "a long article, and one that is too long"(stage) {
    writeFileSync(path.join(stage.server.directory, "knowledge/long.md"), `---\ntitle:\n  en: A long one\n---\n${"Zanzibar has words. ".repeat(5500)}\n`);
    await stage.server.reload();
    const kim = await open(stage, "");
    await kim.page.goto(new URL("/supervisor#/knowledge/article/long", stage.server.url).href);
    await kim.sees(/^As published$/);
    await kim.page.getByRole("group", { name: "Preview" }).waitFor();
    await text(kim).press("Control+End");
    await kim.page.keyboard.type("The very end.");
    await kim.sees(/^No mistakes$/);
    await kim.button("Publish").click();
    await kim.sees(/^Published as version/);
    stage.check(fileOf(stage, "knowledge/long.md").endsWith("The very end.\n"), "an article of 110 kB is edited and published");
    await text(kim).fill("ö".repeat(140000));
    await kim.sees(/The text has 280000 bytes, and 262144 are allowed/);
    stage.check(await kim.button("Publish").isDisabled() && (await text(kim).inputValue()).length === 140000, "too much is told, and not cut");
    await text(kim).fill("");
    await kim.sees("There is no text.");
    await kim.button("Discard").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^As published$/);
    const head = await fetch(`${stage.server.url}/v1/drafts/check`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text: "x".repeat(100000) }) });
    stage.check(head.status === 413, "and from nobody else does the server take that much");
  },

  async "a version shows what it changed, and what going back would"(stage) {
    for (const [size, scheme] of [["desktop", "light"], ["phone", "dark"]]) {
      const kim = await open(stage, "", { size, scheme });
      const boss = await stage.person("admin", null), { digest, text: now } = await boss.call("topics/autopay");
      const { number } = await boss.call("drafts/publish", { kind: "topic", name: "autopay", version: digest,
        text: now.replace("examples:\n  en:\n", `examples:\n  en:\n    - grommets on a ${size}\n`) });
      await kim.page.getByRole("radio", { name: "Versions" }).check();
      await kim.page.getByRole("link", { name: `Version ${number}`, exact: true }).click();
      await kim.page.getByRole("group", { name: "What differs" }).getByText(`grommets on a ${size}`).waitFor();
      await stage.axe(kim.page, `what a version changed, ${size}`);
      await stage.shot(kim.page, `knowledge-version-${size}-${scheme}`);
      await kim.page.goto(new URL(`/supervisor#/knowledge/version/${number - 1}`, stage.server.url).href);
      await kim.page.getByRole("radio", { name: "What rolling back would change" }).check();
      await kim.page.locator("li.gone").getByText(`grommets on a ${size}`).waitFor();
      await kim.button("Roll back").last().click();
      await kim.dialog.getByText("1 file differs").waitFor();
      await kim.dialog.locator("[type=submit]").click();
      await kim.sees(`Rolled back to version ${number - 1}; that is version`);
      stage.check(!fileOf(stage, "topics/autopay.md").includes("grommets"), `${size}: what was shown is what going back does`);
    }
  },

  async "a new topic, on a phone, in Swedish"(stage) {
    const kim = await open(stage, "", { size: "phone" });
    await kim.button("New topic").click();
    await kim.dialog.getByLabel("Name").fill("zebra-lamps");
    await stage.axe(kim.page, "a new topic");
    await kim.dialog.locator("[type=submit]").click();
    await text(kim).waitFor();
    await kim.sees(/^No mistakes$/);
    await stage.axe(kim.page, "the editor on a phone");
    await stage.shot(kim.page, "knowledge-phone");
    await kim.button("Publish").click();
    await kim.sees(/^Published as version/);
    stage.check(fileOf(stage, "topics/zebra-lamps.md").includes("Zebra lamps"), "a new topic is a new file");
    const focus = (words) => until(`the keyboard is at ${words}`, () => kim.page.evaluate(() => document.activeElement.matches("a, h2") && document.activeElement.innerText).then((at) => at && words.test(at)));
    await kim.page.getByRole("link", { name: "Back to the list" }).press("Enter");
    await focus(/zebra-lamps/);
    await kim.page.keyboard.press("Enter");
    await focus(/^Zebra lamps$/);
    stage.check(true, "the keyboard goes along, to the file and back to its row");
    await kim.button(/^Settings of/).click();
    await kim.page.locator("select#language").selectOption("sv");
    await kim.page.keyboard.press("Escape");
    await kim.sees("Publicera");
    await stage.axe(kim.page, "the editor in Swedish");
    await kim.page.getByRole("link", { name: "Tillbaka till listan" }).click();
    await kim.sees("Appen fungerar inte");
    stage.check(true, "the list's titles are Swedish, too, without a reload");
  },

  async "a draft is its writer's, on a shared computer, too"(stage) {
    const kim = await open(stage, "late-fee");
    const boss = await stage.person("admin", null);
    await boss.call("agents", { name: "Noor Haddad", login: "noor", password: "noor-whimbrel", role: "administrator", pool: "employee", capacity: 3, languages: "en" });
    await teach(kim, "only Kim knows this");
    await kim.button(/^Settings of/).click();
    await kim.button("Log out").click();
    await logIn(kim.page, "noor");
    await kim.sees(/^As published$/);
    stage.check(!(await text(kim).inputValue()).includes("only Kim"), "whoever comes next sees what is published");
    await kim.button(/^Settings of/).click();
    await kim.button("Log out").click();
    await logIn(kim.page, "admin");
    await kim.sees(/^No mistakes$/);
    stage.check((await text(kim).inputValue()).includes("only Kim"), "and the writer finds the draft again");
  },

  async "is for administrators only"(stage) {
    const robin = await Supervisor.at(stage, "robin");
    stage.check(await robin.page.getByRole("link", { name: "Knowledge" }).count() === 0, "a supervisor has no such page");
    await robin.page.goto(new URL("/supervisor#/knowledge/topic/late-fee", stage.server.url).href);
    await robin.page.getByRole("region", { name: "Now and since midnight" }).waitFor();
    const boss = await stage.person("robin", null);
    const refused = await boss.call("content").then(() => "", (error) => error.message);
    stage.check(/403 not_allowed/.test(refused), "and the server refuses, too");
    const agent = await stage.person("admin", null);
    const paths = ["topics/..%2F..%2Fworkspace", "topics/workspace.yaml", "articles/%2e%2e", "topics/no-such-topic"];
    for (const where of paths) {
      const answer = await agent.call(where).then(() => "", (error) => error.message);
      stage.check(/404/.test(answer), `no file but those of the list: ${where}`);
    }
    const bad = await agent.call("drafts/publish", { kind: "topic", name: "../evil", text: "x", version: "x" }).then(() => "", (error) => error.message);
    stage.check(/400 bad_field/.test(bad), "no name with a dot or a slash is taken");
  },
};
