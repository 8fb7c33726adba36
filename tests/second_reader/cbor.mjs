// The encoding of the page's head, which is deterministic CBOR (RFC 8949 §4.2.1) without floats: an
// encoder, and a decoder that takes nothing else. In JavaScript: integers are numbers (bigints beyond
// 2^53), byte strings Uint8Array, texts string, arrays Array, tag 18 Token, true, false, null, and maps Map,
// whose keys are integers and texts.
import { malformed } from "./errors.mjs";

/** Tag 18: a COSE_Sign1. */
export class Token {
  constructor(parts) { this.parts = parts; }
}

export const isInt = (v) => typeof v === "number" || typeof v === "bigint";

const SIMPLE = new Map([[20, false], [21, true], [22, null]]);
const DEEPEST = 16; // §7

function head(major, n) {
  if (n < 24) return Buffer.of((major << 5) | Number(n));
  const log = n < 0x100 ? 0 : n < 0x10000 ? 1 : n < 0x100000000 ? 2 : 3;
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64BE(BigInt(n));
  return Buffer.concat([Buffer.of((major << 5) | (24 + log)), eight.subarray(8 - (1 << log))]);
}

export function encode(v) {
  if (Number.isSafeInteger(v)) return v < 0 ? head(1, -1 - v) : head(0, v);
  if (typeof v === "bigint") return v < 0n ? head(1, -1n - v) : head(0, v);
  if (v instanceof Uint8Array) return Buffer.concat([head(2, v.length), v]);
  if (typeof v === "string") return Buffer.concat([head(3, Buffer.byteLength(v)), Buffer.from(v)]);
  if (Array.isArray(v)) return Buffer.concat([head(4, v.length), ...v.map(encode)]);
  if (v instanceof Token) return Buffer.concat([head(6, 18), encode(v.parts)]);
  for (const [number, simple] of SIMPLE) if (v === simple) return head(7, number);
  if (!(v instanceof Map)) throw new TypeError("not a value of the profile");
  const pairs = [...v].map((pair) => pair.map(encode));
  pairs.sort((a, b) => Buffer.compare(a[0], b[0])); // by the encoded keys
  return Buffer.concat([head(5, v.size), ...pairs.flat()]);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }); // that is: U+FEFF is kept
export function fromUtf8(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    return malformed("ill-formed UTF-8");
  }
}

/** Exactly one item; tag 18 only where tokens may stand. */
export function decode(bytes, tokens = false) {
  const buf = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let depth = 0;

  /** A declared length, which the bytes left must allow before anything is allocated. */
  const bounded = (n) => (n <= buf.length - at ? n : malformed("CBOR ends early"));
  const take = (n) => buf.subarray(at, (at += bounded(n)));

  /** What the low bits of an initial byte announce, which must be in its shortest form. */
  const argument = (info) => {
    if (info < 24) return info;
    if (info > 27) malformed("indefinite or reserved CBOR length");
    const size = 1 << (info - 24);
    const n = take(size).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    if (n < (size === 1 ? 24n : 1n << BigInt(4 * size))) malformed("CBOR argument not the shortest");
    return n <= Number.MAX_SAFE_INTEGER ? Number(n) : n;
  };

  const map = (size) => {
    const result = new Map();
    for (let last = Buffer.alloc(0); result.size < size; ) {
      const start = at;
      const key = item();
      const encoded = buf.subarray(start, at);
      if (!isInt(key) && typeof key !== "string") malformed("CBOR map key neither integer nor text");
      if (Buffer.compare(last, encoded) >= 0) malformed("CBOR map keys unsorted or double");
      last = encoded;
      result.set(key, item());
    }
    return result;
  };

  const item = () => {
    const [initial] = take(1);
    const major = initial >> 5;
    if (major === 7) return SIMPLE.has(initial & 31) ? SIMPLE.get(initial & 31) : malformed("float or simple value");
    const n = argument(initial & 31);
    if (major === 0) return n;
    if (major === 1) return typeof n === "bigint" || n === Number.MAX_SAFE_INTEGER ? -1n - BigInt(n) : -1 - n;
    if (major === 2) return take(n);
    if (major === 3) return fromUtf8(take(n));
    if (++depth > DEEPEST) malformed("CBOR too deep");
    if (major === 6 && !(tokens && n === 18)) malformed("CBOR tag");
    const value = major === 4 ? Array.from({ length: bounded(n) }, item) : major === 5 ? map(bounded(n)) : new Token(item());
    depth--;
    return value;
  };

  const value = item();
  if (at !== buf.length) malformed("bytes after the CBOR item");
  return value;
}
