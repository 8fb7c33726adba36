// @ts-check
/** A picture or an update that is dropped anywhere on the page, or chosen by the button, goes to the service. */
import { ask, element, say, words } from "./words.js";

/** @param {File | undefined} file */
async function read(file) {
  const answer = file && (await ask("/drop", "POST", file));
  if (answer) say(answer.what === "nothing" ? words.nothing : words.code, answer.what === "nothing");
}

/** Listens for files. */
export function listen() {
  const chooser = /** @type {HTMLInputElement} */ (element("file"));
  element("file-open").onclick = () => chooser.click();
  chooser.onchange = async () => {
    await read(chooser.files?.[0]);
    chooser.value = ""; // so that the same file may be chosen again
  };
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    read(event.dataTransfer?.files[0]);
  });
}
