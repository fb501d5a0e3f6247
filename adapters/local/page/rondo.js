// A card or form as the playground itself shows it, from the JSON of adapters/local/render.py.

import { el } from "./dom.js";

export function spans(list) {
  return list.map((span) =>
    span.style === "bold" ? el("strong", {}, span.text) : span.style === "italic" ? el("em", {}, span.text) : document.createTextNode(span.text));
}

export function card(json, press) {
  return el("div", { cls: "rondo" }, ...json.elements.map((element) => part(element, press)));
}

function part(element, press) {
  switch (element.kind) {
    case "heading": return el("h3", {}, element.text);
    case "paragraph": return el("p", {}, ...spans(element.spans));
    case "note": return el("p", { cls: "note" }, ...spans(element.spans));
    case "divider": return el("hr");
    case "facts":
      return el("dl", {}, ...element.pairs.flatMap((pair) => [el("dt", {}, pair.label), el("dd", {}, ...spans(pair.spans))]));
    case "chart":
      return el("figure", { cls: "chart" }, el("figcaption", {}, element.title),
        element.picture ? el("img", { src: element.picture, alt: element.alt }) : el("p", {}, element.alt));
    case "buttons":
      return el("div", { cls: "buttons" }, ...element.buttons.map((button) =>
        el("button", {
          type: "button", cls: `button ${button.tone}`, "aria-label": named(button), title: button.about || null,
          on: { click: (event) => press(button.action, event.currentTarget) },
        }, button.label)));
    default: return el("p", { cls: "unknown" }, `? ${element.kind}`);
  }
}

// What is read out must hold what is shown (WCAG 2.5.3).
function named(button) {
  if (!button.about) return null;
  return button.about.includes(button.label) ? button.about : `${button.label}: ${button.about}`;
}

export function form(json, typed, errors) {
  return el("div", { cls: "rondo fields" }, ...json.parts.map((one) => ("id" in one ? field(one, typed, errors) : part(one))));
}

let count = 0;
function field(json, typed, errors) {
  count += 1;
  const id = `f${count}`;
  const error = errors[json.id];
  const value = typed[json.id] ?? json.value;
  const described = [json.hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || null;
  const common = { id, data: { field: json.id }, "aria-describedby": described, "aria-invalid": error ? "true" : null, "aria-required": json.required ? "true" : null };
  let input;
  if (json.kind === "choice") {
    input = el("select", common, el("option", { value: "" }, "–"), ...json.options.map((option) => el("option", { value: option.value }, option.label)));
    input.value = value;
  } else if (json.kind === "date") {
    input = el("input", { ...common, type: "date", value });
  } else if (json.multiline) {
    input = el("textarea", { ...common, rows: 3, maxLength: json.max_length, value });
  } else {
    input = el("input", { ...common, type: "text", maxLength: json.max_length, value });
  }
  return el("div", { cls: error ? "field wrong" : "field" },
    el("label", { htmlFor: id }, json.label, json.required ? el("span", { cls: "must", "aria-hidden": "true" }, " *") : ""),
    input,
    json.hint ? el("p", { cls: "hint", id: `${id}-hint` }, json.hint) : "",
    error ? el("p", { cls: "error", id: `${id}-error` }, error) : "");
}
