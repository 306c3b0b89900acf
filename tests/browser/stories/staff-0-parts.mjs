/* The pure parts under the staff pages, each in the browser that will run it. */
export const title = "Parts of the staff pages";

/* Runs `play(module, …)` in a page of the server and gives back what it returns. */
async function inPage(stage, file, play) {
  const page = await stage.page("/agent");
  return page.evaluate(`import(${JSON.stringify(file)}).then(${play})`);
}

const same = (found, wanted) => JSON.stringify(found) === JSON.stringify(wanted);

export const stories = {
  async "an event stream is read from pieces of any size"(stage) {
    const found = await inPage(stage, "/lib/stream.js", ({ messageReader }) => {
      const stream = ": connected\n\nevent: hello\ndata: {}\n\nid: 7\r\nevent: message.sent\r\ndata: a\r\ndata: b\r\n\r\ndata: tail\n\n";
      const read = (size) => {
        const messages = [];
        const feed = messageReader(({ id, event, data }) => messages.push([id, event, data]));
        for (let i = 0; i < stream.length; i += size) feed(stream.slice(i, i + size));
        return messages;
      };
      return [read(1), read(3), read(1000)];
    });
    const wanted = [["", "hello", "{}"], ["7", "message.sent", "a\nb"], ["", "message", "tail"]];
    stage.check(found.every((messages) => same(messages, wanted)), "whole, in threes and byte by byte");
  },

  async "a conversation is the same however its events come"(stage) {
    const found = await inPage(stage, "/lib/conversation.js", ({ newConversation, withEvent, withHistory, withSummary, unread, owedSince, suggestion }) => {
      const message = (seq, author, text) => ({ seq, at: seq * 1000, type: "message.sent", author, text, agent: author === "agent" ? 1 : undefined });
      const events = [
        { seq: 1, at: 1000, type: "conversation.opened", language: "en" }, message(2, "customer", "help"),
        { seq: 3, at: 3000, type: "handover.noted", note: { wants: "help", suggested_reply: "**Hello**" } },
        { seq: 4, at: 4000, type: "conversation.queued", wait_from: 3000, language: "en" },
        { seq: 5, at: 5000, type: "conversation.assigned", agent: 1, name: "Alex" },
        message(6, "customer", "still there?"), { seq: 7, at: 7000, type: "mark.set", reader: "agent", mark: "read", up_to: 2 },
      ];
      const live = events.reduce(withEvent, newConversation(9));
      const paged = withHistory(withHistory(newConversation(9), events.slice(4)), events.slice(0, 5));
      const overtaken = events.slice(5).reduce(withEvent, withSummary(withHistory(newConversation(9), events.slice(0, 6)), { seq: 6, state: "active", agent: 1, staff_read: 0 }));
      const twice = events.concat(events).reduce(withEvent, newConversation(9));
      const answered = withEvent(live, message(8, "agent", "Hello"));
      const stale = withSummary(live, { seq: 3, state: "waiting", agent: 0 });
      const late = withSummary(events.reduce(withEvent, newConversation(9)), { seq: 3, state: "waiting", customer: 63, language: "sv" });
      return {
        seqs: [live, paged, overtaken, twice].map((one) => one.events.map(({ seq }) => seq).join()),
        states: [live, overtaken, twice, stale].map(({ state, agent, staff_read: read }) => [state, agent, read]),
        late: [late.customer, late.language, late.state], complete: [live.complete, paged.complete], unread: [unread(live), unread(answered)],
        owed: [owedSince(live), owedSince(answered)], suggestion: [suggestion(live), suggestion(answered)],
      };
    });
    stage.check(new Set(found.seqs).size === 1, "live, from pages that overlap, and twice: each event once, in order");
    stage.check(found.states.every((state) => same(state, ["active", 1, 2])), "a summary that events have overtaken changes nothing");
    stage.check(same(found.late.slice(0, 1), [63]) && found.late[1] && found.late[2] === "active", "but it tells whose conversation that is");
    stage.check(same(found.complete, [false, true]) && same(found.unread, [1, 1]), "it knows its beginning and what is unread");
    stage.check(same(found.owed, [2000, 0]), "it knows since when the customer waits for a word");
    stage.check(same(found.suggestion, ["Hello", ""]), "a suggestion is plain text, and gone when something was said");
  },

  async "a message on its way and its event are one message"(stage) {
    const found = await inPage(stage, "/lib/outbox.js", ({ unseen }) => {
      const item = (key, text) => ({ key, path: "/messages", body: { text }, conversation: 1, after: 5, seq: 0, refused: "" });
      const event = (seq, text, agent = 1) => ({ seq, type: "message.sent", text, agent });
      const left = (items, events) => unseen(items, 1, events, 1).map(({ key }) => key).join();
      return [
        left([item("a", "x")], []), left([item("a", "x")], [event(6, "x")]), left([item("a", "x")], [event(4, "x")]),
        left([item("a", "x"), item("b", "x")], [event(6, "x")]), left([item("a", "x")], [event(6, "x", 2)]),
      ];
    });
    stage.check(same(found, ["a", "", "a", "b", "a"]), "only a later event of the same author with the same words");
  },

  async "canned replies are found by name, title and words"(stage) {
    const found = await inPage(stage, "/staff/canned.js", ({ cannedQuery, cannedMatches, withCanned }) => {
      const replies = [["hello", "en", "Greeting", "Hello there"], ["refund", "en", "Refund time", "Five days"], ["hej", "sv", "Hälsning", "Hej"]]
        .map(([name, language, title, text]) => ({ name, language, title, text }));
      const names = (query, language) => cannedMatches(replies, query, language).map(({ name }) => name).join();
      return [cannedQuery("and /re", 7), cannedQuery("1/2", 3), cannedQuery("/", 1), names("re", "en"), names("days", "en"), names("hej", "en"), names("x", "en"),
        withCanned("Hi /re!", 3, 6, replies[1])];
    });
    stage.check(same(found, [{ query: "re", from: 4 }, null, { query: "", from: 0 }, "refund,hello", "refund", "hej", "",
      { text: "Hi Five days!", caret: 12 }]), "in the conversation's language first");
  },

  async "Markdown becomes elements and never HTML"(stage) {
    const found = await inPage(stage, "/lib/markdown.js", async ({ markdown, unmarked }) => {
      const { render } = await import("/vendor/lit-html/lit-html.js");
      const place = document.createElement("div");
      render(markdown("**Bold** and [a page](/help/x) and [bad](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n- one\n- two"), place);
      return { strong: place.querySelector("strong")?.textContent, links: [...place.querySelectorAll("a")].map((link) => link.getAttribute("href")),
        items: place.querySelectorAll("li").length, images: place.querySelectorAll("img").length, plain: unmarked("**Bold** [a](/b) *x*") };
    });
    stage.check(found.strong === "Bold" && found.items === 2 && found.images === 0, "strong, lists, and text that looks like HTML stays text");
    stage.check(same(found.links, ["/help/x"]), "links lead to pages, not to scripts");
    stage.check(found.plain === "Bold a (/b) x", "and without its marks in a field");
    const slow = await inPage(stage, "/lib/markdown.js", ({ inline, unmarked }) => {
      const began = performance.now();
      inline("[".repeat(300000));
      unmarked("[".repeat(300000));
      return performance.now() - began;
    });
    stage.check(slow < 1000, "also of a text that is nothing but brackets");
  },

  async "two texts, line by line"(stage) {
    const found = await inPage(stage, "/supervisor/diff.js", ({ hunks }) => {
      const signs = { same: " ", gone: "-", come: "+" };
      const show = (before, after) => hunks(before, after).map((group) => group.map(({ kind, text, line }) => `${signs[kind]}${text}@${line}`).join(",")).join("|");
      return [show("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\nX\n4\n5\n6\n7\n8\n9\n"), show("", "a\n"), show("a\nb", ""), show("a\nb", "a\nb\n"),
        show("a\nb\nc\nd", "a\nc\nx\nd"), show("x\n".repeat(5000), "y\n".repeat(5000)).split(",").length];
    });
    stage.check(same(found, [" 1@1, 2@2,-3@3,+X@3, 4@4, 5@5| 7@7, 8@8,+9@9", "+a@1", "-a@1,-b@2", "", " a@1,-b@2, c@2,+x@3, d@4", 10000]), found.join(" / "));
  },

  async "one more wording in a topic's file"(stage) {
    const found = await inPage(stage, "/supervisor/examples.js", ({ withExample }) => {
      const file = (front) => `---\ntitle:\n  en: X\n${front}---\nText: - a\n`;
      const front = (text, ...more) => withExample(file(text), "examples", ...more)?.split("\n").slice(3, -3).join("|") ?? null;
      return [
        front("examples:\n  en:\n    - one\n  sv:\n    - ett\n", "sv", "två  ord "), front("examples:\n  en:\n    - one\n", "de", "eins"),
        front("", "en", "late fee: why?"), front("examples:\n- one\n", "en", "yes"), front("examples: [one]\n", "en", "two"),
        front("examples:\n  en: [one]\n", "en", "two"), front("examples:\n  en:\n    - one\n", "en", "one"), withExample("no front matter", "examples", "en", "x"),
        front("examples:\nskills: [a]\n", "en", 'she said "no"'),
      ];
    });
    stage.check(same(found, ["examples:|  en:|    - one|  sv:|    - två ord|    - ett", "examples:|  de:|    - eins|  en:|    - one",
      'examples:|  en:|    - "late fee: why?"', 'examples:|- "yes"|- one', null, null, "examples:|  en:|    - one", null,
      'examples:|  en:|    - "she said \\"no\\""|skills: [a]']), found.join(" / "));
  },

  async "times and spans in both languages"(stage) {
    const found = await inPage(stage, "/lib/time.js", ({ span, stopwatch, percent, dayAndTime }) => [span(59999, "en"), span(125000, "sv"), span(12240000, "en"), span(-5, "en"),
      stopwatch(65000), stopwatch(3723000), percent(0.953, "sv"), dayAndTime(new Date(2025, 10, 3, 14, 5), "en-GB", new Date(2026, 1, 1)),
      dayAndTime(new Date(2026, 1, 3, 14, 5), "en-GB", new Date(2026, 1, 1))].map((text) => text.replace(/\u00a0/g, " ")));
    stage.check(same(found, ["59 s", "2 min 5 s", "3 h 24 min", "0 s", "1:05", "1:02:03", "95 %", "3 Nov 2025, 14:05", "Tue 3 Feb, 14:05"]), found.join(", "));
  },
};
