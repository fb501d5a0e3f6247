// Elements, the server, and dates. Whatever people wrote enters the page as a text node, never as markup.

export function el(name, options = {}, ...children) {
  const { cls, on, data, ...rest } = options;
  const node = document.createElement(name);
  if (cls) node.className = cls;
  for (const [key, value] of Object.entries(data ?? {})) node.dataset[key] = value;
  for (const [event, listener] of Object.entries(on ?? {})) node.addEventListener(event, listener);
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined || value === null || value === false) continue;
    if (key in node && !key.startsWith("aria")) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const byId = (id) => document.getElementById(id);

export const gesture = () => crypto.randomUUID();

export class Refused extends Error {}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.detail ?? `${response.status}`);
  return body;
}

export async function get(path) {
  return answer(await fetch(path, { headers: { accept: "application/json" } }));
}

// A lost answer is asked for again under the same id: Rondo takes a gesture once, however often it arrives.
export async function post(path, body) {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  for (const pause of [300, 1200, 0]) {
    try {
      const response = await fetch(path, request);
      if (response.status !== 503 || !pause) return await answer(response);
    } catch (error) {
      if (error instanceof Refused || !pause) throw error;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

const formats = new Map();
function format(locale, zone, options) {
  const key = JSON.stringify([locale, zone, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale === "ko" ? "ko-KR" : "en-GB", { timeZone: zone, ...options }));
  return formats.get(key);
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
export const hour = (at, zone, locale) => format(locale, zone, CLOCK).format(new Date(at));
export const day = (at, zone, locale) => format(locale, zone, { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
export const shortDay = (at, zone, locale) => format(locale, zone, { weekday: "short", day: "numeric", month: "short" }).format(new Date(at));
export const moment = (at, zone, locale) => format(locale, zone, { weekday: "short", day: "numeric", month: "short", ...CLOCK }).format(new Date(at));
export const weekdayHour = (at, zone, locale) => format(locale, zone, { weekday: "short", ...CLOCK }).format(new Date(at));
export const city = (zone) => zone.split("/").pop().replaceAll("_", " ");

export function initials(name) {
  const words = name.trim().split(/\s+/);
  if (/[\uac00-\ud7a3]/.test(name)) return name.trim().slice(-2);
  return (words[0][0] + (words.length > 1 ? words[words.length - 1][0] : "")).toUpperCase();
}

// The same quiet colour for the same person, out of eight.
export function tint(email) {
  let sum = 0;
  for (const c of email) sum = (sum * 31 + c.codePointAt(0)) % 9973;
  return String(sum % 8);
}

export function avatar(person, cls = "") {
  return el("span", { cls: `avatar ${cls}`, data: { tint: tint(person.email) }, "aria-hidden": "true" }, initials(person.name));
}

export function segmented(group, options, chosen, label, choose) {
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", label);
  group.replaceChildren(
    ...options.map(([value, words]) =>
      el("button", {
        type: "button", role: "radio", "aria-checked": String(value === chosen), tabIndex: value === chosen ? 0 : -1,
        data: { value }, on: { click: () => choose(value) },
      }, words)),
  );
  group.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = options.findIndex(([value]) => value === group.querySelector('[aria-checked="true"]')?.dataset.value);
    const value = options[(at + step + options.length) % options.length][0];
    choose(value);
    group.querySelector(`[data-value="${value}"]`)?.focus();
  };
}
