// The page: who is chosen, what their conversation holds, what the clock says. The server has the truth; this draws it.

import { avatar, byId, city, day, el, gesture, get, hour, initials, moment, post, segmented, shortDay, tint, weekdayHour } from "./dom.js";
import { openForm } from "./form.js";
import * as rondo from "./rondo.js";
import * as slack from "./slack.js";
import * as teams from "./teams.js";
import { COMMANDS, EXAMPLES, happened, words } from "./words.js";

const NARROW = matchMedia("(max-width: 720px)");
const SKINS = [["rondo", "Rondo"], ["slack", "Slack"], ["teams", "Teams"]];
const stored = (key, fallback) => { try { return localStorage.getItem(key) ?? fallback; } catch { return fallback; } };
const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };

const state = {
  people: [], channels: [], email: "", channel: "", first: "", company: "", now: null, next: null, lines: [], moving: false, feed: null,
  skin: stored("rondo.skin", "rondo"), theme: stored("rondo.theme", "auto"),
  own: new Map(), // message id → skin chosen for this card alone
  opened: new Set(), // message ids whose JSON is shown
  views: new Map(), // key and revision → what Slack and Teams get
  fed: new Set(), // ledger entries already seen
};

const person = () => state.people.find((one) => one.email === state.email) ?? { name: "", email: "", zone: "UTC", language: "en" };
const where = () => state.channel || state.email; // whose conversation is on the screen: a person's, or a team's channel
const language = () => person().language;
const say = (key, names) => words(language(), key, names);

// ------------------------------------------------------------------------------------------------------- chrome

function paintWords() {
  document.documentElement.lang = language();
  for (const node of document.querySelectorAll("[data-words]")) node.textContent = say(node.dataset.words);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  byId("composer-text").placeholder = say("writeTo", { name: person().name });
  segmented(byId("skin"), SKINS, state.skin, say("skin"), (value) => {
    state.skin = value;
    store("rondo.skin", value);
    state.own.clear();
    paintWords();
    paintLines();
  });
  byId("tries").setAttribute("aria-label", say("write"));
  byId("tries").replaceChildren(...EXAMPLES[language()].map((text) =>
    el("button", { type: "button", cls: "try", on: { click: () => fill(text) } }, text)));
  paintWelcome();
}

function paintTheme() {
  document.documentElement.dataset.theme = state.theme;
}

byId("theme").addEventListener("click", () => {
  const dark = state.theme === "dark" || (state.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  state.theme = dark ? "light" : "dark";
  store("rondo.theme", state.theme);
  paintTheme();
});

function paintClock() {
  if (!state.now) return;
  const { zone } = person();
  const local = byId("clock-local");
  local.dateTime = state.now;
  local.replaceChildren(el("span", { cls: "clock-day" }, (NARROW.matches ? shortDay : day)(state.now, zone, language())), el("span", { cls: "clock-hour" }, hour(state.now, zone, language())));
  byId("clock-utc").textContent = `${city(zone)} · ${hour(state.now, "UTC", language())} UTC`;
  byId("next-when").textContent = state.moving ? say("moving") : state.next ? say("nextFrom", { when: weekdayHour(state.next < state.now ? state.now : state.next, zone, language()) }) : say("nextNone");
  for (const button of document.querySelectorAll("[data-advance]")) button.setAttribute("aria-disabled", String(state.moving));
  document.body.classList.toggle("moving", state.moving);
}

async function advance(span) {
  if (state.moving) return;
  state.moving = true;
  paintClock();
  try {
    const answer = await post("/local/clock", { advance: span });
    state.now = answer.now;
    state.next = answer.next;
    await loadPeople();
    const heard = state.people.filter((one) => answer.changed.includes(one.email) && one.unread);
    // Show what happened, unless that would put a reader of one language in front of a page in another.
    const readable = heard.find((one) => one.language === language());
    if (span === "next" && readable && !answer.changed.includes(state.email)) await choose(readable.email);
    const others = heard.filter((one) => one.email !== state.email);
    if (others.length) toast(say("arrived", { names: others.slice(0, 3).map((one) => one.name).join(", ") + (others.length > 3 ? ` +${others.length - 3}` : "") }), say("arrivedOpen"), () => choose(others[0].email));
    else if (!answer.changed.length) toast(span === "next" ? say("nothing") : say("passed", { when: moment(state.now, person().zone, language()) }));
  } catch (error) {
    fail(error);
  } finally {
    state.moving = false;
    paintClock();
  }
}

for (const button of document.querySelectorAll("[data-advance]")) button.addEventListener("click", () => advance(button.dataset.advance));

function toast(text, action, act) {
  const node = el("div", { cls: "toast" }, el("span", {}, text),
    action ? el("button", { type: "button", on: { click: () => { node.remove(); act(); } } }, action) : "");
  byId("toasts").replaceChildren(node);
  setTimeout(() => node.remove(), 7000);
}

function fail(error) {
  toast(error instanceof TypeError ? say("offline") : error.message);
}

// ------------------------------------------------------------------------------------------------------- people

async function loadPeople() {
  const found = await get("/local/people");
  state.people = found.people;
  state.channels = found.channels ?? [];
  state.company = found.company;
  state.first = found.first;
  if (!state.people.some((one) => one.email === state.email)) {
    const wanted = decodeURIComponent(location.hash.slice(1));
    state.email = [wanted, found.first, state.people[0]?.email].find((email) => state.people.some((one) => one.email === email)) ?? "";
  }
  paintPeople();
}

function paintPeople() {
  byId("company").textContent = state.company ? `· ${state.company}` : "";
  const focused = document.activeElement?.closest("#people li")?.dataset.email;
  byId("people").replaceChildren(...state.people.map((one) => {
    const chosen = one.email === where();
    return el("li", {
      role: "option", "aria-selected": String(chosen), tabIndex: chosen ? 0 : -1, data: { email: one.email },
      lang: one.language, on: { click: () => choose(one.email) },
    },
      avatar(one),
      el("span", { cls: "p-name" }, one.name),
      el("span", { cls: "p-role" }, one.caption || one.team || (one.role === "hr_admin" ? say("hr_admin") : "")),
      el("span", { cls: "p-time" }, state.now ? hour(state.now, one.zone, language()) : one.local_time.slice(11, 16)),
      one.unread ? el("span", { cls: "badge", "aria-label": say("unread", { count: one.unread }) }, String(one.unread)) : "");
  }), ...state.channels.map((one) => el("li", {
    role: "option", "aria-selected": String(one.email === where()), tabIndex: one.email === where() ? 0 : -1, data: { email: one.email },
    on: { click: () => choose(one.email) },
  },
    el("span", { cls: "avatar", "aria-hidden": "true", data: { tint: tint(one.email) } }, "#"),
    el("span", { cls: "p-name" }, one.name),
    el("span", { cls: "p-role" }, say("channel")),
    one.unread ? el("span", { cls: "badge", "aria-label": say("unread", { count: one.unread }) }, String(one.unread)) : "")));
  if (focused) byId("people").querySelector(`[data-email="${CSS.escape(focused)}"]`)?.focus();
  const one = person();
  const face = byId("who-avatar");
  face.dataset.tint = tint(one.email);
  face.textContent = one.name ? initials(one.name) : "";
  const channel = state.channels.find((other) => other.email === state.channel);
  byId("who-name").textContent = channel ? `# ${channel.name}` : one.name;
  byId("who-about").textContent = channel ? say("channelAs", { name: one.name }) : [one.caption, one.role === "hr_admin" ? say("hr_admin") : "", one.team, one.manager ? say("manager", { name: one.manager }) : ""].filter((part, at, all) => part && all.indexOf(part) === at).join(" · ");
}

byId("people").addEventListener("keydown", (event) => {
  const items = [...byId("people").children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    byId("composer-text").focus();
  } else if (to !== undefined && items[to]) {
    event.preventDefault();
    items[to].focus();
    choose(items[to].dataset.email);
  }
});

async function choose(email) {
  state.channel = email.startsWith("#") ? email : "";
  if (!state.channel) {
    state.email = email;
    history.replaceState(null, "", `#${encodeURIComponent(email)}`);
  }
  state.lines = [];
  paintPeople();
  paintWords();
  paintClock();
  byId("people").querySelector(`[aria-selected="true"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  await loadLines(true);
  paintFeed();
}

// ------------------------------------------------------------------------------------------------- conversation

async function loadLines(fresh = false) {
  const email = where();
  if (!email) return;
  const found = await get(`/local/conversations/${encodeURIComponent(email)}`);
  if (email !== where()) return;
  const before = new Map(state.lines.map((line) => [line.id, line.revision]));
  state.lines = found.lines;
  if (!fresh) {
    for (const line of found.lines.filter((one) => one.from === "rondo")) {
      if (!before.has(line.id)) byId("news").textContent = say("newMessage", { words: line.card.summary });
      else if (before.get(line.id) !== line.revision) byId("news").textContent = say("changedMessage", { words: line.card.summary });
    }
  }
  paintLines(fresh);
  const read = state.channels.find((one) => one.email === email) ?? person();
  if (read.unread) {
    read.unread = 0;
    paintPeople();
  }
  if (found.lines.length) await post("/local/read", { email });
}

const painted = new Map(); // message id → [what it was painted from, node]
let drawing = []; // looks that are still on their way from the server

function paintLines(fresh = false) {
  const list = byId("lines");
  if (fresh) painted.clear();
  drawing = [];
  const nodes = [];
  let news = null; // the first line that was not here before
  let last = "";
  for (const line of state.lines) {
    const today = day(line.at, person().zone, language());
    if (today !== last) nodes.push(el("li", { cls: "day" }, el("span", {}, today)));
    last = today;
    const look = state.own.get(line.id) ?? state.skin;
    const from = JSON.stringify([line.id, line.revision, look, language()]);
    const known = painted.get(line.id);
    if (known?.[0] !== from) painted.set(line.id, [from, line.from === "rondo" ? fromRondo(line, look, known?.[1]) : fromPerson(line)]);
    const node = painted.get(line.id)[1];
    if (!known) news ??= node;
    nodes.push(node);
  }
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  if (nodes.length !== list.children.length || nodes.some((node, at) => node !== list.children[at])) list.replaceChildren(...nodes);
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  byId("empty").hidden = state.lines.length > 0 || !byId("welcome").hidden;
  byId("empty").textContent = say("empty");
  const newest = nodes[nodes.length - 1];
  const from = fresh ? newest : news;
  if (!from) return;
  // Everything new where it fits; else the newest, which is the answer: the page about privacy may stand before it.
  const show = () => {
    const fits = newest.offsetTop + newest.offsetHeight - from.offsetTop <= byId("scroll").clientHeight;
    byId("scroll").scrollTop = (fits ? from : newest).offsetTop - 14;
  };
  show();
  if (drawing.length) Promise.all(drawing).then(show);
}

// What had the keyboard in a card that is drawn again has it afterwards.
function refocus(before, after) {
  if (!before?.contains(document.activeElement)) return;
  const same = (one) => (one.dataset.value ?? one.textContent) + one.className;
  const wanted = same(document.activeElement);
  queueMicrotask(() => [...after.querySelectorAll("button, summary")].find((one) => same(one) === wanted)?.focus({ preventScroll: true }));
}

function fromPerson(line) {
  return el("li", { cls: "line mine" }, el("div", { cls: "bubble" }, line.text), el("span", { cls: "at" }, hour(line.at, person().zone, language())));
}

function fromRondo(line, look, before) {
  const switcher = el("div", { cls: "segmented small" });
  segmented(switcher, SKINS, look, say("showAs"), (value) => {
    state.own.set(line.id, value);
    paintLines();
    byId("lines").querySelector(`[data-id="${CSS.escape(line.id)}"] .segmented [data-value="${value}"]`)?.focus({ preventScroll: true });
  });
  const head = el("div", { cls: "line-head" },
    el("img", { cls: "bot", src: "/local/page/mark.svg", alt: "", width: 30, height: 30 }),
    el("strong", {}, "Rondo"), el("span", { cls: "tag" }, say("app")),
    el("span", { cls: "at" }, hour(line.at, person().zone, language()) + (line.edited_at ? ` · ${say("edited")}` : "")),
    switcher);
  const surface = el("div", { cls: `surface in-${look}` }, ...(before?.querySelector(".surface").childNodes ?? []));
  drawing.push(fillSurface(surface, line, look));
  const json = el("pre", { tabIndex: 0 });
  const tell = async () => { json.textContent = JSON.stringify(look === "rondo" ? line.card : await view(line, look), null, 2); };
  const disclosure = el("details", { cls: "json", open: state.opened.has(line.id) }, el("summary", {}, say("json")), json);
  disclosure.addEventListener("toggle", () => {
    state.opened[disclosure.open ? "add" : "delete"](line.id);
    if (disclosure.open) tell().then(() => disclosure.scrollIntoView({ block: "nearest" }));
  });
  const changed = before && before.dataset.revision !== String(line.revision);
  const node = el("li", { cls: changed ? "line theirs changed" : "line theirs", data: { id: line.id, revision: String(line.revision) } }, head, surface, disclosure);
  refocus(before, node);
  return node;
}

async function view(line, look) {
  const key = `${line.key}@${line.revision}`;
  if (!state.views.has(key)) state.views.set(key, get(`/local/card/${line.key.split("/").map(encodeURIComponent).join("/")}`).then((found) => found.views));
  try {
    return (await state.views.get(key))[look] ?? { error: look };
  } catch (error) {
    state.views.delete(key);
    return { error: error.message };
  }
}

async function fillSurface(surface, line, look) {
  if (look === "rondo") {
    surface.replaceChildren(rondo.card(line.card, press));
    return;
  }
  const json = await view(line, look);
  if (json.error) surface.replaceChildren(el("p", { cls: "unknown" }, say("notDrawn", { words: json.error })));
  else surface.replaceChildren(look === "slack" ? slack.message(json, press) : teams.message(json, press));
}

async function press(action, button) {
  const { email } = state;
  if (!action || button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  button.classList.add("busy");
  try {
    const answer = await post("/local/press", { id: gesture(), email, action });
    if (answer.form) openForm({ email, answer, skin: skinOf(button), skins: SKINS, say, fail, done: () => byId("composer-text").focus() });
  } catch (error) {
    fail(error);
  } finally {
    button.removeAttribute("aria-disabled");
    button.classList.remove("busy");
  }
}

function skinOf(button) {
  return SKINS.map(([name]) => name).find((name) => button.closest(`.in-${name}`)) ?? state.skin;
}

byId("home").addEventListener("click", async () => {
  const box = byId("home-view");
  try {
    const answer = await post("/local/open", { id: gesture(), email: state.email });
    if (!answer.home) return;
    const look = state.skin;
    const through = (action, button) => { box.close(); press(action, button); };
    const json = answer.views?.[look];
    const drawn = look === "rondo" || !json || json.error ? rondo.card(answer.home, through) : look === "slack" ? slack.message(json, through) : teams.message(json, through);
    box.className = "sheet";
    box.replaceChildren(
      el("header", { cls: "form-head" }, el("h2", { id: "home-title" }, say("homeTitle", { name: person().name })),
        el("button", { type: "button", cls: "plain-icon", "aria-label": say("close"), on: { click: () => box.close() } }, "✕")),
      el("div", { cls: `form-body surface in-${look}` }, drawn));
    box.showModal();
  } catch (error) {
    fail(error);
  }
});

// ----------------------------------------------------------------------------------------------------- composer

const text = byId("composer-text");
let suggestion = -1;

function fill(words_) {
  text.value = words_;
  text.focus();
  grow();
  suggest();
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
}

function suggest(hide = false) {
  const typed = text.value;
  const matching = hide || !typed.startsWith("/") ? [] : COMMANDS.filter(([command]) => command.startsWith(typed) && command !== typed);
  const list = byId("commands");
  suggestion = -1;
  list.replaceChildren(...matching.map(([command, en, ko], at) =>
    el("li", { role: "option", id: `command-${at}`, "aria-selected": "false", on: { mousedown: (event) => { event.preventDefault(); fill(command); } } },
      el("code", {}, command), el("span", {}, language() === "ko" ? ko : en))));
  list.hidden = !matching.length;
  text.setAttribute("aria-expanded", String(!list.hidden));
  text.removeAttribute("aria-activedescendant");
}

function mark(step) {
  const items = [...byId("commands").children];
  suggestion = (suggestion + step + items.length + (suggestion < 0 && step < 0 ? 1 : 0)) % items.length;
  items.forEach((item, at) => item.setAttribute("aria-selected", String(at === suggestion)));
  items[suggestion].scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", items[suggestion].id);
}

text.addEventListener("input", () => { grow(); suggest(); });
text.addEventListener("blur", () => suggest(true));
text.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // the Enter that ends a Korean syllable is not the Enter that sends
  const open = !byId("commands").hidden;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    mark(event.key === "ArrowDown" ? 1 : -1);
  } else if (open && event.key === "Escape") {
    event.preventDefault();
    suggest(true);
  } else if (open && suggestion >= 0 && (event.key === "Enter" || event.key === "Tab")) {
    event.preventDefault();
    fill(byId("commands").children[suggestion].querySelector("code").textContent);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    byId("composer").requestSubmit();
  }
});

byId("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said || !state.email) return;
  const { email } = state;
  text.value = "";
  grow();
  suggest(true);
  try {
    await post("/local/say", { id: gesture(), email, text: said, ...(state.channel ? { place: state.channel } : {}) });
    await loadLines();
  } catch (error) {
    if (!text.value) text.value = said;
    fail(error);
  }
});

// ------------------------------------------------------------------------------------------------- welcome, feed

function paintWelcome() {
  const box = byId("welcome");
  box.hidden = stored("rondo.welcomed", "") === "yes";
  if (box.hidden) return;
  const first = state.people.find((one) => one.email === state.first) ?? person();
  const chief = state.people.find((one) => one.name === first.manager);
  const step = (number, title, how, act) => el("li", {}, el("button", { type: "button", on: { click: act } },
    el("span", { cls: "step", "aria-hidden": "true" }, String(number)), el("span", {}, el("strong", {}, title), el("span", { cls: "how" }, how))));
  box.replaceChildren(
    el("h2", {}, say("welcomeTitle")), el("p", {}, say("welcomeLead")),
    el("ol", {},
      step(1, say("tryNext"), say("tryNextHow"), () => advance("next")),
      step(2, say("trySay"), say("trySayHow", { name: first.name }), () => choose(first.email).then(() => fill(EXAMPLES[language()][2]))),
      chief ? step(3, say("tryManager"), say("tryManagerHow", { name: chief.name }), () => choose(chief.email)) : ""),
    el("button", { type: "button", cls: "quiet", on: { click: () => { store("rondo.welcomed", "yes"); paintWelcome(); paintLines(); text.focus(); } } }, say("dismiss")));
}

async function loadFeed() {
  const found = await get("/local/ledger");
  state.feed = found.items;
  paintFeed();
}

// Every message is decided and then delivered; the decision is the story, and who has which account is none.
const told = (entry) => !entry.name.endsWith(":delivered") && !entry.name.startsWith("identity:") && entry.name !== "goal:imported";
const WHY = ["reason", "outcome", "days", "cause", "choice", "value", "until"];

// The same nudge to several people at the same moment is one line.
function stories() {
  const found = [];
  for (const entry of state.feed.filter(told)) {
    const last = found[found.length - 1];
    const same = last && entry.name.startsWith("nudge:") && last[0].name === entry.name && last[0].at === entry.at;
    if (same) last.push(entry);
    else found.push([entry]);
  }
  return found.slice(0, 60);
}

const nameOf = (email) => state.people.find((one) => one.email === email)?.name ?? email ?? "";

function everybody(entries) {
  const names = [...new Set(entries.map((entry) => nameOf(entry.facts?.to ?? entry.person)))].filter(Boolean);
  return names.length > 3 ? say("andMore", { names: names.slice(0, 2).join(", "), count: names.length - 2 }) : names.join(", ");
}

function paintFeed() {
  byId("feed-room").hidden = !state.feed;
  document.body.classList.toggle("has-feed", Boolean(state.feed));
  if (!state.feed) return;
  const first = state.fed.size === 0;
  byId("feed").replaceChildren(...stories().map((entries) => {
    const [entry] = entries;
    const id = [entry.at, entry.name, entry.subject, entry.person].join(" ");
    const fresh = !first && !state.fed.has(id);
    state.fed.add(id);
    const facts = { ...entry.facts, ...(entry.outcome ? { outcome: entry.outcome } : {}) };
    const why = WHY.filter((name) => facts[name] && facts[name] !== entry.name.split(":").pop()).slice(0, 2).map((name) => String(facts[name]).replaceAll("_", " "));
    return el("li", { cls: fresh ? "fresh" : "", data: { area: entry.name.split(":")[0] } },
      el("p", { cls: "f-what", title: entry.name }, happened(entry, everybody(entries), nameOf(facts.holder), language())),
      el("p", { cls: "f-why" }, [moment(entry.at, person().zone, language()), ...why].join(" · ")));
  }));
  if (!byId("feed").children.length) byId("feed").append(el("li", { cls: "none" }, say("feedEmpty")));
}

// --------------------------------------------------------------------------------------------------------- live

function once(act) { // many changes at once are one look
  let waiting = null;
  return () => { waiting ??= setTimeout(() => { waiting = null; act().catch(() => {}); }, 60); };
}

function listen() {
  const source = new EventSource("/local/events");
  const people = once(loadPeople);
  const lines = once(() => loadLines());
  const feed = once(loadFeed);
  source.addEventListener("clock", (event) => {
    const { now, next } = JSON.parse(event.data);
    state.now = now;
    state.next = next;
    paintClock();
    paintPeople();
    feed(); // what was decided need not be seen in any conversation
  });
  source.addEventListener("conversation", (event) => {
    if (JSON.parse(event.data).email === where()) lines();
    people();
    feed();
  });
  let dropped = false;
  source.addEventListener("open", () => { if (dropped) { people(); lines(); feed(); } dropped = false; });
  source.addEventListener("error", () => { dropped = true; });
}

async function start() {
  paintTheme();
  const wide = matchMedia("(min-width: 1121px)");
  const unfold = () => { byId("feed-box").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  NARROW.addEventListener("change", paintClock);
  try {
    const clock = await get("/local/clock");
    state.now = clock.now;
    state.next = clock.next;
    await loadPeople();
    paintWords();
    paintClock();
    byId("people").querySelector(`[aria-selected="true"]`)?.scrollIntoView({ block: "nearest", inline: "center" });
    await loadLines(true);
    await loadFeed();
  } catch (error) {
    fail(error);
  }
  listen();
  document.body.dataset.ready = "yes";
}

start();
