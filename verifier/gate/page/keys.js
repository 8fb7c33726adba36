// @ts-check
/**
 * Keys, whoever presses them: no field needs the focus. A scanner that types presses a key each few
 * milliseconds and a hand does not, so what came within 60 ms of a neighbour is a burst and goes to the
 * service, which answers whether it took it; what came alone is a hand's.
 *
 * @typedef {{code: string, key: string, shift: 0 | 1, down: number, up: number | null}} Key
 * @typedef {{send: (message: object) => boolean, dots: (count: number) => void, escape: () => void,
 *   focused: () => Element | null, away: () => boolean}} Page `send` gives false when the service is gone
 */
const GAP = 60; // ms between two keys of a burst, at most
const QUIET = 20; // after so many the burst is offered as it stands
const FINAL = 200; // after so many it has ended
const LOOK = 5; // between two looks at the keys
const FEW = 6; // a hand may press fewer keys than these at once
const [MOST, IDLE] = [5000, 15_000];
// How the codes of keys begin that write something, or end it; others are left to the browser.
const WRITES = /^(Key|Dig|Nump|Brac|Intl|Back|Space|Minus|Equal|Semi|Quote|Comma|Period|Slash|Enter|Tab|Esc)/;
const ENDS = /^(Enter|NumpadEnter|Tab)$/;
const PRESSES = /^(Enter|Space)$/;
const HELD = 35; // ms: a scanner lets a key go after some, a finger holds it for longer
const MODIFIES = /^(Shift|Control|Alt|Meta)/;

/** Where a run of keys ends that came together: the first key after it, or -1. @param {Key[]} keys */
const endOfRun = (keys) => keys.findIndex((key, i) => i > 0 && key.down - keys[i - 1].down > GAP);

export class Keys {
  #keys = /** @type {Key[]} */ ([]);
  #offered = 0; // so many of them the service has seen and not taken
  #asked = 0; // so many it is being asked about now
  #final = false; // whether it was told that they are all
  #heard = { at: 0, looks: 0 }; // when the page heard the last key, and its looks since
  #last = -Infinity; // when the last key of any kind went down
  #alone = ""; // which it was, when none came just before
  #taken = -Infinity; // when the last key went down that the service took
  // where the keys go, unless they are a scanner's, and what stood there before
  #field = /** @type {{place: HTMLInputElement, value: string} | null} */ (null);
  #ended = /** @type {Key[]} */ ([]); // the last that were final: more of them may come late
  #digits = "";
  #timers = { look: 0, idle: 0 };
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
    if (!count) return;
    this.#asked = 0;
    if (this.#final) this.#ended = this.#keys.slice(0, count);
    if (taken) this.#taken = this.#keys[count - 1].down;
    if (taken) this.#drop(count);
    else if (this.#final) this.#settle(count);
    else this.#offered = count;
    this.#look();
  }

  /** The service is gone, or a new one, which knows nothing of what the last was offered. */
  reset() {
    this.#asked = 0;
    this.#drop(this.#keys.length);
    if (this.#digits) this.press("Escape");
  }

  /** A key of a hand, or of the keypad on the screen. @param {string} code */
  press(code) {
    const name = code.replace(/^(?:Digit|Numpad)(\d|Enter)$/, "$1");
    if (name !== "Escape" && (this.#page.away() || !/^(\d|Backspace|Enter)$/.test(name))) return;
    if (name === "Escape" && !this.#digits) return this.#page.escape();
    if (name === "Enter" && this.#digits) this.#page.send({ number: this.#digits });
    if (name === "Escape" || name === "Enter") this.#digits = "";
    else this.#digits = name === "Backspace" ? this.#digits.slice(0, -1) : (this.#digits + name).slice(0, 20);
    this.#page.dots(this.#digits.length);
    clearTimeout(this.#timers.idle);
    if (this.#digits) this.#timers.idle = window.setTimeout(() => this.press("Escape"), IDLE);
  }

  /** @param {KeyboardEvent} event */
  #down(event) {
    const { code, key, timeStamp: down } = event;
    const running = down - this.#last <= GAP;
    if (!MODIFIES.test(key)) this.#last = down; // whoever gets it: the next may be of the same scan
    if (!event.repeat) this.#alone = running ? "" : code;
    if (!WRITES.test(code) && (code || key.length !== 1)) return;
    const focused = this.#page.focused();
    const place = focused?.matches("input, textarea, select") ? /** @type {any} */ (focused) : null;
    const isText = focused?.matches("textarea, input:not([type=radio], [type=checkbox])");
    const pressed = running && (ENDS.test(code) || (code === "Space" && !isText)); // and by no hand
    if (!running && (event.ctrlKey || event.altKey || event.metaKey || (!place && code === "Tab"))) return;
    if (!running && PRESSES.test(code) && !this.#digits && focused?.matches("button, a"))
      return event.preventDefault(); // it is pressed when the key goes up, if that is a hand's
    // A key that a finger holds "repeats" when the scanner presses it; by itself it does after 250 ms.
    const held = this.#keys.findLast((each) => each.code === code && each.up === null);
    if (event.repeat && !(held && down - held.down < 200))
      return place && !pressed ? undefined : event.preventDefault();
    if (!ENDS.test(code) && down - (this.#ended.at(-1)?.down ?? -Infinity) <= GAP)
      this.#keys.unshift(...this.#ended.splice(0).slice(0, MOST - this.#keys.length));
    if (!this.#keys.length || (this.#field && !running)) this.#field = place && { place, value: place.value };
    this.#heard = { at: performance.now(), looks: 0 };
    const shift = event.shiftKey ? 1 : 0;
    if (this.#keys.length < MOST) this.#keys.push({ code, key: key.slice(0, 32), shift, down, up: null });
    const scanned = this.#keys.length >= FEW && endOfRun(this.#keys.slice(-FEW)) < 0;
    if (this.#field && (scanned || (running && ENDS.test(code)))) this.#field.place.value = this.#field.value;
    if (scanned) this.#field = null;
    if (!this.#field || pressed) event.preventDefault();
    this.#look();
  }

  /** @param {KeyboardEvent} event */
  #up(event) {
    const button = /** @type {any} */ (this.#page.focused()?.matches("button, a") && this.#page.focused());
    const alone = this.#alone === event.code && event.timeStamp - this.#last > HELD;
    if (button && alone && PRESSES.test(event.code) && !this.#digits) button.click();
    if (button && PRESSES.test(event.code)) event.preventDefault();
    const key = this.#keys.findLast((each) => each.code === event.code && each.up === null);
    if (key) key.up = event.timeStamp;
    if (key && !this.#field) event.preventDefault();
  }

  /** Looks what is to be done now with the keys that wait, or when to look again. */
  #look() {
    if (this.#asked) return;
    clearTimeout(this.#timers.look);
    const keys = this.#keys;
    while (keys.length && ENDS.test(keys[0].code) && keys[0].down - this.#taken <= FINAL) {
      this.#taken = keys[0].down; // an Enter after what was taken before it came
      this.#drop(1);
    }
    const passed = performance.now() - this.#heard.at;
    // A page that was held up has heard nothing: what is on its way to it comes before the next look.
    const quiet = Math.min(passed, LOOK * this.#heard.looks++);
    const burst = keys.some((key, i) => i > 0 && key.down - keys[i - 1].down <= GAP);
    const end = 1 + keys.findIndex((key, i) => i >= this.#offered && ENDS.test(key.code));
    if (!burst && quiet > GAP) this.#settle(keys.length);
    else if (this.#field && quiet >= FINAL) this.#drop(keys.length);
    else if (burst && !this.#field) {
      if (end) return this.#offer(end, false);
      if (quiet >= FINAL) return this.#offer(keys.length, true);
      if (passed >= QUIET && keys.length > this.#offered) return this.#offer(keys.length, false);
    }
    if (keys.length) this.#timers.look = window.setTimeout(() => this.#look(), LOOK);
  }

  #offer(count = 0, final = false) {
    const keys = this.#keys.slice(0, count).map((k) => [k.code, k.key, k.shift, k.down, k.up]);
    [this.#asked, this.#final] = [count, final];
    if (!this.#page.send({ keys, enter: ENDS.test(this.#keys[count - 1].code), final })) this.reset();
  }

  /** No scan: what a hand may have pressed of it was a hand's. */
  #settle(count = 0) {
    const keys = this.#field ? [] : this.#keys.slice(0, count);
    this.#drop(count);
    while (keys.length) {
      const run = keys.splice(0, endOfRun(keys) < 0 ? keys.length : endOfRun(keys));
      if (run.length < FEW) this.#ended = run.filter(({ code }) => code.startsWith("Key")); // not pressed
      if (run.length < FEW) run.forEach((key) => this.press(key.code));
    }
  }

  #drop(count = 0) {
    this.#keys.splice(0, count);
    this.#offered = 0;
  }
}
