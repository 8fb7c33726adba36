// Runs under Node.js: one JSON question on stdin, one JSON answer on stdout.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { CoseKey, Sign1, cborDecode } from "@owf/cose";
import { StatusList, StatusListCwt, createHeaderAndPayload, getListFromStatusListJWT } from "@owf/token-status-list";
import { digest, generateSalt, getSigner, getVerifier } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";

const ALGORITHMS = {
  Ed25519: [{ name: "Ed25519" }, { name: "Ed25519" }],
  "P-256": [
    { name: "ECDSA", namedCurve: "P-256" },
    { name: "ECDSA", hash: { name: "SHA-256" } },
  ],
};
const verifier = (jwk) => getVerifier(jwk, ...ALGORITHMS[jwk.crv]);
const signer = (jwk) => getSigner(jwk, ...ALGORITHMS[jwk.crv]);
const alg = (jwk) => (jwk.crv === "Ed25519" ? "EdDSA" : "ES256");
const text = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

const tasks = {
  // The processed payload after signature, key binding, times and status.
  async verify_sd_jwt_vc({ token, issuer, nonce, now, lists }) {
    const instance = new SDJwtVcInstance({
      hasher: digest,
      verifier: await verifier(issuer),
      kbVerifier: async (data, signature, payload) => (await verifier(payload.cnf.jwk))(data, signature),
      statusListFetcher: async (uri) => lists[uri],
    });
    const verified = await instance.verify(token, { currentDate: now, keyBindingNonce: nonce });
    return { payload: verified.payload, kb: verified.kb.payload };
  },

  async issue_sd_jwt_vc({ claims, disclosable, header, issuer }) {
    const instance = new SDJwtVcInstance({
      hasher: digest,
      hashAlg: "sha-256",
      saltGenerator: generateSalt,
      signer: await signer(issuer),
      signAlg: alg(issuer),
    });
    return instance.issue(claims, { _sd: disclosable, _sd_decoy: 2 }, { header });
  },

  async present_sd_jwt_vc({ token, disclose, audience, nonce, now, holder }) {
    const instance = new SDJwtVcInstance({
      hasher: digest,
      kbSigner: await signer(holder),
      kbSignAlg: alg(holder),
    });
    const frame = Object.fromEntries(disclose.map((name) => [name, true]));
    return instance.present(token, frame, { kb: { payload: { iat: now, aud: audience, nonce } } });
  },

  // The statuses at `indices` of a list, after checking its signature.
  async read_status_jwt({ token, key, indices }) {
    const [header, payload, signature] = token.split(".");
    if (!(await (await verifier(key))(`${header}.${payload}`, signature))) throw new Error("bad signature");
    const list = getListFromStatusListJWT(token);
    return { statuses: indices.map((index) => list.getStatus(index)) };
  },

  async read_status_cwt({ token, key, indices }) {
    const bytes = Buffer.from(token, "hex");
    const imported = await webcrypto.subtle.importKey("jwk", key, ALGORITHMS[key.crv][0], true, ["verify"]);
    const verify = ({ sign1 }) =>
      webcrypto.subtle.verify(ALGORITHMS[key.crv][1], imported, sign1.signature, sign1.toBeSigned);
    if (!(await Sign1.decode(bytes).verifySignature({ key: CoseKey.fromJwk(key) }, { verify }))) {
      throw new Error("bad signature");
    }
    // StatusListCwt.fromToken of this version refuses a list without the optional aggregation_uri.
    const claims = cborDecode(Sign1.decode(bytes).payload);
    const [bits, lst] = ["bits", "lst"].map((name) => claims.get(65533).get(name));
    const list = StatusList.decompressStatusListFromBytes(lst, bits);
    return { uri: claims.get(2), statuses: indices.map((index) => list.getStatus(index)) };
  },

  async sign_status_jwt({ statuses, bits, uri, kid, now, key }) {
    const list = new StatusList(statuses, bits);
    const claims = { iss: "https://issuer.example", sub: uri, iat: now, exp: now + 86400, ttl: 3600 };
    const { header, payload } = createHeaderAndPayload(list, claims, { alg: alg(key), kid, typ: "" });
    const input = `${text(header)}.${text(payload)}`;
    return `${input}.${await (await signer(key))(input)}`;
  },

  async sign_status_cwt({ statuses, bits, uri, kid, now, key }) {
    const list = new StatusListCwt({
      payload: {
        statusList: new StatusList(statuses, bits),
        subject: uri,
        issuedAt: new Date(now * 1000),
        expirationTime: new Date((now + 86400) * 1000),
        timeToLive: 3600,
      },
      protectedHeaders: new Map([[1, key.crv === "Ed25519" ? -8 : -7], [4, Buffer.from(kid)]]),
    });
    const imported = await webcrypto.subtle.importKey("jwk", key, ALGORITHMS[key.crv][0], true, ["sign"]);
    const sign = async ({ toBeSigned }) =>
      new Uint8Array(await webcrypto.subtle.sign(ALGORITHMS[key.crv][1], imported, toBeSigned));
    const options = { signingKey: CoseKey.fromJwk(key), algorithm: key.crv === "Ed25519" ? -8 : -7 };
    return Buffer.from(await list.signAndEncode(options, { sign })).toString("hex");
  },
};

const { task, ...question } = JSON.parse(readFileSync(0, "utf8"));
let answer;
try {
  answer = { result: await tasks[task](question) };
} catch (error) {
  answer = { error: `${error.name}: ${error.message}` };
}
process.stdout.write(JSON.stringify(answer));
