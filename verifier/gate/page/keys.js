// @ts-check
/**
 * Keys, whoever presses them: no field needs the focus. A scanner that types presses a key each few
 * milliseconds and a hand does not, so what came within 60 ms of a neighbour is a burst and goes to the
 * service, which answers whether it took it; what came alone is a hand's.
 *
 * @typedef {{code: string, key: string, shift: 0 | 1, down: number, up: number | null}} Key
 * @typedef {{send: (message: object) => boolean, dots: (count: number) => void, escape: () => void,
 *   focused: () => Element | null, away: () => boolean}} Page tells the service (false: it is gone), shows how
 *   many digits were typed, has an Escape, an element with the focus, and other uses for a hand's digits
 */
const GAP = 60; // ms between two keys of a burst, at most
const QUIET = 20; // after so many the burst is offered as it stands
const FINAL = 150; // after so many it has ended
const MOST = 5000;
const FEW = 6; // a hand may press fewer keys than these at once
const IDLE = 15_000;
const WRITES = new RegExp(
  "^(Key[A-Z]|Digit\\d|Numpad\\w+|Bracket\\w+|Intl\\w+|Space|Minus|Equal|Semicolon|Quote|Backquote" +
    "|Backslash|Comma|Period|Slash|Enter|Tab|Backspace|Escape)$",
);
const ENDS = /^(Enter|NumpadEnter|Tab)$/;

/** Whether the last keys are a scanner's, though a field has the focus. @param {Key[]} keys */
const isScan = (keys) =>
  keys.length >= FEW && keys.slice(1 - FEW).every((key, i) => key.down - keys[keys.length - FEW + i].down <= GAP);

export class Keys {
  /** @type {Key[]} */
  #keys = [];
  #offered = 0; // so many of them the service has seen and not taken
  #asked = 0; // so many it is being asked about now
  #final = false; // whether it was told that they are all
  #heard = 0; // when the page heard the last key
  #last = -Infinity; // when that key went down
  #taken = -Infinity; // when the last key went down that the service took
  /** @type {{place: HTMLInputElement, value: string, scan: boolean} | null} */
  #field = null; // where the keys went, what stood there before, and whether they are a scanner's
  #digits = "";
  #timer = 0;
  #idle = 0;
  #page;

  /** @param {Page} page @param {Pick<Window, "addEventListener">} target */
  constructor(page, target) {
    this.#page = page;
    target.addEventListener("keydown", (event) => this.#down(event), true);
    target.addEventListener("keyup", (event) => this.#up(event), true);
  }

  /** The service's answer to the keys it was offered. @param {boolean} taken */
  answer(taken) {
    const count = this.#asked;
    this.#asked = 0;
    if (!count) return;
    if (taken) {
      this.#taken = this.#keys[count - 1].down;
      this.#drop(count);
    } else if (this.#final) this.#settle(count);
    else this.#offered = count;
    this.#look();
  }

  /** The service is gone, or a new one, which knows nothing of what the last was offered. */
  reset() {
    this.#asked = 0;
    this.#drop(this.#keys.length);
    if (this.#digits) this.press("Escape");
  }

  /** A key of a hand, or of the keypad on the screen. @param {string} name */
  press(name) {
    if (name === "Escape" && !this.#digits) return this.#page.escape();
    if (name === "Enter" && this.#digits) this.#page.send({ number: this.#digits });
    if (name === "Escape" || name === "Enter") this.#digits = "";
    else this.#digits = name === "Backspace" ? this.#digits.slice(0, -1) : (this.#digits + name).slice(0, 20);
    this.#page.dots(this.#digits.length);
    clearTimeout(this.#idle);
    if (this.#digits) this.#idle = window.setTimeout(() => this.press("Escape"), IDLE);
  }

  /** @param {KeyboardEvent} event */
  #down(event) {
    const { code, key, timeStamp: down } = event;
    if (!WRITES.test(code) && (code || key.length !== 1)) return;
    const running = down - this.#last <= GAP;
    const focused = this.#page.focused();
    const place = focused?.matches("input, textarea, select") ? /** @type {HTMLInputElement} */ (focused) : null;
    const presses = focused?.matches("button, a") && (code === "Space" || (code === "Enter" && !this.#digits));
    const shortcut = event.ctrlKey || event.altKey || event.metaKey;
    if (!running && (shortcut || (!place && (code === "Tab" || presses)))) return;
    if (event.repeat) return place ? undefined : event.preventDefault();
    if (!this.#field?.scan && !(running && this.#keys.length))
      this.#field = place && { place, value: place.value, scan: false };
    this.#heard = performance.now();
    this.#last = down;
    if (this.#keys.length < MOST)
      this.#keys.push({ code, key: key.slice(0, 32), shift: event.shiftKey ? 1 : 0, down, up: null });
    if (this.#field && !this.#field.scan && isScan(this.#keys)) {
      this.#field.scan = true;
      this.#field.place.value = this.#field.value;
    }
    if (!this.#field || this.#field.scan) event.preventDefault();
    this.#look();
  }

  /** @param {KeyboardEvent} event */
  #up(event) {
    const key = this.#keys.findLast((each) => each.code === event.code && each.up === null);
    if (key) key.up = event.timeStamp;
    if (key && !this.#field) event.preventDefault();
  }

  /** Looks what is to be done now with the keys that wait, or when to look again. */
  #look() {
    if (this.#asked) return;
    clearTimeout(this.#timer);
    while (this.#keys.length && ENDS.test(this.#keys[0].code) && this.#keys[0].down - this.#taken <= FINAL) {
      this.#taken = this.#keys[0].down; // the Enter after a text that was taken before it came
      this.#drop(1);
    }
    const keys = this.#keys;
    const quiet = performance.now() - this.#heard;
    const burst = keys.some((key, i) => i > 0 && key.down - keys[i - 1].down <= GAP);
    const typing = this.#field !== null && !this.#field.scan;
    const end = 1 + keys.findIndex((key, i) => i >= this.#offered && ENDS.test(key.code));
    if (!burst && quiet > GAP) this.#settle(keys.length);
    else if (typing && quiet >= FINAL) this.#drop(keys.length);
    else if (burst && !typing) {
      if (end) return this.#offer(end, false);
      if (quiet >= FINAL) return this.#offer(keys.length, true);
      if (quiet >= QUIET && keys.length > this.#offered) return this.#offer(keys.length, false);
    }
    const next = [QUIET, GAP + 1, FINAL].find((ms) => ms > quiet) ?? FINAL;
    if (keys.length) this.#timer = window.setTimeout(() => this.#look(), Math.max(1, next - quiet));
  }

  /** @param {number} count @param {boolean} final */
  #offer(count, final) {
    const keys = this.#keys.slice(0, count).map((k) => [k.code, k.key, k.shift, k.down, k.up]);
    this.#asked = count;
    this.#final = final;
    if (!this.#page.send({ keys, enter: ENDS.test(this.#keys[count - 1].code), final })) this.reset();
  }

  /** No scan: what a hand may have pressed of it was a hand's. @param {number} count */
  #settle(count) {
    const keys = this.#field ? [] : this.#keys.slice(0, count);
    this.#drop(count);
    while (keys.length) {
      const next = keys.findIndex((key, i) => i > 0 && key.down - keys[i - 1].down > GAP);
      const run = keys.splice(0, next < 0 ? keys.length : next);
      if (run.length < FEW) run.forEach((key) => this.#hand(key.code));
    }
  }

  /** @param {string} code */
  #hand(code) {
    const name = code.replace(/^(?:Digit|Numpad)(\d|Enter)$/, "$1");
    if (name === "Escape" || (/^(\d|Backspace|Enter)$/.test(name) && !this.#page.away())) this.press(name);
  }

  /** @param {number} count */
  #drop(count) {
    this.#keys.splice(0, count);
    this.#offered = 0;
    if (!this.#keys.length) this.#field = null;
  }
}
