// Draws the Adaptive Cards that adapters/teams/render.py makes, about as Teams does.

import { el } from "./dom.js";

const KEY = "rondo"; // where the encoded action stands in the data of a button

// Takes the activity, the task module answer or the bare card.
export function cardOf(json) {
  return json.attachments?.[0]?.content ?? json.task?.value?.card?.content ?? json;
}

export function message(json, press) {
  const card = cardOf(json);
  return el("div", { cls: "teams" }, ...(card.body ?? []).map((one) => draw(one, press)), ...actions(card.actions, press));
}

let filled = { typed: {}, errors: {} };
export function dialog(json, typed, errors) {
  filled = { typed, errors };
  const card = cardOf(json);
  return el("div", { cls: "teams fields" }, ...(card.body ?? []).map((one) => draw(one)));
}

function looks(json, ...more) {
  const names = [...more];
  if (json.separator) names.push("t-separator");
  if (json.spacing) names.push(`t-space-${json.spacing.toLowerCase()}`);
  return names.join(" ");
}

function inline(json) {
  const names = ["t-run"];
  if (json.size) names.push(`t-${json.size.toLowerCase()}`);
  if (json.weight) names.push(`t-${json.weight.toLowerCase()}`);
  if (json.color) names.push(`t-${json.color.toLowerCase()}`);
  if (json.isSubtle) names.push("t-subtle");
  if (json.italic) names.push("t-italic");
  return el("span", { cls: names.join(" ") }, json.text ?? "");
}

function draw(json, press) {
  switch (json.type) {
    case "TextBlock": return el("p", { cls: looks(json, "t-block") }, inline(json));
    case "RichTextBlock": return el("p", { cls: looks(json, "t-block") }, ...json.inlines.map((one) => inline(typeof one === "string" ? { text: one } : one)));
    case "ActionSet": return el("div", { cls: looks(json, "t-actions") }, ...json.actions.map((one) => action(one, press)));
    case "Container": return el("div", { cls: looks(json, "t-container", json.style ? `t-style-${json.style}` : "") }, ...(json.items ?? []).map((one) => draw(one, press)));
    case "ColumnSet": return el("div", { cls: looks(json, "t-columns") }, ...(json.columns ?? []).map((one) => el("div", { cls: one.width === "auto" ? "t-auto" : "t-stretch" }, ...(one.items ?? []).map((item) => draw(item, press)))));
    case "FactSet": return el("dl", { cls: looks(json, "t-facts") }, ...json.facts.flatMap((one) => [el("dt", {}, one.title), el("dd", {}, one.value)]));
    case "Image": return el("div", { cls: looks(json, "t-picture") }, el("img", { src: json.url, alt: json.altText ?? "" }));
    case "Input.Text": case "Input.ChoiceSet": case "Input.Date": case "Input.Number": return input(json);
    default: return el("p", { cls: "unknown" }, `? ${json.type}`);
  }
}

function actions(list, press) {
  return list?.length ? [el("div", { cls: "t-actions" }, ...list.map((one) => action(one, press)))] : [];
}

function action(json, press) {
  const about = json.tooltip;
  return el("button", {
    type: "button", cls: `t-button ${json.style ?? ""}`, title: about ?? null,
    "aria-label": about ? (about.includes(json.title) ? about : `${json.title}: ${about}`) : null,
    on: { click: (event) => press(json.data?.[KEY], event.currentTarget) },
  }, json.title);
}

let count = 0;
function input(json) {
  count += 1;
  const id = `t${count}`;
  const error = filled.errors[json.id];
  const common = { id, data: { field: json.id }, "aria-invalid": error ? "true" : null, "aria-required": json.isRequired ? "true" : null };
  let node;
  if (json.type === "Input.ChoiceSet") {
    node = el("select", common, el("option", { value: "" }, json.placeholder ?? "–"), ...json.choices.map((one) => el("option", { value: one.value }, one.title)));
  } else if (json.type === "Input.Text" && json.isMultiline) {
    node = el("textarea", { ...common, rows: 3, maxLength: json.maxLength, placeholder: json.placeholder ?? "" });
  } else {
    node = el("input", { ...common, type: json.type === "Input.Date" ? "date" : "text", placeholder: json.placeholder ?? "" });
    if (json.maxLength) node.maxLength = json.maxLength;
  }
  node.value = filled.typed[json.id] ?? json.value ?? "";
  return el("div", { cls: looks(json, error ? "t-input wrong" : "t-input") },
    el("label", { htmlFor: id }, json.label ?? "", json.isRequired ? el("span", { cls: "t-attention" }, " *") : ""), node);
}
