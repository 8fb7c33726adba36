// @ts-check
/**
 * What only the supervisor may do, behind the PIN. The service holds to it; this dialog only asks. Each form
 * names in the HTML where it is sent, and its fields are the members of what is sent.
 */
import { ask, element, put, words } from "./words.js";

export const dialog = /** @type {HTMLDialogElement} */ (element("supervisor"));
const pin = /** @type {HTMLInputElement} */ (element("pin"));
const settingsForm = /** @type {HTMLFormElement} */ (element("settings-form"));
/** @type {Record<string, unknown>} */
let settings = {};

/** @param {string} [text] @param {boolean} [bad] */
function tell(text, bad = false) {
  put(element("supervisor-says"), text);
  element("supervisor-says").className = bad ? "bad" : "";
}

/** The fields of a form that are sent. @param {HTMLFormElement} form */
const fields = (form) => /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name]"));

/** @param {HTMLInputElement} field */
function valueOf({ value, dataset }) {
  if (dataset.kind === "flag") return value === "true";
  return dataset.kind === "number" ? Number(value) : value;
}

/** Shows what the PIN opens, or asks for the PIN. @param {boolean} inside */
async function enter(inside) {
  dialog.dataset.inside = String(inside);
  tell();
  if (!inside) return pin.focus();
  settings = (await ask("/supervisor/settings", "GET", undefined, tell)) ?? {};
  for (const field of fields(settingsForm)) field.value = String(settings[field.name] ?? "");
}

/** @param {HTMLFormElement} form */
async function submit(form) {
  const { path, method = "POST" } = form.dataset;
  const typed = Object.fromEntries([...fields(form)].map((field) => [field.name, valueOf(field)]));
  const body = form === settingsForm ? { ...settings, ...typed } : typed;
  const answer = await ask(`/supervisor/${path}`, method, body, tell);
  if (form !== settingsForm && (answer || path === "enter")) form.reset();
  if (!answer) return;
  if (path === "enter") return enter(true);
  if (path === "leave" || path === "pass") return dialog.close();
  tell(words.done);
}

/** Makes the dialog's buttons work. */
export function listen() {
  element("supervisor-open").onclick = () => {
    document.body.dataset.state = "supervisor";
    dialog.showModal();
    enter(false);
  };
  element("supervisor-close").onclick = () => dialog.close();
  dialog.onclose = () => {
    if (document.body.dataset.state === "supervisor") document.body.dataset.state = "waiting";
    for (const form of dialog.querySelectorAll("form")) form.reset();
  };
  for (const form of dialog.querySelectorAll("form"))
    form.onsubmit = (event) => {
      event.preventDefault();
      submit(form);
    };
}

/** A key of the keypad on the screen. @param {string} name */
export function pressPin(name) {
  if (name === "Enter") /** @type {HTMLFormElement} */ (element("pin-form")).requestSubmit();
  else pin.value = name === "Backspace" ? pin.value.slice(0, -1) : (pin.value + name).slice(0, 12);
}
