/* The customer's hands and eyes on the chat, in the widget or on its own page. */
export class Customer {
  constructor(page) {
    this.page = page;
    this.input = page.getByRole("textbox", { name: /Write a message|Skriv ett meddelande/ });
    this.launcher = page.getByRole("button", { name: /^(Chat|Chatta) with us|^Chatta med oss|^Chat with us/ });
    this.ask = page.locator(".bar").getByRole("button", { name: /Talk to a person|Tala med en människa/ });
  }

  async open() {
    await this.launcher.click();
    await this.ask.waitFor();
    return this;
  }

  async say(text) {
    await this.input.fill(text);
    await this.input.press("Enter");
  }

  /* Messages with this text, whoever wrote them. */
  bubbles(text) {
    return this.page.locator(".text").filter({ hasText: text });
  }

  sees(text) {
    return this.page.getByText(text).first().waitFor();
  }

  count(text) {
    return this.bubbles(text).count();
  }

  /* The last message of the other side, once there are more than `before`. */
  async answer(before = 0) {
    const others = this.page.getByRole("log", { name: /./ }).locator(".other");
    await others.nth(before).waitFor();
    return others.last();
  }

  said() {
    return this.page.getByRole("log", { name: /./ }).locator(".other").count();
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  /* Where the keyboard is: the focused element inside the chat. */
  focus() {
    return this.page.evaluate(() => {
      const node = document.querySelector("beckon-chat").shadowRoot.activeElement;
      return node ? `${node.tagName} ${node.className || node.name || ""}`.trim() : "";
    });
  }

  kept() {
    return this.page.evaluate(() => Object.keys(localStorage).filter((key) => / out /.test(key)).length);
  }
}
