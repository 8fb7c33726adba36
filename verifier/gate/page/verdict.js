// @ts-check
/** The verdict, painted over the whole page for some seconds. */
import { element, fill, inLanguage, restart } from "./words.js";

const SEEN = 700; // ms that a verdict has to stand before a touch can be meant for it
const body = document.body;
let [standing, since, timer] = [0, 0, 0]; // the id of what stands, 0 for nothing; when it was painted

/** Paints a verdict, unless it stands already; whether it was painted. @param {any} verdict */
export function paint(verdict) {
  const { id, look, code, person, repeat, stood } = verdict;
  element("again").hidden = !repeat || stood !== undefined;
  if (repeat && id === standing) return false;
  [standing, since] = [id, performance.now()];
  Object.assign(body.dataset, { verdict: verdict.verdict, look, code, state: "verdict" });
  const number = person?.card_number.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");
  fill(element("verdict"), { ...verdict, number });
  element("lines").replaceChildren(...verdict.lines.map((/** @type {object} */ line) => item(line)));
  const seconds = verdict.seconds - (stood ?? 0);
  element("left").style.setProperty("--seconds", `${seconds}s`);
  restart(element("left"));
  clearTimeout(timer);
  timer = window.setTimeout(clear, seconds * 1000);
  return true;
}

/** Back to waiting; a number is not asked for any more. */
export function clear() {
  clearTimeout(timer);
  standing = 0;
  if (body.dataset.state === "verdict") body.dataset.state = "waiting";
  Object.assign(body.dataset, { verdict: "", look: "", code: "", entry: "" });
  fill(element("verdict"), {}); // nobody's name stays behind it
}

/** Back to waiting, because somebody wants it. @param {(message: object) => boolean} send */
export function dismiss(send) {
  if (standing && performance.now() - since < SEEN) return;
  if (standing) send({ dismiss: true });
  clear();
}

/** A line of a list. @param {object} text @param {string} [kind] */
export function item(text, kind = "") {
  return Object.assign(document.createElement("li"), { className: kind, textContent: inLanguage(text) });
}
