// @ts-check
/** The guard's page: what the service says is shown, and what scanners, camera and hands do is told to it. */
import { Camera } from "./camera.js";
import { listen as listenForFiles } from "./drop.js";
import { Keys } from "./keys.js";
import { Socket } from "./socket.js";
import { listen as listenForTouch, play } from "./sound.js";
import { dialog, listen as listenToSupervisor, pressPin } from "./supervisor.js";
import { clear, item, paint } from "./verdict.js";
import { ask, element, fill, inLanguage, put } from "./words.js";

const body = document.body.dataset;
const challenge = /** @type {HTMLImageElement} */ (element("challenge-code"));
const progress = /** @type {HTMLProgressElement} */ (element("update-bar"));
let hidingUpdate = 0;

/** What is done with each message of the service. @type {Record<string, (message: any) => void>} */
const HEARD = {
  keys: ({ taken }) => keys.answer(taken),
  frame: () => camera.answered(),
  clear: () => clear(),
  state(state) {
    Object.assign(body, { mode: state.mode, printed: String(state.printed), updating: String(state.updating) });
    fill(element("top"), state);
    fill(element("bottom"), state);
    element("status").className = state.status.old ? "old" : "";
    element("notices").replaceChildren(...state.notices.map((/** @type {any} */ n) => item(n, n.level)));
    for (const id of ["update-stick", "update-network"]) element(id).toggleAttribute("disabled", state.updating);
    if (state.challenge) showChallenge(state.challenge);
  },
  verdict(verdict) {
    if (!paint(verdict)) return;
    dialog.close();
    body.entry = verdict.asks_number ? "open" : "";
    put(element("entry-says"));
    if (verdict.stood === undefined) play(verdict.look);
  },
  number(said) {
    put(element("entry-says"), inLanguage(said));
    if (said.state === "none" && body.asks !== "yes") body.entry = "";
  },
  update(news) {
    put(element("update-says"), inLanguage(news));
    element("update").className = news.done ? (news.ok ? "good" : "bad") : "";
    progress.hidden = news.done;
    if (news.fraction === null) progress.removeAttribute("value");
    else progress.value = news.fraction;
    body.update = "shown";
    clearTimeout(hidingUpdate);
    if (news.done) hidingUpdate = window.setTimeout(() => (body.update = ""), 15_000);
  },
};

/** @param {{svg: string, ends: number, seconds: number}} shown */
function showChallenge({ svg, ends, seconds }) {
  const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  if (challenge.src === source) return;
  challenge.src = source;
  const ring = element("ring");
  ring.style.setProperty("--seconds", `${seconds}s`);
  ring.style.setProperty("--passed", `${(ends - Date.now()) / 1000 - seconds}s`);
  ring.replaceWith(ring.cloneNode()); // a new one begins to run down anew
}

/** Back to waiting, because somebody wants it. */
function dismiss() {
  if (body.state === "verdict") socket.send({ dismiss: true });
  clear();
  body.entry = "";
}

const socket = new Socket({
  heard: (message) => HEARD[message.type]?.(message),
  closed() {
    keys.reset();
    camera.answered();
  },
  gone(gone) {
    if (gone === (body.state === "gone")) return;
    clear();
    dialog.close();
    body.state = gone ? "gone" : "waiting";
    element("gone").hidden = !gone;
  },
});
const keys = new Keys({
  send: (message) => socket.send(message),
  focused: () => document.activeElement,
  away: () => dialog.open,
  escape: () => (dialog.open ? dialog.close() : dismiss()),
  dots(count) {
    put(element("dots"), "●".repeat(count));
    if (count) body.entry = "open";
  },
}, window);
const camera = new Camera((frame) => socket.send(frame), () => dialog.open);

listenForTouch(element("sound-off"));
listenForFiles();
listenToSupervisor();
// A button that was touched has no focus after it: the Enter of a scanner would press it again.
window.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest("button, a")) event.preventDefault();
});
element("verdict").onclick = dismiss;
element("entry-close").onclick = () => (body.entry = "");
element("number-open").onclick = () => (body.entry = body.entry ? "" : "open");
element("camera-switch").onclick = () => camera.toggle();
element("update-stick").onclick = () => ask("/update", "POST", { from: "stick" });
element("update-network").onclick = () => ask("/update", "POST", { from: "network" });
for (const pad of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".pad"))) {
  pad.append(/** @type {HTMLTemplateElement} */ (element("pad")).content.cloneNode(true));
  pad.onclick = ({ target }) => {
    const name = target instanceof HTMLButtonElement ? target.value : "";
    if (name) pad.dataset.pad === "pin" ? pressPin(name) : keys.press(name);
  };
}
