// Base45 of RFC 9285, with the refusals of §1, step 3.
import { malformed } from "./errors.mjs";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export function encode45(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let n = pair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let k = pair ? 3 : 2; k > 0; k--, n = Math.floor(n / 45)) text += ALPHABET[n % 45];
  }
  return text;
}

export function decode45(text) {
  if (text.length % 3 === 1) malformed("base45 length");
  const bytes = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = Array.from(text.slice(i, i + 3), (c) => ALPHABET.indexOf(c));
    if (digits.includes(-1)) malformed("base45 character");
    const [c, d, e] = digits;
    const n = c + 45 * d + 2025 * (e ?? 0);
    if (n > (e === undefined ? 0xff : 0xffff)) malformed("base45 group");
    if (e !== undefined) bytes.push(n >> 8);
    bytes.push(n & 0xff);
  }
  return Uint8Array.from(bytes);
}
