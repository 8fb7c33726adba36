// What the page makes of keys, with a clock and a window of the test's own. Run by test_gate_page.py.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Keys } from "./keys.js";

let now, timers, listeners, sent, dots, escapes, focus, away, reachable, keys;

/** A field of the supervisor's dialog, which gets what is not taken from it. */
const field = () => ({ value: "", matches: (names) => names.includes("input") });
const button = { matches: (names) => names.includes("button"), click: () => clicks++ };
let clicks = 0;

beforeEach(() => {
  [now, timers, listeners, sent, dots, escapes] = [1000, new Map(), {}, [], 0, 0];
  [focus, away, reachable] = [null, false, true];
  let last = 0;
  globalThis.window = {
    setTimeout: (act, ms) => (timers.set(++last, { act, at: now + ms }), last),
    addEventListener: (name, act, capture) => (assert.equal(capture, true), (listeners[name] = act)),
  };
  globalThis.clearTimeout = (timer) => timers.delete(timer);
  Object.defineProperty(globalThis, "performance", { value: { now: () => now }, configurable: true });
  const page = {
    send: (message) => (reachable && sent.push(message), reachable),
    dots: (count) => (dots = count),
    escape: () => escapes++,
    focused: () => focus,
    away: () => away,
  };
  keys = new Keys(page, window);
});

function wait(ms) {
  const end = now + ms;
  for (;;) {
    const due = [...timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
    if (!due) break;
    timers.delete(due[0]);
    now = Math.max(now, due[1].at);
    due[1].act();
  }
  now = end;
}

/** A key that goes down; whether the page took it from the browser. */
function down(code, more = {}) {
  let taken = false;
  const key = { Enter: "Enter", Tab: "Tab", Escape: "Escape", Backspace: "Backspace" }[code] ?? code.at(-1);
  listeners.keydown({ code, key, timeStamp: now, preventDefault: () => (taken = true), ...more });
  if (focus?.value !== undefined && !taken && key.length === 1) focus.value += key;
  return taken;
}
const up = (code) => listeners.keyup({ code, key: code.at(-1), timeStamp: now, preventDefault: () => {} });

/** A scanner: a key each `pace` milliseconds, of `text`'s digits and letters, and its end. */
function scan(text, end = "", pace = 4) {
  const codes = [...text].map((c) => (/\d/.test(c) ? `Digit${c}` : `Key${c}`));
  return [...codes, ...(end ? [end] : [])].map((code) => {
    wait(pace);
    const taken = down(code);
    now += 1;
    up(code);
    return taken;
  });
}
function type(text, pace = 120) {
  for (const c of text) (down(`Digit${c}`), wait(pace));
}
const textOf = (message) => message.keys.map(([, key]) => key).join("");

test("a scan is offered at its Enter, and every key of it is taken from the browser", () => {
  assert.ok(scan("MQ1ABCDEF", "Enter").every(Boolean));
  assert.equal(textOf(sent.at(-1)), "MQ1ABCDEFEnter");
  assert.deepEqual([sent.at(-1).enter, sent.at(-1).final], [true, false]);
  keys.answer(true);
  wait(1000);
  assert.equal(sent.length, 1);
  assert.equal(dots, 0);
});

test("what is sent of a key: code, character, shift, down and up", () => {
  down("KeyM", { shiftKey: true });
  wait(2);
  up("KeyM");
  wait(3);
  down("Enter");
  assert.deepEqual(sent[0].keys, [["KeyM", "M", 1, 1000, 1002], ["Enter", "Enter", 0, 1005, null]]);
});

test("a scan without an end is offered when it pauses, again when it has grown, and finally", () => {
  scan("MQ1ABC");
  wait(30);
  assert.deepEqual([textOf(sent[0]), sent[0].enter, sent[0].final], ["MQ1ABC", false, false]);
  keys.answer(false);
  scan("DEF");
  wait(30);
  assert.deepEqual([textOf(sent[1]), sent[1].final], ["MQ1ABCDEF", false]);
  keys.answer(false);
  wait(60);
  assert.equal(sent.length, 2);
  wait(120);
  assert.deepEqual([textOf(sent[2]), sent[2].final], ["MQ1ABCDEF", true]);
  keys.answer(false);
  wait(1000);
  assert.equal(sent.length, 3, "what nobody took is dropped");
});

test("a page that was held up amid a scan counts no quiet in which it could hear nothing", () => {
  scan("MQ1ABC");
  now += 500;
  wait(0);
  assert.deepEqual(sent.map(({ final }) => final), [false], "asked it may be, whether that is all");
  keys.answer(false);
  scan("DEF", "Enter");
  assert.deepEqual(sent.map(textOf), ["MQ1ABC", "MQ1ABCDEFEnter"]);
});

test("a letter that was taken for a hand's is the beginning of the scan that comes late", () => {
  down("KeyM");
  wait(100);
  for (const code of ["KeyQ", "Digit1", "KeyA", "KeyB", "KeyC", "Enter"]) down(code, { timeStamp: now - 90 });
  assert.equal(textOf(sent.at(-1)), "MQ1ABCEnter");
});

test("a scan of which more comes late, though it was pressed in time, is offered whole", () => {
  scan("MQ1ABCDEF");
  wait(30);
  keys.answer(false);
  wait(300);
  assert.equal(sent.at(-1).final, true);
  keys.answer(true);
  for (const code of ["KeyG", "KeyH", "Enter"]) down(code, { timeStamp: now - 280 });
  assert.equal(textOf(sent.at(-1)), "MQ1ABCDEFGHEnter");
  keys.answer(true);
  wait(1000);
  scan("4821567390");
  wait(30);
  keys.answer(false);
  wait(300);
  keys.answer(true);
  down("Enter", { timeStamp: now - 280 });
  wait(1000);
  assert.equal(textOf(sent.at(-1)), "4821567390", "an Enter that comes late gives a number no second time");
  scan("MQ1XYZ", "Enter");
  assert.equal(textOf(sent.at(-1)), "MQ1XYZEnter");
});

test("nothing is offered before the answer to the offer before", () => {
  scan("ABCDEFG");
  wait(30);
  scan("HIJKLMN", "Enter");
  wait(200);
  assert.equal(sent.length, 1);
  keys.answer(false);
  assert.equal(textOf(sent[1]), "ABCDEFGHIJKLMNEnter");
});

test("two scans back to back stay two, however late the first is answered", () => {
  scan("MQ1AAAAAA", "Enter");
  scan("MQ1BBBBBB", "Enter");
  assert.deepEqual(sent.map(textOf), ["MQ1AAAAAAEnter"]);
  keys.answer(true);
  assert.equal(textOf(sent[1]), "MQ1BBBBBBEnter");
  keys.answer(true);
  wait(1000);
  assert.equal(sent.length, 2);
});

test("the beginning of a second scan is kept when the first is taken", () => {
  scan("MQ1AAAAAA");
  wait(25);
  scan("MQ1B");
  keys.answer(true);
  scan("BBBBB", "Enter");
  assert.equal(textOf(sent.at(-1)), "MQ1BBBBBBEnter");
});

test("an Enter that comes when the text was taken already belongs to it", () => {
  type("12");
  scan("MQ1AAAAAA");
  wait(25);
  keys.answer(true);
  wait(20);
  assert.ok(down("Enter"));
  wait(300);
  assert.equal(sent.length, 1, "the digits that a hand has typed are not sent by a scanner");
  assert.equal(dots, 2);
});

test("an Enter inside of a scan does not end it when the service does not take it", () => {
  scan("MQ1AAA", "Enter");
  keys.answer(false);
  scan("BBB", "Enter");
  assert.equal(textOf(sent.at(-1)), "MQ1AAAEnterBBBEnter");
});

test("a hand's keys inside of a burst are sent with it, with the time that they were held", () => {
  scan("MQ1A");
  down("KeyZ");
  scan("BCD");
  now += 70;
  up("KeyZ");
  wait(150);
  assert.equal(textOf(sent.at(-1)), "MQ1AZBCD");
  const [, , , from, to] = sent.at(-1).keys[4];
  assert.ok(to - from > 70 || to === null);
});

test("a hand's digits become dots, and Enter sends them", () => {
  type("4821567390");
  assert.equal(dots, 10);
  assert.equal(sent.length, 0);
  down("Enter");
  wait(100);
  assert.deepEqual(sent, [{ number: "4821567390" }]);
  assert.equal(dots, 0);
});

test("digits are read by position: the keypad, a Khmer and a French keyboard", () => {
  for (const [code, key] of [["Numpad4", "4"], ["Digit8", "៨"], ["Digit2", "é"]]) {
    down(code, { key });
    wait(150);
  }
  down("NumpadEnter", { key: "Enter" });
  wait(100);
  assert.deepEqual(sent, [{ number: "482" }]);
});

test("Backspace takes one away, Escape all; a second Escape is the page's", () => {
  type("123");
  down("Backspace");
  wait(100);
  assert.equal(dots, 2);
  down("Escape");
  wait(100);
  assert.deepEqual([dots, escapes], [0, 0]);
  down("Escape");
  wait(100);
  assert.equal(escapes, 1);
});

test("digits that nobody ends go after 15 seconds, and never more than 20 are kept", () => {
  type("1".repeat(30));
  assert.equal(dots, 20);
  wait(14_000);
  assert.equal(dots, 20);
  wait(2000);
  assert.equal(dots, 0);
});

test("a bank card's number leaves the page by Enter alone, and nothing of it stays", () => {
  type("4111111111111111");
  down("Enter");
  wait(100);
  assert.deepEqual(sent, [{ number: "4111111111111111" }]);
  assert.equal(dots, 0);
  scan("4111111111111111", "Enter");
  keys.answer(true);
  assert.equal(dots, 0, "one that is scanned goes to the service as keys");
  assert.equal(sent.length, 2);
});

test("a hand's letters are nothing, and are taken from the browser", () => {
  assert.ok(down("KeyA"));
  wait(100);
  assert.ok(down("Slash"));
  wait(1000);
  assert.deepEqual([sent, dots], [[], 0]);
});

test("a hand that presses two keys at once has typed two digits", () => {
  down("Digit1");
  wait(30);
  down("Digit2");
  wait(30);
  keys.answer(false);
  wait(200);
  keys.answer(false);
  assert.equal(dots, 2);
});

test("a burst that is no code leaves no digits behind", () => {
  scan("12345678");
  wait(30);
  keys.answer(false);
  wait(200);
  keys.answer(false);
  assert.equal(dots, 0);
});

test("shortcuts, function keys, arrows and modifiers are left alone", () => {
  assert.ok(!down("KeyR", { ctrlKey: true }));
  wait(100);
  for (const code of ["F5", "ArrowDown", "PageUp", "ShiftLeft", "ControlLeft", "CapsLock", "NumLock"])
    assert.ok(!down(code, { key: code }), code);
});

test("a scanner's keys are taken though a hand holds Control down", () => {
  scan("MQ1");
  assert.ok(down("KeyW", { ctrlKey: true }));
});

test("a hand's Tab moves the focus, a scanner's does not", () => {
  assert.ok(!down("Tab"));
  wait(1000);
  assert.ok(scan("MQ1ABCDEF", "Tab").every(Boolean));
});

test("a hand presses the button with the focus by Enter or Space; a scanner does not", () => {
  focus = button;
  clicks = 0;
  for (const code of ["Enter", "Space"]) {
    down(code, { key: " " });
    wait(70);
    up(code);
    wait(1000);
  }
  assert.equal(clicks, 2);
  for (const text of ["", "A", "AAAAAAAA"]) {
    for (const code of ["Enter", "Space"]) {
      assert.ok(down(code, { key: " " }), "a scanner's first key");
      wait(3);
      up(code);
      scan(text);
      wait(1000);
      keys.answer(false);
      wait(1000);
    }
  }
  assert.equal(clicks, 2);
  assert.ok(scan("MQ1ABCDEF", "Enter").every(Boolean));
  keys.answer(true);
  wait(1000);
  type("12");
  assert.ok(down("Enter"), "digits that wait are what Enter is for");
});

test("a hand types in a field as everywhere", () => {
  focus = field();
  type("482915");
  assert.equal(focus.value, "482915");
  down("Enter");
  wait(1000);
  assert.deepEqual([sent, dots], [[], 0]);
});

test("a scan does not end in the field that has the focus", () => {
  focus = field();
  type("48");
  wait(500);
  const taken = scan("MQ1ABCDEF", "Enter");
  assert.equal(focus.value, "48");
  assert.deepEqual(taken.slice(0, 6), [false, false, false, false, false, true]);
  assert.ok(taken.slice(6).every(Boolean));
  assert.equal(textOf(sent[0]), "MQ1ABCDEFEnter");
  keys.answer(true);
  wait(500);
  type("29");
  assert.equal(focus.value, "4829");
});

test("a few keys that a hand hits at once stay in the field, and are told to nobody", () => {
  focus = field();
  scan("4829", "", 40);
  wait(1000);
  assert.equal(focus.value, "4829");
  assert.deepEqual(sent, []);
});

test("digits are for the supervisor's dialog while it is open, and Escape is still told", () => {
  away = true;
  type("123");
  assert.equal(dots, 0);
  down("Escape");
  wait(100);
  assert.equal(escapes, 1);
});

test("a key that is held down is one key", () => {
  down("Digit5");
  wait(230); // no system begins to repeat a key sooner than 250 ms after it went down
  for (let i = 0; i < 20; i++) {
    wait(30);
    assert.ok(down("Digit5", { repeat: true }));
  }
  wait(200);
  assert.deepEqual([sent, dots], [[], 1]);
});

test("at most 5,000 keys are kept", () => {
  scan("A".repeat(5200), "", 0);
  wait(200);
  assert.equal(sent[0].keys.length, 5000);
});

test("without a service nothing is kept for later", () => {
  reachable = false;
  scan("MQ1ABCDEF", "Enter");
  reachable = true;
  wait(1000);
  scan("MQ1GHIJKL", "Enter");
  assert.deepEqual(sent.map(textOf), ["MQ1GHIJKLEnter"]);
});

test("a new service is not asked about what the last was offered", () => {
  type("12");
  scan("MQ1ABCDEF", "Enter");
  keys.reset();
  assert.equal(dots, 0);
  keys.answer(true);
  scan("MQ1GHIJKL", "Enter");
  assert.equal(textOf(sent.at(-1)), "MQ1GHIJKLEnter");
});

test("a key that a finger has just put down is the scanner's too when that presses it, a repeat or not", () => {
  down("KeyA");
  scan("MQ1");
  wait(3);
  down("KeyA", { repeat: true });
  now += 1;
  up("KeyA");
  scan("BCDEF", "Enter");
  assert.equal(textOf(sent.at(-1)), "AMQ1ABCDEFEnter");
});

test("a scanner's Tabs move the focus once at most, and its Enter presses nothing", () => {
  focus = button;
  for (const tabs of [1, 2, 5, 12]) {
    const taken = Array.from({ length: tabs }, () => (wait(4), down("Tab")));
    assert.deepEqual(taken, [false, ...Array(tabs - 1).fill(true)]);
    for (const [code, key] of [["Space", " "], ["Enter", "Enter"], ["NumpadEnter", "Enter"]]) {
      wait(4);
      assert.ok(down(code, { key }), `${code} after ${tabs}`);
    }
    wait(30);
    keys.answer(false);
    wait(300);
    keys.answer(false);
    wait(1000);
  }
});

test("keys that are the browser's begin a scan too", () => {
  focus = button;
  for (const code of ["ArrowDown", "F5", "KeyR"]) {
    assert.ok(!down(code, { key: code, ctrlKey: code === "KeyR" }));
    wait(5);
    assert.ok(down("Enter"), code);
    wait(1000);
  }
  assert.ok(!down("ShiftLeft", { key: "Shift" }));
  wait(5);
  assert.ok(!down("Tab", { shiftKey: true }), "a hand goes back by Shift and Tab");
});

test("a short scan leaves nothing in a field and does not send its form, however often", () => {
  focus = field();
  for (const end of ["Enter", "NumpadEnter", "Tab", "Enter", "Enter"]) {
    assert.deepEqual(scan("1234", end), [false, false, false, false, true]);
    assert.equal(focus.value, "");
    wait(1000);
  }
  type("48");
  wait(500);
  scan("1234", "Enter", 50);
  assert.equal(focus.value, "48", "what a hand has typed stays");
  wait(1000);
  type("29");
  assert.equal(focus.value, "4829");
  assert.ok(!down("Enter"), "a hand's Enter sends it");
  wait(1000);
  assert.deepEqual([sent, dots], [[], 0]);
});

test("a Tab into a field, digits and Enter at once send no form", () => {
  focus = button;
  assert.ok(!down("Tab"));
  focus = field();
  assert.deepEqual(scan("1234", "Enter"), [false, false, false, false, true]);
  assert.equal(focus.value, "");
});

test("a quick hand's Space is written into a text, and ticks no box", () => {
  focus = field();
  down("KeyA");
  wait(40);
  assert.ok(!down("Space", { key: " " }));
  wait(1000);
  focus = { value: "on", matches: (names) => names.startsWith("input,") };
  down("KeyA");
  wait(40);
  assert.ok(down("Space", { key: " " }));
  wait(1000);
  assert.ok(!down("Space", { key: " " }), "alone it is a hand's");
});
