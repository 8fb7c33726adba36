// @ts-check
/** The guard's page: what the service says is shown, and what scanners, camera and hands do is told to it. */
import * as camera from "./camera.js";
import "./drop.js";
import { Keys } from "./keys.js";
import { connect, send } from "./socket.js";
import { play } from "./sound.js";
import { dialog, pressPin } from "./supervisor.js";
import { clear, dismiss, item, paint } from "./verdict.js";
import { ask, element, fill, inLanguage, put, restart } from "./words.js";

const body = document.body.dataset;
let drawn = ""; // the challenge on the screen

/** What is done with each message of the service. @type {Record<string, (message: any) => void>} */
const HEARD = {
  keys: ({ taken }) => keys.answer(taken),
  frame: camera.answered,
  clear,
  state(state) {
    const { mode, printed, source, gate, updating, notices, number_waits } = state;
    Object.assign(body, { mode, printed, source, gate, old: state.status.old });
    for (const id of ["top", "bottom"]) fill(element(id), state);
    element("notices").replaceChildren(...notices.map((/** @type {any} */ each) => item(each, each.level)));
    for (const id of ["update-stick", "update-network"]) element(id).toggleAttribute("disabled", updating);
    if (state.challenge) showChallenge(state.challenge);
    if (body.camera !== String(state.camera)) camera.turn(state.camera);
    body.camera = state.camera;
    if (body.number === "waiting" && !number_waits) showEntry();
  },
  verdict(verdict) {
    if (!paint(verdict)) return;
    dialog.close();
    showEntry(verdict.asks_number);
    if (verdict.stood === undefined) play(verdict.look);
  },
  number: (said) => showEntry(true, said),
  update(news) {
    put(element("update-says"), inLanguage(news));
    element("update").className = news.done ? (news.ok ? "good" : "bad") : "on";
    element("update-bar").setAttribute("value", news.fraction ?? 0);
    restart(element("update"));
  },
};

/** @param {{svg: string, seconds: number}} shown its picture, and for how long it is still good */
function showChallenge({ svg, seconds }) {
  if (svg === drawn) return;
  drawn = svg;
  // Not an image by a data: URL: Chromium keeps each of them, 20,000 a week.
  const picture = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  element("challenge-code").replaceChildren(...(picture instanceof SVGSVGElement ? [picture] : []));
  element("ring").style.setProperty("--seconds", `${seconds}s`);
  restart(element("ring"));
}

/** The place for the number on the plastic. @param {{state?: string}} said what became of one */
function showEntry(open = false, said = {}) {
  body.entry = open ? "open" : "";
  body.number = said.state ?? "";
  put(element("entry-says"), said.state && inLanguage(said));
}

function onGone(gone = false) {
  if (gone === (body.state === "gone")) return;
  clear();
  dialog.close();
  body.state = gone ? "gone" : "waiting";
}

const dots = (count = 0) => [put(element("dots"), "●".repeat(count)), count && showEntry(true)];
const focused = () => document.activeElement;
const escape = () => (dialog.open ? dialog.close() : dismiss(send));
const keys = new Keys({ send, dots, escape, focused, away: () => dialog.open }, window);

connect({ heard: (m) => HEARD[m.type]?.(m), closed: () => [keys.reset(), camera.answered()], gone: onGone });
// A button that was touched keeps no focus: the Enter of a scanner would press it again.
window.onmousedown = ({ target }) => !(target instanceof Element && target.closest("button, a"));
element("verdict").onclick = () => dismiss(send);
element("entry-close").onclick = () => showEntry();
element("number-open").onclick = () => showEntry(body.entry !== "open");
element("camera-switch").onclick = () => camera.turn();
for (const from of ["stick", "network"])
  element(`update-${from}`).onclick = () => ask("/update", "POST", { from });
for (const pad of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".pad"))) {
  pad.append(/** @type {HTMLTemplateElement} */ (element("pad")).content.cloneNode(true));
  const press = pad.dataset.pad === "pin" ? pressPin : (name = "") => keys.press(name);
  pad.onclick = ({ target }) => target instanceof HTMLButtonElement && press(target.value);
}
