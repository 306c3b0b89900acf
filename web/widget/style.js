/* The widget's look, apart from the host page's: all sizes are em of the reader's own text size, all
   greys are mixed from the system's two colours, so both themes and forced colours follow. */
export const style = new CSSStyleSheet();
style.replaceSync(`
:host {
  all: initial; color-scheme: light dark; font: medium/1.45 system-ui, sans-serif;
  --soft: color-mix(in srgb, CanvasText 7%, Canvas); --line: color-mix(in srgb, CanvasText 16%, Canvas);
  --edge: color-mix(in srgb, CanvasText 58%, Canvas); --faint: color-mix(in srgb, CanvasText 70%, Canvas);
  --accent: #14605a; --bad: light-dark(#b0241c, #ff9d94);
}
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
* { box-sizing: border-box; margin: 0; padding: 0; font: inherit; color: inherit; }
[hidden], .bar:empty, dialog:not([open]) { display: none !important; }
:focus-visible { outline: .15em solid; outline-offset: .12em; }
h1, h2, b, legend, button, .care { font-weight: 650; }
button, summary, input, textarea { min-height: 2.75em; min-width: 2.75em; padding: .5em .9em; border: 1px solid var(--edge); border-radius: 1.4em; background: Canvas; cursor: pointer; }
button:hover, p.bar { background: var(--soft); }
/* On the accent stands black or white: the lightness of CIELAB says which has more contrast. */
.main, .head, .own .text { background: var(--accent) !important; color: lab(from var(--accent) calc((49.5 - l) * 99) 0 0); }
.main { border-color: #0000; }
.main:hover, .head :is(button, summary):hover { box-shadow: inset 0 0 0 9em #0002; }
.icon, summary { border: 0; background: none; font-size: 1.1em; text-align: center; list-style: none; }
.unseen { position: absolute; clip-path: inset(50%); }

dialog, .launch { position: fixed; inset: auto 1.25em 1.25em auto; z-index: 2147483000; box-shadow: 0 .3em 2em #0004; }
:host([position=left]) :is(dialog, .launch) { inset-inline: 1.25em auto; }
.launch { width: 2.4em; height: 2.4em; padding: 0; font-size: 1.6em; border: 2px solid #0000; border-radius: 50%; }
.launch::before { content: ""; display: block; width: 1em; height: .8em; margin: auto; border-radius: .35em .35em .35em 0; background: currentcolor; }
.launch b { position: absolute; inset: -.5em -.5em auto auto; min-width: 1.7em; border-radius: 1em; font-size: .55em; background: #b0241c; color: #fff; }

.panel { display: flex; flex-direction: column; overflow: auto; background: Canvas; color: CanvasText; }
dialog { width: 25em; height: min(42em, 100dvh - 2.5em); border: 1px solid var(--line); border-radius: 1.2em; }
dialog:modal { inset: 0 !important; width: 100%; height: 100%; max-width: none; max-height: none; border: 0; border-radius: 0; }
section { height: 100%; }
.head, .bar, .write { display: flex; gap: .5em; align-items: center; padding: .6em .8em; }
.head { padding: .8em .5em .8em 1.1em; }
hgroup { flex: 1; min-width: 0; }
h1, h2 { font-size: 1.15em; line-height: 1.25; outline: 0; }
details, .scroll { position: relative; }
.menu { position: absolute; inset: auto 0 auto auto; width: 18em; z-index: 1; box-shadow: 0 .3em 2em #0004; }
.bar { border-bottom: 1px solid var(--line); font-size: .9em; }
.ask { display: flex; flex-wrap: wrap; gap: 0 .6em; flex: 1; justify-content: space-between; text-align: start; }
.ask span { font-weight: 400; }

.scroll { flex: 1; min-height: 8em; overflow: auto; overscroll-behavior: contain; padding: 1em; outline-offset: -3px; }
.scroll > div > * { margin: 0 .4em .9em 0; scroll-margin: 1em; }
.line, .meta, .sources { font-size: .84em; color: var(--faint); }
.line { text-align: center; text-wrap: balance; }
.care { padding: .6em .95em; border-inline-start: .35em solid var(--accent); background: var(--soft); }
.other, .own { width: fit-content; max-width: 88%; }
.scroll .own { margin-inline: auto 0; text-align: end; }
.text { padding: .6em .95em; border-radius: .35em 1.2em 1.2em; background: var(--soft); text-align: start; white-space: pre-line; overflow-wrap: anywhere; }
.own .text { border-radius: 1.2em .35em 1.2em 1.2em; }
.meta, .sources { margin: .25em .35em; }
.text li { margin-inline-start: 1.3em; }
.sources a { display: inline-block; padding: .25em .4em .25em 0; }
.card { display: grid; gap: .8em; padding: 1em; border: 1px solid var(--line); border-radius: 1.2em; }
fieldset { display: contents; }
legend { font-size: 1.1em; }
label > *, .text > * + * { margin-top: .5em; }
.card input, textarea { width: 100%; font-size: max(16px, 1em); cursor: auto; outline-offset: -1px; }
.card .star { all: unset; appearance: none; width: 1.3em; font-size: 2.1em; text-align: center; cursor: pointer; color: light-dark(#a15c00, #f0bd68); }
.star::before { content: "☆"; }
.star:checked::before, .star:has(~ :checked)::before { content: "★"; }
.star:focus-visible { outline: .15em solid; }
.write { border-top: 1px solid var(--line); }
.write .main { font-size: 1.1em; padding: 0; }
textarea { resize: none; field-sizing: content; max-height: 8em; }
.bad { color: var(--bad); }
@media (forced-colors: active) { .text, .head { border: 1px solid; } }
@media (prefers-reduced-motion: no-preference) {
  dialog, .log > * { animation: rise .2s; }
  @keyframes rise { from { transform: translateY(.7em); } }
}
`);
