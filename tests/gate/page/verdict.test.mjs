// When a touch takes a verdict away. Run by test_gate_page.py.
import assert from "node:assert/strict";
import { test } from "node:test";

let now = 1000;
const sent = [];
const dataset = {};
const place = {
  dataset: {}, style: { setProperty() {} }, querySelectorAll: () => [], getAnimations: () => [], replaceChildren() {},
};
globalThis.document = { documentElement: { lang: "km" }, body: { dataset }, getElementById: () => place };
globalThis.window = { setTimeout: () => 0 };
Object.defineProperty(globalThis, "performance", { value: { now: () => now }, configurable: true });
const { clear, dismiss, paint } = await import("./verdict.js");

const send = (message) => (sent.push(message), true);
function touch() {
  sent.length = 0;
  dismiss(send);
  return sent.length;
}
const told = (id, more = {}) => paint({ id, verdict: "refused", look: "no", person: null, lines: [], seconds: 12, ...more });

test("a touch takes away a verdict that was seen, and no other", () => {
  told(1);
  now += 699;
  assert.equal(touch(), 0);
  assert.equal(dataset.state, "verdict");
  now += 1;
  assert.equal(touch(), 1);
  assert.deepEqual(sent, [{ dismiss: true }]);
  assert.equal(dataset.state, "waiting");
});

test("a touch that was meant for the verdict before leaves the refusal just told", () => {
  told(2);
  now += 5000;
  told(3);
  now += 100;
  assert.equal(touch(), 0);
  assert.equal(dataset.verdict, "refused");
  now += 600;
  told(3, { repeat: true });
  assert.equal(touch(), 1, "the same once more is nothing new");
});

test("where no verdict stands nothing is told, and an open entry closes", () => {
  told(4);
  clear();
  dataset.entry = "open";
  now += 5000;
  assert.equal(touch(), 0);
  assert.equal(dataset.entry, "");
});
