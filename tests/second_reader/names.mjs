// Name fields (§3).
import { fromUtf8 } from "./cbor.mjs";
import { malformed } from "./errors.mjs";

const SIX = " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-'.,()/&:+;";

/** A character's byte on the Khmer page, or -1. */
function khmerByte(c) {
  const point = c.codePointAt(0);
  if (point >= 0x20 && point <= 0x7e) return point;
  return point >= 0x1780 && point <= 0x17ff ? point - 0x1700 : -1;
}

/** The one field of a text, with its length byte; null if it has none. */
export function encodeName(text) {
  const chars = [...text]; // code points
  const n = chars.length;
  if (n === 0) return null;
  if (n <= 63) {
    const six = chars.map((c) => SIX.indexOf(c));
    if (!six.includes(-1)) {
      const bits = six.map((v) => v.toString(2).padStart(6, "0")).join("");
      return Uint8Array.of(0x40 + n, ...bits.match(/.{1,8}/g).map((b) => parseInt(b.padEnd(8, "0"), 2)));
    }
    const page = chars.map(khmerByte);
    if (!page.includes(-1)) return Uint8Array.of(n, ...page);
  }
  const bytes = Buffer.from(text);
  return bytes.length <= 127 ? Uint8Array.of(0x80 + bytes.length, ...bytes) : null;
}

/** How many bytes follow a length byte. */
export function nameSize(length) {
  if (length % 0x40 === 0 && length !== 0xc0) malformed("empty name");
  if (length > 0x80) return length - 0x80;
  return length > 0x40 ? Math.ceil((6 * (length - 0x40)) / 8) : length;
}

/** The text of a field. Encoding it again settles which encoding, filling bits and page at once. */
export function decodeName(field) {
  const [length, ...content] = field;
  let text;
  if (length > 0x80) {
    text = fromUtf8(field.subarray(1));
  } else if (length > 0x40) {
    const bits = content.map((b) => b.toString(2).padStart(8, "0")).join("");
    text = Array.from({ length: length - 0x40 }, (_, i) => SIX[parseInt(bits.slice(6 * i, 6 * i + 6), 2)]).join("");
  } else {
    text = String.fromCodePoint(...content.map((b) => (b < 0x80 ? b : b + 0x1700)));
  }
  const again = encodeName(text);
  if (!again || Buffer.compare(again, field) !== 0) malformed("a name in another encoding than its text's");
  return text;
}
