// Ed25519 and P-256 by node:crypto; keys are JWKs (§11). The rules are §4's.
import { createPublicKey, ECDH, verify } from "node:crypto";

const P = 2n ** 255n - 19n;
const url = (bytes) => Buffer.from(bytes).toString("base64url");
/** The JWK of a P-256 point, or without y of an Ed25519 key. */
export const toJwk = ({ x, y }) =>
  y ? { kty: "EC", crv: "P-256", x: url(x), y: url(y) } : { kty: "OKP", crv: "Ed25519", x: url(x) };

/** The kind of a key, named as a template's `alg`; null if the profile has no such keys. */
export function family(key) {
  if (key?.kty === "OKP" && key.crv === "Ed25519") return "EdDSA";
  return key?.kty === "EC" && key.crv === "P-256" ? "ES256" : null;
}

/** The y of a P-256 point; null if no point has this x. */
export function yOf(x, odd) {
  try {
    return ECDH.convertKey(Buffer.of(odd ? 3 : 2, ...x), "prime256v1", "", "", "uncompressed").subarray(33);
  } catch {
    return null;
  }
}

/** Whether an encoded Ed25519 point is canonical and not of small order: what OpenSSL leaves unchecked. */
export function soundPoint(bytes) {
  const y = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`) % 2n ** 255n; // without the sign of x
  const yy = y * y;
  // Of order 4: y = 0; of 1 and 2: y² = 1; of 8: d y⁴ + 2 y² = 1, where d = -121665/121666.
  return y < P && (y * (yy - 1n) * (121665n * yy * yy - 243332n * yy + 121666n)) % P !== 0n;
}

export function verifies(jwk, signed, signature) {
  try {
    const key = createPublicKey({ key: jwk, format: "jwk" });
    if (family(jwk) === "ES256") return verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, signature); // r ‖ s
    return [Buffer.from(jwk.x, "base64url"), signature.subarray(0, 32)].every(soundPoint) && verify(null, signed, key, signature);
  } catch {
    return false;
  }
}
