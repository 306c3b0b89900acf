/* A host page's one line: <script src="https://HOST/widget.js" data-language="sv" async></script>
   Each data- attribute becomes one of the chat (widget/chat.js names them). */
{
  const { src, dataset } = document.currentScript, chat = document.createElement("beckon-chat");
  for (const [name, value] of Object.entries({ server: new URL(src).origin, ...dataset })) chat.setAttribute(name, value);
  import(new URL("widget/chat.js", src)).then(() => document.body.append(chat));
}
