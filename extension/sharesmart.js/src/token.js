// Tokens say what the member may use, signed by the server, so that they count without a network. Each member gets two of the
// same content: one for Ed25519, and one for P-256, which the WebCrypto of older browsers knows.

const algorithms = {
  EdDSA: { import: { name: "Ed25519" }, verify: { name: "Ed25519" } },
  ES256: { import: { name: "ECDSA", namedCurve: "P-256" }, verify: { name: "ECDSA", hash: "SHA-256" } },
};

/** TokenError says why a token does not count. */
export class TokenError extends Error {
  name = "TokenError";
}

/**
 * verify returns the claims of the first of a member's tokens whose algorithm this browser has.
 * @param {{EdDSA?: string, ES256?: string}} tokens
 * @param {{keys: JsonWebKey[], issuer: string, audience: string, install: string, now?: number}} expected  without now, a token that has
 *   expired counts: it came from the server in this moment, whatever the clock here says
 * @param {SubtleCrypto} subtle
 */
export async function verify(tokens, expected, subtle) {
  for (const [alg, algorithm] of Object.entries(algorithms)) {
    if (!tokens?.[alg]) continue;
    const token = parse(tokens[alg], alg);
    const key = await imported(token.header.kid, alg, algorithm, expected.keys, subtle);
    if (!key) continue;
    if (!(await subtle.verify(algorithm.verify, key, token.signature, token.signed))) throw new TokenError("The signature is wrong.");
    check(token.claims, expected);
    return token.claims;
  }
  throw new TokenError("There is no token that this browser can check.");
}

// imported is the key of a token, or null if the browser does not know its algorithm.
async function imported(kid, alg, algorithm, keys, subtle) {
  const jwk = keys.find((key) => key.kid === kid && key.alg === alg);
  if (!jwk) throw new TokenError(`There is no ${alg} key ${kid}.`);
  const { kty, crv, x, y } = jwk; // browsers disagree about what alg is called
  try {
    return await subtle.importKey("jwk", { kty, crv, x, ...(y && { y }) }, algorithm.import, false, ["verify"]);
  } catch {
    return null;
  }
}

function parse(token, alg) {
  const parts = token.split(".");
  if (parts.length !== 3) throw new TokenError("That is no token.");
  let header, claims, signature;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes(parts[0])));
    claims = JSON.parse(new TextDecoder().decode(bytes(parts[1])));
    signature = bytes(parts[2]);
  } catch {
    throw new TokenError("That is no token.");
  }
  if (header.alg !== alg) throw new TokenError(`The token is signed with ${header.alg}.`);
  return { header, claims, signature, signed: new TextEncoder().encode(`${parts[0]}.${parts[1]}`) };
}

function check(claims, { issuer, audience, install, now }) {
  if (claims.iss !== issuer) throw new TokenError(`The token is from ${claims.iss}.`);
  if (claims.aud !== audience) throw new TokenError("The token is for another extension.");
  if (claims.ins !== install) throw new TokenError("The token is for another install.");
  if (!(claims.exp > (now ?? claims.iat))) throw new TokenError("The token has expired.");
}

const bytes = (base64url) => Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
