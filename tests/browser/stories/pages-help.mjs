/* The pages without a script: approved articles, what is not there, licences. */
export const title = "Help, missing pages, licences";

const LOOKS = [["desktop", "light"], ["desktop", "dark"], ["phone", "light"], ["phone", "dark"]];

async function look(stage, where, name, heading) {
  for (const [size, scheme] of LOOKS) {
    const page = await stage.page(where, { size, scheme });
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    stage.check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}, ${size}, ${scheme}: nothing to scroll sideways`);
    await stage.axe(page, `${name}, ${size}, ${scheme}`);
    await stage.shot(page, `${name}-${size}-${scheme}`);
  }
}

export const stories = {
  async "an article, and the list of all"(stage) {
    await look(stage, "/help/refunds", "article", "How refunds work");
    await look(stage, "/help", "help", "Help");
    const page = await stage.page("/help");
    await page.getByRole("link", { name: "How refunds work" }).click();
    await page.getByRole("link", { name: "All articles" }).click();
    await page.getByRole("link", { name: "Chat with us" }).first().click();
    await page.getByRole("textbox", { name: "Write a message" }).waitFor();
    stage.check(true, "from the list to an article, back, and on to the chat");
  },

  async "what is not there"(stage) {
    await look(stage, "/help/nothing-like-it", "missing", "There is no such page");
    const { url } = stage.server;
    const [page, data] = await Promise.all(["text/html,*/*", "*/*"].map((accept) => fetch(`${url}/nothing`, { headers: { accept } })));
    stage.check(page.status === 404 && /html/.test(page.headers.get("content-type")), "a person is shown a page");
    stage.check(data.status === 404 && (await data.json()).error.code === "not_found", "a program is told in JSON");
  },

  async "licences"(stage) {
    await look(stage, "/licences", "licences", "Licences");
    const { url } = stage.server;
    const text = await (await fetch(`${url}/licences`)).text();
    for (const [name, holder] of [["@preact/signals-core", "Preact Team"], ["lit-html", "Google LLC"], ["uplot", "Leon Sorokin"]]) {
      stage.check(text.includes(name) && text.includes(holder), `the notice of ${name} is served`);
    }
    const files = ["signals.js", "uplot.js", "uplot.css", "lit-html/lit-html.js", "lit-html/directives/repeat.js"];
    const heads = await Promise.all(files.map(async (file) => (await (await fetch(`${url}/vendor/${file}`)).text()).slice(0, 60)));
    stage.check(heads.every((head) => head.includes("/licences")), "each foreign file says where its licence is");
  },
};
