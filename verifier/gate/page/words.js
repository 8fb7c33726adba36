// @ts-check
/** What stands in the page's HTML: its places, and the words that only JavaScript shows. */
const ours = document.documentElement.lang;

/** The element of this id; a test holds that the page has it. @param {string} id */
export const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** Words that only JavaScript shows. @type {Record<string, string | undefined>} */
export const words = element("words").dataset;
/** A text of the service in the page's language, or in another. @param {any} text */
export const inLanguage = (text, language = ours) => String(text?.[language] ?? text ?? "");

/** Fills each place that names a member of `values`, as data-text="person.position", in its language.
 * @param {HTMLElement} root @param {object} values */
export function fill(root, values) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-text]"))) {
    const names = String(place.dataset.text).split(".");
    const value = names.reduce((/** @type {any} */ whole, name) => whole?.[name], values);
    put(place, inLanguage(value, place.lang || ours));
  }
}

/** @param {HTMLElement} place @param {string} [text] */
export function put(place, text = "") {
  if (place.textContent !== text) place.textContent = text;
}

/** Lets the style sheet's animations begin anew. @param {HTMLElement} place */
export function restart(place) {
  for (const animation of place.getAnimations({ subtree: true })) animation.currentTime = 0;
}

/** Says something in a band, which goes after a while. */
export function say(text = "", bad = false, id = "says") {
  put(element(id), text);
  element(id).className = bad ? "bad" : "";
  restart(element(id));
}

/** Asks the service for something. Null when it refused; why was then told in its own words.
 * @param {string} path @param {string} method @param {object | Blob} [body] @returns {Promise<any>} */
export async function ask(path, method, body, tell = say) {
  const file = body instanceof Blob;
  const headers = { "Content-Type": file ? "application/octet-stream" : "application/json" };
  try {
    const answer = await fetch(path, { method, headers, body: file ? body : JSON.stringify(body) });
    const content = await answer.json();
    if (answer.ok) return content;
    tell(inLanguage({ km: content.detail_km, en: content.detail_en }), true);
    if (content.code === "supervisor_needed") element("supervisor").dataset.inside = "false";
  } catch {
    tell(words.unreachable, true);
  }
  return null;
}
