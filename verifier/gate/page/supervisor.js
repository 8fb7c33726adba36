// @ts-check
/** What only the supervisor may do, behind the PIN. The service holds to it; this dialog only asks. Each form
 * names in the HTML where it is sent, and its fields are the members of what is sent. */
import { ask, element, say, words } from "./words.js";
export const dialog = /** @type {HTMLDialogElement} */ (element("supervisor"));
const pin = /** @type {HTMLInputElement} */ (element("pin"));
let settings = /** @type {Record<string, unknown>} */ ({});

const tell = (text = "", bad = false) => say(text, bad, "supervisor-says");
/** The fields of a form that are sent. @param {HTMLElement} form @returns {HTMLInputElement[]} */
const fieldsOf = (form) => [...form.querySelectorAll("[name]")].map((field) => /** @type {any} */ (field));

/** What a field holds, of the type that the setting has. @param {HTMLInputElement} field */
function valueOf({ name, value }) {
  if (typeof settings[name] === "boolean") return value === "true";
  return typeof settings[name] === "number" ? Number(value || NaN) : value;
}

/** @param {HTMLFormElement} form */
async function submit(form) {
  const { path = "", method = "POST" } = form.dataset;
  const typed = Object.fromEntries(fieldsOf(form).map((field) => [field.name, valueOf(field)]));
  const body = path === "settings" ? { ...settings, ...typed } : typed;
  const answer = await ask(`/supervisor/${path}`, method, body, tell);
  if (path !== "settings" && (answer || path === "enter")) form.reset();
  if (!answer) return;
  if (path === "pass") return dialog.close();
  tell(path === "enter" ? "" : words.done);
  if (path !== "enter") return;
  dialog.dataset.inside = "true";
  settings = answer.settings;
  for (const field of fieldsOf(element("settings-form"))) field.value = String(settings[field.name]);
}

element("supervisor-open").onclick = () => {
  document.body.dataset.state = "supervisor";
  dialog.dataset.inside = "false";
  tell();
  dialog.showModal();
};
element("supervisor-close").onclick = () => dialog.close();
element("log").onclick = async () => { // asks first: a download that is refused says nothing
  const link = Object.assign(document.createElement("a"), { href: words.log, download: "" });
  if (await ask("/supervisor/settings", "GET", undefined, tell)) link.click();
};
dialog.onclose = () => {
  if (dialog.dataset.inside === "true") ask("/supervisor/leave", "POST", {}, tell);
  for (const form of dialog.querySelectorAll("form")) form.reset();
  if (document.body.dataset.state === "supervisor") document.body.dataset.state = "waiting";
};
dialog.onsubmit = (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  submit(/** @type {HTMLFormElement} */ (event.target));
};

/** A key of the keypad on the screen. */
export function pressPin(name = "") {
  if (name === "Enter") pin.form?.requestSubmit();
  else pin.value = name === "Backspace" ? pin.value.slice(0, -1) : (pin.value + name).slice(0, 12);
}
