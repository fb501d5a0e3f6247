// The dialog of a form, in any of the three looks. Closing it keeps what was typed as a draft (on the server).

import { byId, el, gesture, post, segmented } from "./dom.js";
import * as rondo from "./rondo.js";
import * as slack from "./slack.js";
import * as teams from "./teams.js";

export function openForm({ email, answer, skin, skins, say, fail, done }) {
  const box = byId("form");
  const back = document.activeElement;
  let current = answer;
  let typed = {};
  let settled = false;

  const look = () => (skin !== "rondo" && current.views?.[skin] && !current.views[skin].error ? skin : "rondo");

  function collect() {
    const values = { ...typed };
    for (const input of box.querySelectorAll("[data-field]")) values[input.dataset.field] = input.value;
    return values;
  }

  function body(errors) {
    switch (look()) {
      case "slack": return slack.modal(current.views.slack, typed, errors, say("optional"));
      case "teams": return teams.dialog(current.views.teams, typed, errors);
      default: return rondo.form(current.form, typed, errors);
    }
  }

  function paint(errors = {}) {
    const json = current.form;
    const switcher = el("div", { cls: "segmented small" });
    segmented(switcher, skins.filter(([name]) => name === "rondo" || current.views?.[name]), look(), say("formView"), (value) => {
      typed = collect();
      skin = value;
      paint(errors);
      box.querySelector(`.form-head [data-value="${value}"]`)?.focus();
    });
    box.className = `sheet in-${look()}`;
    box.replaceChildren(
      el("form", { method: "dialog", noValidate: true, on: { submit: (event) => { event.preventDefault(); submit(); } } },
        el("header", { cls: "form-head" },
          el("h2", { id: "form-title" }, json.title), switcher,
          el("button", { type: "button", cls: "plain-icon", "aria-label": say("close"), on: { click: close } }, "✕")),
        el("div", { cls: "form-body" },
          Object.keys(errors).length ? el("p", { cls: "form-error", role: "alert" }, say("fieldsWrong")) : "",
          body(errors)),
        el("footer", { cls: "form-foot" },
          el("button", { type: "button", cls: "button plain", on: { click: close } }, json.cancel),
          el("button", { type: "submit", cls: "button primary" }, json.submit))));
  }

  async function submit() {
    typed = collect();
    const button = box.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const result = await post("/local/submit", { id: gesture(), email, action: current.form.action, values: typed });
      if (result.errors) {
        current = result;
        paint(result.errors);
        box.querySelector('[aria-invalid="true"]')?.focus();
        return;
      }
      settled = true;
      box.close();
      done();
    } catch (error) {
      fail(error);
    } finally {
      button.disabled = false;
    }
  }

  function close() {
    typed = collect();
    box.close();
  }

  box.oncancel = () => { typed = collect(); };
  box.onclose = () => {
    box.onclose = null;
    if (back?.isConnected) back.focus();
    if (settled) return;
    post("/local/close", { id: gesture(), email, action: current.form.action, values: typed }).catch(fail);
  };
  paint();
  box.showModal();
  box.querySelector("[data-field]")?.focus();
}
