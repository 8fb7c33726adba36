// @ts-check
/** A picture or an update that is dropped anywhere on the page, or chosen by the button. */
import { ask, element, say, words } from "./words.js";

const chooser = /** @type {HTMLInputElement} */ (element("file"));

/** @param {File | undefined} file */
async function read(file) {
  const answer = file && (await ask("/drop", "POST", file));
  if (answer && answer.what !== "code") say(words[answer.what] ?? words.code, answer.what === "nothing");
  chooser.value = ""; // or the same file could not be chosen again
}

element("file-open").onclick = () => chooser.click();
chooser.onchange = () => read(chooser.files?.[0]);
window.ondragover = (event) => event.preventDefault();
window.ondrop = (event) => [event.preventDefault(), read(event.dataTransfer?.files[0])];
