// The bytes of a camera's frame. Run by test_gate_page.py.
import assert from "node:assert/strict";
import { test } from "node:test";

// The module's other half looks for its places in the page as soon as it is loaded.
const anything = new Proxy(() => anything, { get: () => anything, set: () => true });
globalThis.document = anything;
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
const { pack } = await import("./camera.js");

/** A picture whose pixels are (r, g, b) of their number. */
function picture(width, height, colour) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([...colour(i), 255], i * 4);
  return { data, width, height };
}

test("a small frame has a byte a pixel, after bits, flags and size", () => {
  const frame = pack(picture(4, 2, (i) => [i, i, i]), false);
  assert.deepEqual([...frame], [8, 0, 4, 0, 2, 0, 0, 1, 2, 3, 4, 5, 6, 7]);
});

test("grey is weighed, and the second try is asked for", () => {
  const colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
  const frame = pack(picture(4, 1, (i) => colours[i]), true);
  assert.deepEqual([...frame], [8, 1, 4, 0, 1, 0, 76, 149, 28, 255]);
});

test("a large frame has four bits a pixel, the first in the high half", () => {
  const frame = pack(picture(1280, 720, (i) => (i % 2 ? [255, 255, 255] : [0x35, 0x35, 0x35])), false);
  assert.equal(frame.length, 6 + (1280 * 720) / 2);
  assert.deepEqual([...frame.slice(0, 8)], [4, 0, 0, 5, 0xd0, 2, 0x3f, 0x3f]);
  assert.equal(frame.at(-1), 0x3f);
});
