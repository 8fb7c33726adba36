// node --test test.mjs; PROFILE_DOCS names the folder of qr-profile.md and qr-profile-vectors.json.
import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { decode45, encode45 } from "./base45.mjs";
import { decode, encode, Token } from "./cbor.mjs";
import { soundPoint } from "./keys.mjs";
import { decodeName, encodeName } from "./names.mjs";
import { judge, read, readChallenge, ReadError } from "./reader.mjs";

const own = dirname(fileURLToPath(import.meta.url));
const VECTORS = "qr-profile-vectors.json";
const folder = process.env.PROFILE_DOCS ?? [join(own, "../../docs"), own].find((at) => existsSync(join(at, VECTORS))) ?? own;
const docs = (name) => readFileSync(join(folder, name), "utf8");
const { templates, keys, valid, damaged, challenges } = JSON.parse(docs(VECTORS));

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const unhex = (text) => Buffer.from(text, "hex");
const b64 = (text) => Buffer.from(text, "base64url");
const isMalformed = { code: "malformed" };
const chomp = (text) => text.replace(/[\r\n]+$/, "");
const toText = (...parts) => `MQ1:${encode45(Buffer.concat(parts))}`;
const wholeText = (kind, token) => toText(Buffer.of(kind === "live" ? 0x30 : 0x40), token);

// Everything is made from this seed, but the nonces of ECDSA (mulberry32).
let state = 20260401;
function randomInt(limit) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % limit;
}
const randomBytes = (n) => Buffer.from(Array.from({ length: n }, () => randomInt(256)));

/** The value, or the ReadError; any other exception fails the test. */
function caught(f) {
  try { return f(); } catch (e) { if (e instanceof ReadError) return e; throw e; }
}

test("the valid texts, byte for byte and with good signatures", () => {
  for (const v of valid) {
    const r = read(v.text, templates);
    const named = templates.find((t) => t.number === v.template);
    for (const token of [r.token, encode(decode(r.token, true))]) assert.equal(hex(token), v.token);
    assert.deepEqual([r.claims, r.kind, r.statusIndex, r.kid], [v.claims, named.kind, v.status_index, named.kid]);
    assert.ok([null, v.template].includes(r.template) && r.kind === v.kind);
    if (v.kind === "live")
      assert.deepEqual([r.holderKey, r.audience, r.challenge && hex(r.challenge)], [v.holder, v.audience, v.challenge]);
    assert.equal(judge(v.text, templates, keys), "ok");
    for (const end of ["", "\r", "\n", "\r\n"]) assert.equal(judge(chomp(v.text) + end, templates, keys), "ok");
    for (const end of [" ", "\n\n", "\n\r", "\r\r\n", "\u2028"]) assert.equal(judge(chomp(v.text) + end, templates, keys), "malformed");
    if (r.template !== null) assert.equal(judge(wholeText(v.kind, r.token), templates, keys), "malformed"); // §7
  }
});

test("the damaged texts, each with its error", () => {
  for (const v of damaged) assert.equal(judge(v.text, templates, keys), v.error, v.how);
});

test("the command line", () => {
  const input = docs(VECTORS);
  const { stdout } = spawnSync(process.execPath, [join(own, "cli.mjs")], { input, encoding: "utf8", maxBuffer: 1e8 });
  const wanted = [...valid.map((v) => ({ text: v.text, result: "ok", token: v.token, claims: v.claims })),
    ...damaged.map((v) => ({ text: v.text, result: v.error, token: null, claims: null }))];
  assert.deepEqual(stdout.trimEnd().split("\n").map((line) => JSON.parse(line)), wanted);
});

test("the page's own examples (§2, §9)", () => {
  const page = docs("qr-profile.md");
  const counts = page.match(/(\d+) texts to read and (\d+) to refuse/).slice(1);
  assert.deepEqual(counts, [valid, damaged].map((list) => String(list.length)));
  const [template, shown] = [...page.matchAll(/^```json\n([^`]*)\n```$/gm)].map((m) => JSON.parse(m[1]));
  assert.deepEqual(template, templates.find((t) => t.number === template.number));
  for (const kid in shown) assert.deepEqual(shown[kid], keys[kid]);
  const sections = [...page.matchAll(/^### (Live|Seal) \(`valid\[(\d+)\]`([^]*?)(?=^##)/gm)];
  assert.deepEqual(sections.map((m) => m[1]), ["Live", "Seal"]);
  for (const [, kind, index, part] of sections) {
    const [text, ...hexBlocks] = [...part.matchAll(/^```\n([^`]*)\n```$/gm)].map((m) => m[1].replaceAll("\n", ""));
    assert.equal(text, valid[index].text);
    assert.equal(judge(text, [template, ...templates.filter((t) => t.kind === "seal")], shown), "ok");
    const r = read(text, templates);
    const outer = decode(r.token, true).parts;
    if (kind === "Live") {
      const issued = decode(outer[0], true).get(13);
      const wanted = [issued.parts[2], r.issuerSigned, encode(issued), outer[2], r.holderSigned, r.token];
      assert.deepEqual(hexBlocks, wanted.map(hex));
      const [, before, after] = part.match(/is `([0-9a-f]+)`, the SD-CWT, and `([0-9a-f]+)`/);
      assert.equal(before + hex(encode(issued)) + after, hex(outer[0]));
      const [, bytes, characters] = part.match(/(\d+) bytes for a text of (\d+) characters/);
      assert.deepEqual([r.token.length, text.length], [Number(bytes), Number(characters)]);
    } else {
      assert.deepEqual(hexBlocks, [r.issuerSigned, r.token].map(hex));
    }
    let fields = "";
    for (const [, offset, field] of part.matchAll(/^\| (\d+) \| `([0-9a-f]+)`/gm))
      fields = fields.padEnd(2 * offset, "?").slice(0, 2 * offset) + field;
    assert.equal(fields, hex(decode45(text.slice(4))));
  }
});

test("Base45 (§1): examples of RFC 9285, round trips, refusals", () => {
  for (const [plain, text] of [["AB", "BB8"], ["Hello!!", "%69 VD92EX0"], ["base-45", "UJCLQE7W581"], ["", ""]]) {
    assert.equal(encode45(Buffer.from(plain)), text);
    assert.equal(String(Buffer.from(decode45(text))), plain);
  }
  assert.deepEqual([...decode45("FGWU5")], [255, 255, 255]);
  for (const text of ["A", "GGW", ":::", "6Z", "V5", "ab", "é00", "AAAA", "0\u00000"])
    assert.throws(() => decode45(text), isMalformed, text);
});

test("the first byte and the length (§1)", () => {
  for (let first = 0; first < 256; first++) {
    const wanted = first < 0x10 || first > 0x4f ? "unsupported_version" : "malformed";
    for (const size of [1, 300]) assert.equal(judge(toText(Buffer.alloc(size, first)), templates, keys), wanted);
  }
  const longest = toText(Buffer.alloc(2861, 0x50)).slice(0, 4294); // 4,294 is 4 + 3 · 1430
  const cases = {
    unsupported_version: ["MQ0:", "MQ9:a", `${longest}00\r\n`],
    not_montrey: ["", "MQ1", "MQ:", "MQ10:", "MQ\u17e1:", "\uFEFFMQ1:", " MQ1:", "mq1:"],
    malformed: ["MQ1:", "MQ1:\n", `${longest}000`, `${longest}aa`],
  };
  for (const [code, texts] of Object.entries(cases))
    for (const text of texts) assert.equal(judge(text, templates, keys), code, text);
});

test("names (§3): one field for a text, one text for a field", () => {
  const forms = { "Sok Dara": 0x48, "សុខ A": 5, "É": 0x82, "A_": 2, ["a".repeat(63)]: 0x7f, ["a".repeat(64)]: 0xc0,
    ["ក".repeat(63)]: 0x3f, ["a".repeat(127)]: 0xff, "𐀀": 0x84, "\uFEFF": 0x83, "\u007f": 0x81 };
  for (const text in forms) assert.deepEqual([encodeName(text)[0], decodeName(encodeName(text))], [forms[text], text]);
  for (const text of ["", "ក".repeat(64), "é".repeat(64), "a".repeat(128)]) assert.equal(encodeName(text), null);
  for (const field of ["0141", "017f", "0110", "4105", "8141", "81ff", "83eda080"])
    assert.throws(() => decodeName(unhex(field)), isMalformed, field);
});

test("CBOR: only the page's encoding", () => {
  const good = `00 17 1818 1b0020000000000000 1bffffffffffffffff 3b001ffffffffffffe 3b001fffffffffffff 3bffffffffffffffff
    40 60 63efbbbf 80 8180 a0 a10102 a3010220f66100f5 f4 f5 f6`.split(/\s+/);
  const bad = `1800 1817 190017 1a0000ffff 1b00000000ffffffff 1c 9fff 5fff bfff ff 0000 8201 6180 62c080 63eda080
    e0 f7 f800 f818 f820 f93c00 f97e00 fa3f800000 fb3ff199999999999a c249010000000000000000 c101 c1 d280
    a1f500 a14000 a18000 a1a000 a201020102 a202000100 a220000100 9b0020000000000000 bbffffffffffffffff`.split(/\s+/);
  for (const x of good) assert.equal(hex(encode(decode(unhex(x)))), x);
  for (const x of bad) assert.throws(() => decode(unhex(x)), isMalformed, x);
  assert.deepEqual(decode(unhex("d280"), true), new Token([]));
  assert.throws(() => decode(unhex("d380"), true), isMalformed);
  const deep = (byte, n) => Buffer.concat([Buffer.alloc(n, byte), Buffer.of(0x80)]);
  for (const byte of [0x81, 0xd2]) {
    assert.doesNotThrow(() => decode(deep(byte, 15), true));
    assert.throws(() => decode(deep(byte, 16), true), isMalformed);
  }
});

// Keys of our own, to sign what the vectors do not have.
function pair(alg) {
  const p256 = "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420"; // PKCS #8, but for the key
  const head = unhex(alg === "EdDSA" ? "302e020100300506032b657004220420" : p256);
  const privateKey = createPrivateKey({ key: Buffer.concat([head, randomBytes(32)]), format: "der", type: "pkcs8" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
const [issuers, holders] = [0, 1].map(() => ({ EdDSA: pair("EdDSA"), ES256: pair("ES256") }));
const jwk = (k) => k.publicKey.export({ format: "jwk" });
const point = (k) => Object.fromEntries(["x", "y"].map((name) => [name, jwk(k)[name] && b64(jwk(k)[name])]));
const signature = (signed, key) => sign(key.asymmetricKeyType === "ec" ? "sha256" : null, signed, { key, dsaEncoding: "ieee-p1363" });

/** A packed text by the tables of §4 and §5. */
function pack(f, template, flagged = 0) {
  const uint = (n, size) => unhex(n.toString(16).padStart(2 * size, "0"));
  const head = [uint(template, 2), uint(f.statusIndex, 3), uint(f.issueDay, 2), uint(f.card, 5)];
  const names = [f.nameKm, f.nameLa].map((n) => (n instanceof Uint8Array ? n : encodeName(n)));
  if (!f.holder) return toText(Buffer.of(0x20 | flagged), ...head, f.photo, ...names, f.issuerSignature);
  const { x, y } = f.holder;
  const flags = (y ? 1 + 2 * (y.at(-1) & 1) : 0) + (f.challenge ? 4 : 0);
  const written = typeof f.position === "string";
  return toText(
    Buffer.of(0x10 | flags | flagged), ...head, uint(f.ministry, 2), uint(written ? 65535 : f.position, 2),
    uint(f.signingTime, 4), uint(f.audience, 2), f.challenge ?? Buffer.alloc(0),
    ...names, written ? encodeName(f.position) : Buffer.alloc(0), x, f.issuerSignature, f.holderSignature,
  );
}

const of = (...list) => list[randomInt(list.length)];
const someName = () => of(
  "SOK DARA", "សុខ ដារ៉ា", "É", "A_", "a", "b".repeat(64), "ក".repeat(42), "\uFEFF\0", String.fromCodePoint(1 + randomInt(0xd7ff)),
);
function someTemplate(kind) {
  const alg = of("EdDSA", "ES256");
  return {
    number: of(1, 300, 65535), kind, iss: of("", "https://a.example"), kid: `${alg}-key`, alg, vct: of("", "urn:x"),
    status_uri: of("", "https://a.example/1"), validity_days: of(0, 1, 3652), card_digits: 4 + randomInt(9),
  };
}
function someFields(t) {
  const f = {
    statusIndex: of(0, 255, 2 ** 24 - 1), issueDay: of(1, 20000, 45000), card: of(0, 7, 10 ** t.card_digits - 1),
    nameKm: someName(), nameLa: someName(), issuerSignature: Buffer.alloc(64),
  };
  if (t.kind === "seal") return { ...f, photo: randomBytes(32) };
  return {
    ...f, ministry: of(0, 65534), position: of(0, 65534, someName()), signingTime: of(65536, 2 ** 32 - 1),
    audience: of(0, 1, 65535), challenge: of(undefined, randomBytes(8)),
    holder: point(of(holders.EdDSA, holders.ES256)), holderSignature: Buffer.alloc(64),
  };
}
function signFields(f, t) {
  const signed = (which) => read(pack(f, t.number), [t])[which];
  f.issuerSignature = signature(signed("issuerSigned"), issuers[t.alg].privateKey);
  if (f.holder) f.holderSignature = signature(signed("holderSigned"), holders[f.holder.y ? "ES256" : "EdDSA"].privateKey);
  return f;
}
const trust = { "EdDSA-key": jwk(issuers.EdDSA), "ES256-key": jwk(issuers.ES256) };

test("packed texts: what is written is read, whole it is refused, and the sizes of §10", () => {
  for (let i = 0; i < 200; i++) {
    const t = someTemplate(of("live", "seal"));
    const f = signFields(someFields(t), t);
    const text = pack(f, t.number);
    const r = read(text, [t]);
    assert.equal(judge(text, [t], trust), "ok");
    const { name_km, name_la, card_number, ministry, position } = r.claims;
    assert.deepEqual([name_km, name_la, card_number], [f.nameKm, f.nameLa, String(f.card).padStart(t.card_digits, "0")]);
    assert.deepEqual([r.iss, r.sub, r.vct], [t.iss, `${t.number}-${f.statusIndex}`, t.vct]);
    assert.deepEqual([r.iat, r.exp], [f.issueDay * 86400, (f.issueDay + t.validity_days) * 86400]);
    const audience = f.audience ? `gate-${f.audience}` : "any-gate";
    if (f.holder) assert.deepEqual([ministry, position, r.audience], [f.ministry, f.position, audience]);
    // §7: malformed under the template that packs it, though others stand before it, and good without
    const others = [{ ...t, vct: "urn:other" }, { ...t, card_digits: t.card_digits === 12 ? 4 : 12 }];
    assert.equal(judge(wholeText(t.kind, r.token), [...others, t], trust), "malformed");
    assert.equal(judge(wholeText(t.kind, r.token), [{ ...t, vct: "urn:other" }, { ...t, kind: "other" }], trust), "ok");
  }
  const ofSize = (km, la) => ({ nameKm: "ក".repeat(km), nameLa: "A".repeat(la), position: 1, challenge: randomBytes(8) });
  const size = (kind, km, la) => pack({ ...someFields(someTemplate(kind)), ...ofSize(km, la) }, 1).length;
  assert.deepEqual([size("live", 12, 16), size("live", 40, 40)], [330, 399]);
  assert.deepEqual([size("seal", 12, 16), size("seal", 40, 40)], [207, 276]);
});

test("packed texts: the order of checks (§2, §4)", () => {
  const t = { ...someTemplate("live"), number: 7, card_digits: 4, validity_days: 365 };
  const good = signFields({ ...someFields(t), card: 9999 }, t);
  const known = (f, code, flagged) => assert.equal(judge(pack(f, t.number, flagged), [t], trust), code);
  const unknown = (f, code, flagged) => assert.equal(judge(pack(f, 8, flagged), [t], trust), code);
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const beyond = (n) => ({ x: unhex((p + n).toString(16)), y: Buffer.of(0) }); // x = 5 has points, written as p + 5 none
  known(good, "ok");
  unknown(good, "unknown_template");
  const bare = [
    { issueDay: 0 }, { ministry: 65535 }, { signingTime: 65535 }, { nameKm: unhex("00") }, { nameLa: unhex("0141") },
    { holder: { x: Buffer.alloc(32, 255), y: Buffer.of(0) } }, { holder: beyond(5n) }, { holderSignature: Buffer.alloc(65) },
  ];
  for (const change of bare) for (const check of [known, unknown]) check({ ...good, ...change }, "malformed");
  for (const check of [known, unknown]) check({ ...good, holder: { x: Buffer.alloc(32) } }, "malformed", 2); // y odd without P-256
  for (const change of [{ card: 10000 }, { card: 2 ** 40 - 1 }, { issueDay: 65535 }, { issueDay: 49711 - 365 }]) {
    known({ ...good, ...change }, "malformed");
    unknown({ ...good, ...change }, "unknown_template");
  }
  known({ ...good, issueDay: 49710 - 365 }, "bad_signature");
  known({ ...good, card: 1, holderSignature: Buffer.alloc(64) }, "bad_signature");
  known({ ...good, holderSignature: Buffer.alloc(64) }, "holder_mismatch");
  const ed = { ...good, holder: point(holders.EdDSA) };
  assert.equal(judge(pack(ed, t.number), [t], {}), "untrusted_issuer");
  const foreign = jwk(issuers[t.alg === "EdDSA" ? "ES256" : "EdDSA"]);
  assert.equal(judge(pack(ed, t.number), [t], { [t.kid]: foreign }), "wrong_algorithm");
  assert.equal(judge(pack(good, t.number), [{ ...t, kind: "seal" }], trust), "unknown_template");
});

test("Ed25519 (§4): canonical points, none of small order, S below the order, no cofactor", () => {
  const P = 2n ** 255n - 19n;
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const little = (n) => unhex(n.toString(16).padStart(64, "0")).reverse();
  const number = (bytes) => BigInt(`0x${hex(Buffer.from(bytes).reverse())}`);
  const eighth = number(unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"));
  const eighth2 = number(unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"));
  for (const y of [0n, 1n, P - 1n, P, P + 1n, P + 3n, 2n ** 255n - 1n, eighth, eighth2, P - eighth, P - eighth2])
    for (const sign of [0n, 2n ** 255n]) assert.ok(!soundPoint(little(y + sign)));

  const t = { ...someTemplate("live"), number: 7, alg: "EdDSA", kid: "EdDSA-key" };
  const sha = (...parts) => createHash("sha512").update(Buffer.concat(parts)).digest();
  const secret = (key) => number(sha(b64(key.privateKey.export({ format: "jwk" }).d)).subarray(0, 32));
  const scalar = (key) => ((secret(key) % 2n ** 254n) >> 3n << 3n) + 2n ** 254n; // RFC 8032 §5.1.5
  const base = pair("EdDSA"); // its keys serve as r and R
  const [R, A] = [base, holders.EdDSA].map((key) => point(key).x);
  const f = signFields({ ...someFields(t), holder: { x: A } }, t);
  const judged = (change, code) => assert.equal(judge(pack({ ...f, ...change }, 7), [t], trust), code);
  const signed = read(pack(f, 7), [t]).holderSigned;
  const made = (point) => Buffer.concat([point, little((scalar(base) + number(sha(point, A, signed)) * scalar(holders.EdDSA)) % L)]);
  judged({ holderSignature: made(R) }, "ok");
  // R plus the point of order 2, which has both coordinates negated: good only with the cofactor
  const shifted = little((P - (number(R) % 2n ** 255n)) | ((number(R) >> 255n) ^ 1n) << 255n);
  assert.ok(soundPoint(shifted));
  judged({ holderSignature: made(shifted) }, "holder_mismatch");
  // with a key of order 1, R = s B and s are a signature of anything
  const weak = signFields({ ...f, holder: { x: little(1n) } }, t);
  judged({ ...weak, holderSignature: Buffer.concat([R, little(scalar(base) % L)]) }, "holder_mismatch");
  const twin = (s) => Buffer.concat([s.subarray(0, 32), little(number(s.subarray(32)) + L)]);
  judged({ issuerSignature: twin(f.issuerSignature) }, "bad_signature");
  judged({ holderSignature: twin(f.holderSignature) }, "holder_mismatch");
});

test("ECDSA (§4): the twin verifies, and what the holder signed stays the same", () => {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const t = { ...someTemplate("live"), number: 7 };
  const f = signFields({ ...someFields(t), holder: point(holders.ES256) }, t);
  const [r, s] = [f.holderSignature.subarray(0, 32), n - BigInt(`0x${hex(f.holderSignature.subarray(32))}`)];
  const twin = { ...f, holderSignature: Buffer.concat([r, unhex(s.toString(16).padStart(64, "0"))]) };
  assert.equal(judge(pack(twin, 7), [t], trust), "ok");
  assert.deepEqual(read(pack(twin, 7), [t]).holderSigned, read(pack(f, 7), [t]).holderSigned);
});

// Whole tokens: one change each to a token that travels whole for its audience.
const m = (o) => new Map(Object.entries(o).map(([k, v]) => [/^-?\d+$/.test(k) ? Number(k) : k, v]));
function sign1(header, claims, key, unprotected = new Map()) {
  const [head, payload] = [encode(header), claims instanceof Uint8Array ? claims : encode(claims)];
  return new Token([head, unprotected, payload, signature(encode(["Signature1", head, Buffer.alloc(0), payload]), key)]);
}
function whole(kind = "live", change = () => {}) {
  const { x, y } = point(holders.ES256);
  const template = templates.find((t) => t.kind === kind && t.alg === "EdDSA");
  const t = {
    key: m({ 1: 2, "-1": 1, "-2": x, "-3": y }),
    status: m({ idx: 3, uri: template.status_uri }),
    badge: m({ 1: "សុខ", 2: "SOK", 3: "0000000007", ...(kind === "live" ? { 4: 1, 5: 2 } : { 6: randomBytes(32) }) }),
    header: m({ 1: -19, 4: Buffer.from(template.kid), 16: kind === "live" ? 293 : "application/vnd.montrey.seal+cwt" }),
    holderHeader: m({ 1: -9, 16: 294 }),
    holderClaims: m({ 3: "bank.example", 6: 1728086400 }),
  };
  t.statuses = m({ status_list: t.status });
  t.cnf = m({ 1: t.key });
  t.claims = m({
    1: template.iss, 2: `${template.number}-3`, 4: 86400 * (20000 + template.validity_days), 6: 86400 * 20000,
    ...(kind === "live" && { 8: t.cnf }), 11: template.vct, 65535: t.statuses, "-65537": t.badge,
  });
  change(t);
  const issued = t.issued ?? sign1(t.header, t.claims, issuers.EdDSA.privateKey, t.unprotected);
  if (kind === "seal") return wholeText(kind, encode(issued));
  t.holderHeader.set(13, issued);
  return wholeText(kind, encode(sign1(t.holderHeader, t.holderClaims, holders.ES256.privateKey, t.holderUnprotected)));
}
const nested = (n) => (n ? [nested(n - 1)] : 0);
/** Changes: the members of one of the maps above get each of the values; undefined removes them. */
const set = (map, members, ...values) => [members].flat().flatMap((member) => values.map((value) =>
  (t) => (value === undefined ? t[map].delete(member) : t[map].set(member, value))));
const gate = (t) => t.holderClaims.set(3, "gate-7");
/** For the gate, and so packed but for one thing. */
const gated = (...changes) => changes.map((change) => (t) => { gate(t); change(t); });

test("whole tokens (§7)", () => {
  const trusted = { "live-2026q4": jwk(issuers.EdDSA), "seal-2026q4": jwk(issuers.EdDSA), "": jwk(issuers.EdDSA) };
  const stranger = set("header", 4, Buffer.from("toString"))[0];
  const added = [Buffer.of(1), null, true, [], new Map(), new Token(1)]; // and no map's keys
  const live = {
    ok: [
      () => {}, ...set("header", 4, Buffer.alloc(0)),
      ...gated(...set("header", 1, -8), ...set("holderHeader", 1, -7)),
      ...gated(...set("header", 16, "application/sd-cwt"), ...set("holderHeader", 16, "application/kb+cwt")),
      ...gated(...set("holderClaims", 39, randomBytes(9)), ...set("holderClaims", 7, Buffer.of(1)), ...set("holderClaims", 6, 65535)),
      ...gated(...set("claims", 6, 86400 * 20000 + 1), ...set("claims", 2, ""), ...set("claims", 5, 7)),
      ...gated(...set("status", "idx", 2 ** 24, 2 ** 32 - 1), ...set("status", "uri", "")),
      ...gated(...set("badge", [4, 5], undefined, 65535, 2 ** 32 - 1), ...set("badge", 5, "")),
      ...gated(...set("badge", 6, Buffer.alloc(32)), ...set("badge", [7, "x"], 1, null, nested(14))),
      ...gated(...set("badge", 1, "ក".repeat(64), ""), ...set("badge", 3, "7", "0x00000007", "00000007e0")),
      ...set("holderClaims", 3, "gate-07", "gate-0", "gate-65536", "gate-", "gate-7 ", "Any-gate", ""),
      ...set("claims", [-70000, -(2n ** 64n), "", 3, 7], ["x", m({ a: null })], null, 2n ** 64n - 1n, nested(15)),
      ...set("holderClaims", 39, Buffer.alloc(0)),
    ],
    malformed: [
      gate, ...set("holderClaims", 3, "any-gate"), ...gated(...set("holderClaims", 39, randomBytes(8)), ...set("badge", 5, "X")),
      // claims
      ...set("claims", [1, 4, 5, 8, 11, 65535, -65537], null), ...set("claims", [1, 2, 4, 6, 8, 11, 65535, -65537], undefined),
      ...set("claims", added, 1), ...set("claims", "x", ...added.map((key) => [new Map([[key, 1]])])),
      ...set("claims", [4, 5, 6], "x", -1, 2 ** 32), ...set("claims", 9, nested(16), new Token(1)),
      ...set("status", "x", 1), ...set("statuses", "x", 1), ...set("cnf", 2, 1),
      ...set("status", "idx", -1, "3", 2 ** 32, 2n ** 64n - 1n),
      // the badge
      ...set("badge", [1, 4, 5, 6], null), ...set("badge", [1, 2, 3], undefined, 7), ...set("badge", added, 1),
      ...set("badge", [4, 5], -1, 2 ** 32, 2n ** 64n - 1n), ...set("badge", 4, "1"), ...set("badge", 6, Buffer.alloc(31)),
      ...set("badge", 9, nested(15), new Token(1)),
      // the holder
      ...set("key", -3, Buffer.alloc(32, 1), -9, undefined), ...set("key", 1, 1), ...set("key", 3, -9),
      ...set("holderClaims", [7, 39], "x", null), ...set("holderClaims", 4, 1), ...set("holderClaims", 6, undefined, 2 ** 32),
      // headers, and the rest of COSE_Sign1
      ...set("header", 5, 1), ...set("header", 16, 294), ...set("header", 1, "ES256"),
      ...set("header", 4, "live-2026q4", Buffer.of(255)), ...set("holderHeader", 16, "application/sd-cwt"),
      ...set("holderHeader", 4, Buffer.of(65)), ...set("holderHeader", 1, null),
      ...[["unprotected", m({ 1: 1 })], ["holderUnprotected", []], ["issued", [1, 2, 3, 4]], ["issued", new Token([])]]
        .map(([part, value]) => (t) => { t[part] = value; }),
      (t) => { t.claims = Buffer.concat([encode(t.claims), Buffer.of(0)]); },
      (t) => { t.issued = sign1(t.header, t.claims, issuers.EdDSA.privateKey).parts; },
      (t) => t.header.set(1, -9) && t.claims.set(5, "x"),
    ],
    untrusted_issuer: [stranger, (t) => stranger(t).set(1, -35), (t) => stranger(t) && t.holderHeader.set(1, -19)],
    wrong_algorithm: [...set("header", 1, -9, -7, -35, 2n ** 64n - 1n), ...set("holderHeader", 1, -19, -8, 0)],
  };
  const seal = {
    ok: [...set("header", 1, -8), ...set("badge", 4, 1), ...set("badge", 6, undefined), ...set("claims", [5, "x"], 0)],
    malformed: [() => {}, ...set("claims", 8, m({}), 1), ...set("header", 16, 293), ...set("header", 13, 1), ...set("badge", 6, "x")],
    wrong_algorithm: set("header", 1, -7),
  };
  for (const [kind, cases] of [["live", live], ["seal", seal]])
    for (const [code, changes] of Object.entries(cases))
      changes.forEach((change, i) => assert.equal(judge(whole(kind, change), templates, trusted), code, `${kind}, ${code}, ${i}`));
  assert.equal(judge(whole("live", gate), templates, {}), "malformed"); // before the signatures
  assert.equal(judge(whole("live", gate), [], trusted), "ok"); // no known template
  assert.equal(judge(whole("live", gate), [], {}), "untrusted_issuer");
});

test("hostile input: never another exception", () => {
  const texts = [...valid.map((v) => v.text), whole(), whole("seal", (t) => t.badge.set(4, 1))].map(chomp);
  for (let i = 0; i < 3000; i++) {
    const bytes = decode45(texts[i % texts.length].slice(4));
    for (let k = 1 + randomInt(3); k; k--) bytes[randomInt(bytes.length)] = randomInt(256);
    const end = randomInt(9) ? bytes.length : randomInt(bytes.length + 1);
    judge(toText(bytes.subarray(0, end)), templates, keys);
  }
  for (const text of [null, undefined, 7, "MQ", "MQ1:\r\n", `MQ1:${"0".repeat(1e6)}`, "MQ1:\ud800"])
    assert.match(judge(text, templates, keys), /^(not_montrey|malformed)$/);
});

test("one token, one text (§1): a change of one bit is another token or none", () => {
  for (const { text } of valid.filter((v, i) => i % 20 === 0 && v.text.length < 600)) {
    const { token } = read(text, templates);
    const bytes = decode45(chomp(text).slice(4));
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = bytes.with(bit >> 3, bytes[bit >> 3] ^ (1 << (bit & 7)));
      const r = caught(() => read(toText(changed), templates));
      assert.ok(r instanceof ReadError || !r.token.equals(token));
    }
  }
});

test("challenges (§6)", () => {
  for (const { text, audience, nonce, error } of challenges) {
    const r = caught(() => readChallenge(text));
    assert.deepEqual([r.audience, r.nonce && hex(r.nonce), r.code], [audience, nonce, error], text);
    assert.ok(error || judge(text, templates, keys) === "not_montrey");
  }
  const text = `MC1:${encode45(Buffer.alloc(10, 1))}`;
  for (const end of ["", "\r", "\n", "\r\n"]) assert.equal(readChallenge(text + end).audience, "gate-257");
  const tooLong = `MC1:${encode45(Buffer.alloc(11))}`;
  const bad = ["MC1:\n", "MC1:a", `${text}\r\r`, `${text}\n\r`, `${text} `, tooLong, "\uFEFF" + text, "MQ2:", "", null];
  for (const other of bad) assert.throws(() => readChallenge(other), { code: "malformed_challenge" });
});
