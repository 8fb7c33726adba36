// Hands and eyes before the gate's page, for the tests. What happens next is expected first, so that no word is missed.
globalThis.crowd = {
  /** The next verdict as it stands on the page, or null after ten seconds. @type {Promise<object | null>} */
  next: Promise.resolve(null),

  expect() {
    this.next = new Promise((resolve) => {
      const end = (told) => {
        watch.disconnect();
        clearTimeout(timer);
        resolve(told);
      };
      const watch = new MutationObserver(() => document.body.dataset.verdict && end(this.read()));
      watch.observe(document.body, { attributes: true, attributeFilter: ["data-verdict"] });
      const timer = setTimeout(() => end(null), 10_000);
    });
  },

  read() {
    const { verdict, look, code } = document.body.dataset;
    const text = (id) => document.getElementById(id).textContent;
    const named = [text("card-number").replaceAll(" ", ""), text("name-km"), text("name-la")];
    const person = named.some((name) => name) ? named : null;
    const visible = getComputedStyle(document.getElementById("verdict")).display !== "none";
    return { verdict, look, code, person, visible };
  },

  /** What the page says of a number that waits. */
  async waiting() {
    for (let i = 0; i < 1000; i++) {
      const said = document.getElementById("entry-says").textContent;
      if (said) return said;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return "";
  },

  /** A key that goes down and up `ago` milliseconds before now, as the page sees it. */
  key([code, key, shiftKey], ago = 0) {
    for (const type of ["keydown", "keyup"]) {
      const event = new KeyboardEvent(type, { code, key, shiftKey, bubbles: true, cancelable: true });
      if (ago) Object.defineProperty(event, "timeStamp", { value: performance.now() - ago });
      document.body.dispatchEvent(event);
    }
  },

  /** A scanner that types: all keys at once, Enter last. */
  scan(strokes) {
    for (const stroke of strokes) this.key(stroke);
  },

  /** A hand that has typed digits in the last seconds, Enter last. */
  type(strokes) {
    strokes.forEach((stroke, i) => this.key(stroke, 100 * (strokes.length - i)));
  },

  /** A hand on the keypad of the screen. */
  press(digits) {
    if (document.body.dataset.entry !== "open") document.getElementById("number-open").click();
    for (const value of [...digits, "Enter"])
      document.querySelector(`[data-pad="number"] button[value="${value}"]`).click();
  },

  /** A file that is dropped on the page. */
  drop(base64) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "code"));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
  },

  /** The challenge on the screen as a picture. */
  async challenge() {
    const shown = document.querySelector("#challenge-code svg");
    if (!shown) return "";
    const svg = new Blob([new XMLSerializer().serializeToString(shown)], { type: "image/svg+xml" });
    const image = Object.assign(new Image(), { src: URL.createObjectURL(svg) });
    await image.decode();
    URL.revokeObjectURL(image.src);
    const pen = Object.assign(document.createElement("canvas"), { width: 300, height: 300 });
    pen.getContext("2d").drawImage(image, 0, 0, 300, 300);
    return pen.toDataURL().split(",")[1];
  },
};
