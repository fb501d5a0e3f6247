// Draws the Block Kit that adapters/slack/render.py makes, about as Slack does. Unknown blocks say so instead of hiding.

import { el } from "./dom.js";

export function message(json, press) {
  return el("div", { cls: "slack" }, ...(json.blocks ?? []).map((block) => draw(block, press)));
}

const plain = (text) => text?.text ?? "";

function draw(block, press) {
  switch (block.type) {
    case "header": return el("h3", { cls: "s-header" }, plain(block.text));
    case "divider": return el("hr");
    case "section":
      return el("div", { cls: "s-section" },
        block.text ? el("p", {}, plain(block.text)) : "",
        ...(block.fields ?? []).map((one) => el("p", { cls: "s-field" }, plain(one))),
        block.accessory ? element(block.accessory, press) : "");
    case "context": return el("div", { cls: "s-context" }, ...block.elements.map((one) => el("span", {}, plain(one))));
    case "rich_text": return el("div", { cls: "s-rich" }, ...block.elements.map(section));
    case "actions": return el("div", { cls: "s-actions" }, ...block.elements.map((one) => element(one, press)));
    case "image": return picture(block.title ? plain(block.title) : "", block.image_url, block.alt_text);
    case "input": return input(block);
    default: return el("p", { cls: "unknown" }, `? ${block.type}`);
  }
}

function picture(title, url, alt) {
  return el("figure", { cls: "s-picture" }, title ? el("figcaption", {}, title) : "", el("img", { src: url, alt }));
}

function section(json) {
  if (json.type === "rich_text_list") return el("ul", {}, ...json.elements.map((one) => el("li", {}, ...one.elements.map(run))));
  return el(json.type === "rich_text_quote" ? "blockquote" : "p", {}, ...(json.elements ?? []).map(run));
}

function run(json) {
  let node = document.createTextNode(json.text ?? json.url ?? json.name ?? "");
  for (const [style, tag] of [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"]]) {
    if (json.style?.[style]) node = el(tag, {}, node);
  }
  return node;
}

function element(json, press) {
  if (json.type !== "button") return el("span", { cls: "unknown" }, `? ${json.type}`);
  return el("button", {
    type: "button", cls: `s-button ${json.style ?? ""}`, "aria-label": json.accessibility_label ?? null,
    on: { click: (event) => press(json.value, event.currentTarget) },
  }, plain(json.text));
}

// ------------------------------------------------------------------------------------------------------- modals

let count = 0;
const fieldAt = (block) => block.block_id.slice(block.block_id.indexOf(":") + 1) + block.element.action_id.slice(block.element.action_id.indexOf(":") + 1);
let filled = { typed: {}, errors: {} };

export function modal(json, typed, errors, optional) {
  filled = { typed, errors, optional };
  return el("div", { cls: "slack fields" }, ...json.blocks.map((block) => draw(block)));
}

function input(block) {
  count += 1;
  const id = `s${count}`;
  const field = fieldAt(block);
  const error = filled.errors[field];
  const given = block.element;
  const first = given.initial_value ?? given.initial_date ?? given.initial_option?.value ?? "";
  const common = { id, data: { field }, "aria-invalid": error ? "true" : null, "aria-describedby": error ? `${id}-error` : block.hint ? `${id}-hint` : null };
  let node;
  if (given.type === "static_select") {
    node = el("select", common, el("option", { value: "" }, "–"), ...given.options.map((one) => el("option", { value: one.value }, plain(one.text))));
  } else if (given.type === "datepicker") {
    node = el("input", { ...common, type: "date" });
  } else {
    node = given.multiline ? el("textarea", { ...common, rows: 3, maxLength: given.max_length }) : el("input", { ...common, type: "text", maxLength: given.max_length });
  }
  node.value = filled.typed[field] ?? first;
  return el("div", { cls: error ? "s-input wrong" : "s-input" },
    el("label", { htmlFor: id }, plain(block.label), block.optional ? el("span", { cls: "s-optional" }, ` ${filled.optional}`) : ""),
    node,
    error ? el("p", { cls: "error", id: `${id}-error` }, error) : block.hint ? el("p", { cls: "s-hint", id: `${id}-hint` }, plain(block.hint)) : "");
}
