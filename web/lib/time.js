/* time.js - times and spans in words, by language. Pure. */

const MINUTE = 60000, HOUR = 3600000, DAY = 86400000;

const formats = new Map();

function format(make, language, options) {
  const key = `${make.name}|${language}|${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new make(language, options));
  return formats.get(key);
}

/* The international symbols: short, the same in every language, and read out in full. */
const unit = (language, count, symbol) => `${format(Intl.NumberFormat, language, {}).format(count)}\u00a0${symbol}`;

/* "12 s", "2 min 5 s", "3 h 20 min": two units at most. */
export function span(ms, language) {
  const total = Math.max(0, ms);
  const seconds = Math.floor(total / 1000);
  if (seconds < 60) return unit(language, seconds, "s");
  if (total < 10 * MINUTE) {
    const rest = seconds % 60;
    const minutes = unit(language, Math.floor(seconds / 60), "min");
    return rest ? `${minutes} ${unit(language, rest, "s")}` : minutes;
  }
  if (total < HOUR) return unit(language, Math.floor(total / MINUTE), "min");
  if (total < DAY) {
    const rest = Math.floor((total % HOUR) / MINUTE);
    const hours = unit(language, Math.floor(total / HOUR), "h");
    return rest ? `${hours} ${unit(language, rest, "min")}` : hours;
  }
  return unit(language, Math.floor(total / DAY), "d");
}

/* "2:05" for what ticks in a narrow place. */
export function stopwatch(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function clockTime(ms, language) {
  return format(Intl.DateTimeFormat, language, { hour: "numeric", minute: "2-digit" }).format(ms);
}

export function day(ms, language, now = Date.now()) {
  const at = new Date(ms), today = new Date(now);
  const far = at.getFullYear() !== today.getFullYear();
  return format(Intl.DateTimeFormat, language,
    { weekday: "long", day: "numeric", month: "long", ...(far ? { year: "numeric" } : {}) }).format(ms);
}

export function sameDay(first, second) {
  return new Date(first).toDateString() === new Date(second).toDateString();
}

/* "14:05" today, "3 Nov" this year, "3 Nov 2025" before. */
export function shortTime(ms, language, now = Date.now()) {
  if (sameDay(ms, now)) return clockTime(ms, language);
  const far = new Date(ms).getFullYear() !== new Date(now).getFullYear();
  return format(Intl.DateTimeFormat, language,
    { day: "numeric", month: "short", ...(far ? { year: "numeric" } : {}) }).format(ms);
}

/* The year stands there when it is not this one; the day of the week, when it is. */
export function dayAndTime(ms, language, now = Date.now()) {
  const far = new Date(ms).getFullYear() !== new Date(now).getFullYear();
  return format(Intl.DateTimeFormat, language,
    { ...(far ? { year: "numeric" } : { weekday: "short" }), day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(ms);
}

export function iso(ms) {
  return new Date(ms).toISOString();
}

export function number(value, language, digits = 0) {
  return format(Intl.NumberFormat, language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

export function percent(share, language) {
  return format(Intl.NumberFormat, language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

export function languageName(code, language) {
  if (!code) return "";
  try {
    const name = format(Intl.DisplayNames, language, { type: "language" }).of(code);
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return code;
  }
}
