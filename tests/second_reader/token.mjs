// The standard tokens: built from packed fields (§4, §5), and opened as §7 demands.
import { decode, encode, isInt, Token } from "./cbor.mjs";
import { malformed } from "./errors.mjs";
import { yOf } from "./keys.mjs";

export const DAY = 86400;
const MAX_UINT32 = 2 ** 32 - 1; // of times, of the status index and of codes
const SEAL_TYP = "application/vnd.montrey.seal+cwt";
const STATUS = 65535;
const BADGE = -65537;
const ALG = { EdDSA: -19, ES256: -9 };
/** §7: the kind of key that an `alg` is for. */
export const FAMILY = new Map([[-8, "EdDSA"], [-19, "EdDSA"], [-7, "ES256"], [-9, "ES256"]]);

const sign1 = (header, claims, signature) => new Token([encode(header), new Map(), encode(claims), signature]);
/** A map without its absent members. */
const map = (...pairs) => new Map(pairs.filter(([, value]) => value !== undefined));

/** §4, §5: the token of packed fields, byte for byte; null if they do not fit the template (§2). */
export function build(f, t) {
  const iat = DAY * f.issueDay;
  const exp = iat + DAY * t.validity_days;
  const card = String(f.card).padStart(t.card_digits, "0");
  if (card.length > t.card_digits || exp > MAX_UINT32) return null;

  const { x, y } = f.holder ?? {};
  const key = y ? map([1, 2], [-1, 1], [-2, x], [-3, y]) : map([1, 1], [-1, 6], [-2, x]);
  const issued = sign1(
    map([1, ALG[t.alg]], [4, Buffer.from(t.kid)], [16, t.kind === "live" ? 293 : SEAL_TYP]),
    map(
      [1, t.iss],
      [2, `${t.number}-${f.statusIndex}`],
      [4, exp],
      [6, iat],
      [8, f.holder && map([1, key])],
      [11, t.vct],
      [STATUS, map(["status_list", map(["idx", f.statusIndex], ["uri", t.status_uri])])],
      [BADGE, map([1, f.nameKm], [2, f.nameLa], [3, card], [4, f.ministry], [5, f.position], [6, f.photo])],
    ),
    f.issuerSignature,
  );
  if (t.kind === "seal") return encode(issued);

  const audience = f.audience === 0 ? "any-gate" : `gate-${f.audience}`;
  return encode(sign1(
    map([1, y ? ALG.ES256 : ALG.EdDSA], [13, issued], [16, 294]),
    map([3, audience], [6, f.signingTime], [39, f.challenge]),
    f.holderSignature,
  ));
}

// Types. A decoded value is never undefined, so that each of them but `optional` also requires the member.
const isAny = (v) => v !== undefined;
const isBytes = (v) => v instanceof Uint8Array;
const isBytes32 = (v) => isBytes(v) && v.length === 32;
const isAscii = (v) => isBytes(v) && v.every((byte) => byte < 0x80);
const isText = (v) => typeof v === "string";
const isUint32 = (v) => isInt(v) && v >= 0 && v <= MAX_UINT32;
const isOneOf = (...values) => (v) => values.includes(v);
const optional = (type) => (v) => v === undefined || type(v);

/** A map with members of these types, and no other ones but `others`. */
function shape(v, members, others = () => false) {
  if (!(v instanceof Map)) malformed("not a map");
  for (const [key, type] of members) if (!type(v.get(key))) malformed(`member ${key}`);
  const known = members.map(([key]) => key);
  for (const key of v.keys()) if (!known.includes(key) && !others(key)) malformed("a member too many");
  return v;
}

/** A tagged COSE_Sign1, encoded as the page says inside too; `nesting` if its header holds a token. */
function openSign1(v, nesting) {
  if (!(v instanceof Token && Array.isArray(v.parts) && v.parts.length === 4)) malformed("no COSE_Sign1");
  const [header, unprotected, payload, signature] = v.parts;
  if (!isBytes(header) || !isBytes(payload)) malformed("header or payload");
  if (!isBytes(signature) || signature.length !== 64) malformed("signature");
  shape(unprotected, []);
  const signed = encode(["Signature1", header, Buffer.alloc(0), payload]); // §4: RFC 9052 §4.4
  return { header: decode(header, nesting), claims: decode(payload), signed, signature };
}

/** The holder key: exactly the members of §4, and a P-256 point on the curve. */
function openCnf(cnf) {
  const key = shape(cnf, [[1, isAny]]).get(1);
  if (key instanceof Map && key.get(1) === 1) {
    shape(key, [[1, isAny], [-1, isOneOf(6)], [-2, isBytes32]]);
    return { x: key.get(-2) };
  }
  shape(key, [[1, isOneOf(2)], [-1, isOneOf(1)], [-2, isBytes32], [-3, isBytes32]]);
  const [x, y] = [key.get(-2), key.get(-3)];
  if (!yOf(x, y[31] % 2 === 1)?.equals(y)) malformed("not a point of P-256");
  return { x, y };
}

/** §7: opens a token, whole or rebuilt, with all of its `malformed` but "could come packed". */
export function open(kind, token) {
  const live = kind === "live";
  const outer = openSign1(decode(token, true), live);
  const holder = live ? outer : null;
  if (holder) {
    shape(holder.header, [[1, isInt], [13, isAny], [16, isOneOf(294, "application/kb+cwt")]]);
    shape(holder.claims, [[3, isText], [6, isUint32], [7, optional(isBytes)], [39, optional(isBytes)]]);
  }
  const issuer = holder ? openSign1(holder.header.get(13), false) : outer;
  const { header, claims } = issuer;
  shape(header, [[1, isInt], [4, isAscii], [16, live ? isOneOf(293, "application/sd-cwt") : isOneOf(SEAL_TYP)]]);
  shape(
    claims,
    [[1, isText], [2, isText], [4, isUint32], [5, optional(isUint32)], [6, isUint32], [11, isText], [STATUS, isAny], [BADGE, isAny]],
    (key) => (key === 8 ? live : isInt(key) || isText(key)),
  );
  const statusClaim = shape(claims.get(STATUS), [["status_list", isAny]]);
  const status = shape(statusClaim.get("status_list"), [["idx", isUint32], ["uri", isText]]);
  const badge = shape(
    claims.get(BADGE),
    [[1, isText], [2, isText], [3, isText],
      [4, optional(isUint32)], [5, optional((v) => isUint32(v) || isText(v))], [6, optional(isBytes32)]],
    () => true,
  );
  return { issuer, holder, status, badge, holderKey: live ? openCnf(claims.get(8)) : undefined };
}
