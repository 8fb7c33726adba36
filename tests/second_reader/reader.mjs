// A reader of the Montrey QR profile, version 1: `read` a text into a standard token and what it
// says, `judge` its signatures, `readChallenge` what a gate shows. § are those of qr-profile.md.
import { decode45 } from "./base45.mjs";
import { malformed, ReadError } from "./errors.mjs";
import { family, toJwk, verifies, yOf } from "./keys.mjs";
import { decodeName, encodeName, nameSize } from "./names.mjs";
import { build, DAY, FAMILY, open } from "./token.mjs";

export { ReadError };

/** §1, step 2; the prefix has four characters. */
const behindPrefix = (text) => text.replace(/(\r\n|\r|\n)$/, "").slice(4);

/** §1: the text of a code to its token. Throws a ReadError whose `code` is of §8, and nothing else. */
export function read(text, templates) {
  if (typeof text !== "string") throw new ReadError("not_montrey");
  if (/^MQ[02-9]:/.test(text)) throw new ReadError("unsupported_version");
  if (!text.startsWith("MQ1:")) throw new ReadError("not_montrey");
  const rest = behindPrefix(text);
  if (rest.length > 4296 - 4) malformed("text too long");
  const bytes = decode45(rest);
  if (bytes.length === 0) malformed("no bytes");

  const first = bytes[0]; // §1, step 4
  if (first < 0x10 || first > 0x4f) throw new ReadError("unsupported_version");
  if (first <= 0x17) return readPacked("live", bytes, templates);
  if (first === 0x20) return readPacked("seal", bytes, templates);
  if (first === 0x30) return readWhole("live", bytes.subarray(1), templates);
  if (first === 0x40) return readWhole("seal", bytes.subarray(1), templates);
  return malformed("first byte"); // 18–1f, 21–2f, 31–3f, 41–4f
}

/** Takes packed bytes field after field. */
function cursor(bytes) {
  let rest = bytes;
  const take = (n) => {
    if (n > rest.length) malformed("ends early");
    const taken = rest.subarray(0, n);
    rest = rest.subarray(n);
    return taken;
  };
  return {
    take,
    uint: (n) => take(n).reduce((sum, byte) => sum * 256 + byte, 0),
    name: () => decodeName(take(1 + nameSize(rest[0] ?? malformed("ends early")))),
    end: () => rest.length === 0 || malformed("bytes left over"),
  };
}

/** First what needs no template, then the template, then what needs one (§2). */
function readPacked(kind, bytes, templates) {
  const c = cursor(bytes);
  const flags = c.uint(1);
  const number = c.uint(2);
  const fields = kind === "live" ? liveFields(c, flags) : sealFields(c);
  c.end();
  if (!fits(fields)) malformed("a field out of range");
  const template = templates.find((t) => t.number === number && t.kind === kind);
  if (!template) throw new ReadError("unknown_template");
  const token = build(fields, template) ?? malformed("does not fit its template");
  return result(kind, token, number, open(kind, token));
}

/** The table of §4. */
function liveFields(c, flags) {
  const [p256, odd, challenged] = [1, 2, 4].map((bit) => (flags & bit) !== 0);
  if (odd && !p256) malformed("parity without P-256");
  const fields = {
    statusIndex: c.uint(3), issueDay: c.uint(2), card: c.uint(5), ministry: c.uint(2), position: c.uint(2),
    signingTime: c.uint(4), audience: c.uint(2), challenge: challenged ? c.take(8) : undefined,
    nameKm: c.name(), nameLa: c.name(),
  };
  if (fields.position === 65535) fields.position = c.name();
  const x = c.take(32);
  const y = p256 ? yOf(x, odd) ?? malformed("no point of P-256 has this x") : undefined;
  return { ...fields, holder: { x, y }, issuerSignature: c.take(64), holderSignature: c.take(64) };
}

/** The table of §5. */
function sealFields(c) {
  return {
    statusIndex: c.uint(3), issueDay: c.uint(2), card: c.uint(5), photo: c.take(32),
    nameKm: c.name(), nameLa: c.name(), issuerSignature: c.take(64),
  };
}

/** Whether packed fields may and can hold these values, by §3 and the tables of §4 and §5. */
function fits(f) {
  const within = (n, least, most) => Number.isInteger(n) && n >= least && n <= most;
  const isName = (text) => encodeName(text) !== null;
  const common = within(f.statusIndex, 0, 2 ** 24 - 1) && within(f.issueDay, 1, 65535)
    && within(f.card, 0, 2 ** 40 - 1) && isName(f.nameKm) && isName(f.nameLa);
  if (!common || !f.holder) return common && f.photo !== undefined;
  return within(f.ministry, 0, 65534) && within(f.signingTime, 65536, 2 ** 32 - 1) && within(f.audience, 0, 65535)
    && (typeof f.position === "string" ? isName(f.position) : within(f.position, 0, 65534))
    && (f.challenge === undefined || f.challenge.length === 8);
}

/** §7. */
function readWhole(kind, token, templates) {
  const opened = open(kind, token);
  const whole = result(kind, token, null, opened);
  const own = templates.filter((t) => t.kind === kind && t.kid === whole.kid && t.status_uri === whole.statusUri);
  if (own.some((t) => couldPack(opened, token, t))) malformed("could come packed");
  return whole;
}

/**
 * Whether a template packs the token: take the fields out of it as if one did, build the token of
 * them, and compare the bytes. So nothing but the ranges needs a check of its own.
 */
function couldPack({ issuer, holder, holderKey, status, badge }, token, template) {
  const common = {
    statusIndex: status.get("idx"), issueDay: issuer.claims.get(6) / DAY, card: Number(badge.get(3)),
    nameKm: badge.get(1), nameLa: badge.get(2), issuerSignature: issuer.signature,
  };
  const audience = holder?.claims.get(3);
  const own = !holder ? { photo: badge.get(6) } : {
    ministry: badge.get(4), position: badge.get(5), holder: holderKey,
    audience: audience === "any-gate" ? 0 : Number(audience.slice("gate-".length)),
    signingTime: holder.claims.get(6), challenge: holder.claims.get(39), holderSignature: holder.signature,
  };
  const fields = { ...common, ...own };
  return fits(fields) && build(fields, template)?.equals(token) === true;
}

/** What a reader says of a token; the badge under the names of §11. */
function result(kind, token, template, { issuer, holder, holderKey, status, badge }) {
  const names = ["name_km", "name_la", "card_number", "ministry", "position", "photo_sha256"];
  const members = names.map((name, i) => [name, badge.get(i + 1)]).filter(([, v]) => v !== undefined);
  const { header, claims } = issuer;
  return {
    kind, token, template, // null if whole
    claims: Object.fromEntries(members.map(([k, v]) => [k, v instanceof Uint8Array ? Buffer.from(v).toString("hex") : v])),
    kid: Buffer.from(header.get(4)).toString("latin1"), alg: header.get(1), issuerClaims: claims,
    iss: claims.get(1), sub: claims.get(2), exp: claims.get(4), iat: claims.get(6), vct: claims.get(11),
    statusIndex: status.get("idx"), statusUri: status.get("uri"),
    issuerSigned: issuer.signed, issuerSignature: issuer.signature,
    ...(holder && {
      holderKey: toJwk(holderKey), holderAlg: holder.header.get(1),
      holderSigned: holder.signed, holderSignature: holder.signature,
      audience: holder.claims.get(3), signingTime: holder.claims.get(6), challenge: holder.claims.get(39) ?? null,
    }),
  };
}

/**
 * "ok", or the code of the first check that fails; `keys`, the verifier's trust, are JWKs by kid.
 * Which kind, `vct` and `iss` the trust allows a key (§7) is left to the caller.
 */
export function judge(text, templates, keys) {
  try {
    const r = read(text, templates);
    const fit = (alg, key) => FAMILY.get(alg) === family(key);
    if (!Object.hasOwn(keys, r.kid)) return "untrusted_issuer"; // §4, Signatures: 1 to 4
    if (!fit(r.alg, keys[r.kid]) || (r.holderKey && !fit(r.holderAlg, r.holderKey))) return "wrong_algorithm";
    if (!verifies(keys[r.kid], r.issuerSigned, r.issuerSignature)) return "bad_signature";
    if (r.holderKey && !verifies(r.holderKey, r.holderSigned, r.holderSignature)) return "holder_mismatch";
    return "ok";
  } catch (error) {
    if (error instanceof ReadError) return error.code;
    throw error;
  }
}

/** §6: what a gate shows; of any other text, `malformed_challenge`. */
export function readChallenge(text) {
  let bytes = [];
  try {
    if (typeof text === "string" && text.startsWith("MC1:")) bytes = decode45(behindPrefix(text));
  } catch { /* not ten bytes */ }
  if (bytes.length !== 10) throw new ReadError("malformed_challenge");
  const gate = bytes[0] * 256 + bytes[1];
  return { gate, audience: gate === 0 ? "any-gate" : `gate-${gate}`, nonce: bytes.subarray(2) };
}
