/* icons.js - small drawings beside words; they are never the only sign of anything, so they are
 * hidden from screen readers. */
import { html, svg } from "/vendor/lit-html/lit-html.js";

const PATHS = {
  accept: svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
  alert: svg`<path d="M12 4l9 16H3z"/><path d="M12 10v4.5M12 17.2v.3"/>`,
  assistant: svg`<path d="M12 3.5l1.9 5.1 5.1 1.9-5.1 1.9-1.9 5.1-1.9-5.1L5 10.5l5.1-1.9z"/><path d="M18.5 16v4M16.5 18h4"/>`,
  away: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3 2"/>`,
  back: svg`<path d="M14.5 5.5L8 12l6.5 6.5"/>`,
  calendar: svg`<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  delivered: svg`<path d="M2.5 12.5L7 17l8-9M11 16.5l.5.5 9-9.5"/>`,
  down: svg`<path d="M12 5v13M6 12.5l6 6 6-6"/>`,
  flag: svg`<path d="M6 20.5V4.5h11l-2 4 2 4H6"/>`,
  globe: svg`<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c3 3.2 3 13.8 0 17M12 3.5c-3 3.2-3 13.8 0 17"/>`,
  help: svg`<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.6a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .8-1 1.6M12 16.6v.2"/>`,
  inbox: svg`<path d="M4 13.5l2.5-8h11l2.5 8v5H4z"/><path d="M4 13.5h4.5l1.5 2.5h4l1.5-2.5H20"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.6v.2"/>`,
  join: svg`<circle cx="9" cy="9" r="3.2"/><path d="M3.5 19c.6-3.3 2.7-5 5.5-5s4.9 1.7 5.5 5M18 8v6M15 11h6"/>`,
  keyboard: svg`<rect x="3" y="6.5" width="18" height="11" rx="2"/><path d="M7 10.2v.1M11 10.2v.1M15 10.2v.1M17.5 10.2v.1M8 14h8"/>`,
  lost: svg`<path d="M4 9a12 12 0 0 1 4-2.3M20 9a12 12 0 0 0-7-2.9M7.5 13a7 7 0 0 1 2.6-1.5M16.5 13a7 7 0 0 0-1.4-1M12 17.5v.1M4 4l16 16"/>`,
  menu: svg`<path d="M4 7h16M4 12h16M4 17h16"/>`,
  note: svg`<path d="M5 4.5h14v10l-5 5H5z"/><path d="M14 19.5v-5h5M8.5 9h7M8.5 12.5h4"/>`,
  offline: svg`<circle cx="12" cy="12" r="8.5"/><path d="M8 12h8"/>`,
  online: svg`<circle cx="12" cy="12" r="8.5"/><path d="M8.2 12.3l2.7 2.7 5-5.5"/>`,
  person: svg`<circle cx="12" cy="8.5" r="3.8"/><path d="M5 20c.7-4 3.3-6 7-6s6.3 2 7 6"/>`,
  resolve: svg`<circle cx="12" cy="12" r="8.5"/><path d="M8.2 12.3l2.7 2.7 5-5.5"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5.5 5.5"/>`,
  send: svg`<path d="M4 12l16-7.5-5 15.5-3.5-6z"/><path d="M11.5 14L20 4.5"/>`,
  sent: svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
  star: svg`<path d="M12 4l2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.6-4.9 2.6.9-5.5-4-3.9 5.6-.8z"/>`,
  swap: svg`<path d="M4 8.5h14M14 4.5l4 4-4 4M20 15.5H6M10 11.5l-4 4 4 4"/>`,
  tool: svg`<path d="M14.5 5a4.5 4.5 0 0 0-4.2 6.1L4.5 17l2.5 2.5 5.9-5.8A4.5 4.5 0 0 0 19 7.8l-2.7 2.6-2.6-.5-.5-2.6L15.9 4.7a4.5 4.5 0 0 0-1.4.3z"/>`,
  waiting: svg`<path d="M7 4h10M7 20h10M8 4c0 4 3 5.5 4 8-1 2.5-4 4-4 8M16 4c0 4-3 5.5-4 8 1 2.5 4 4 4 8"/>`,
};

export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
}

/* A ring that empties: share from 1 (full) to 0. */
export function ring(share) {
  const length = 2 * Math.PI * 20;
  const rest = length * Math.min(1, Math.max(0, share));
  return html`<svg class="ring" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
    <circle class="ring-ground" cx="24" cy="24" r="20"></circle>
    <circle class="ring-rest" cx="24" cy="24" r="20" stroke-dasharray="${rest.toFixed(1)} ${length.toFixed(1)}"></circle>
  </svg>`;
}
