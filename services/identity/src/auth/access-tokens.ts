import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto'

/** Whose token, and of which session. */
export interface TokenSubject {
  userId: number
  tenantId: string
  sessionId: string
}

/** Signs what the gateway accepts as `Authorization: Bearer`. */
export interface AccessTokens {
  issue(subject: TokenSubject, now: Date): string
  readonly lifetimeSeconds: number
  /** The public keys: the one that signs first, then those still accepted. */
  readonly jwks: { keys: Record<string, unknown>[] }
}

const lifetimeSeconds = 600
const pemBlock = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/g

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** RFC 7638: the name of a key follows from the key. */
function thumbprint({ crv, kty, x }: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
}

function publicJwk(key: KeyObject): Record<string, unknown> {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  return { ...jwk, kid: thumbprint(jwk), alg: 'EdDSA', use: 'sig' }
}

/**
 * Access tokens from the configured keys. To change the key, put the new one before the old one; after ten minutes the
 * old one can go.
 * @throws when there is no Ed25519 key in the text
 */
export function createAccessTokens(pem: string): AccessTokens {
  const keys = [...pem.matchAll(pemBlock)].map(([block]) => createPrivateKey(block))
  const [signer] = keys
  if (!signer || keys.some((key) => key.asymmetricKeyType !== 'ed25519')) {
    throw new Error('The secret identity_signing_key must hold Ed25519 private keys in PEM form.')
  }
  const jwks = { keys: keys.map(publicJwk) }
  const header = encoded({ alg: 'EdDSA', typ: 'at+jwt', kid: jwks.keys[0]?.['kid'] })
  return {
    lifetimeSeconds,
    jwks,
    issue({ userId, tenantId, sessionId }, now) {
      const issuedAt = Math.floor(now.getTime() / 1000)
      const claims = {
        iss: 'hospital',
        aud: 'hospital',
        sub: String(userId),
        tid: tenantId,
        sid: sessionId,
        iat: issuedAt,
        exp: issuedAt + lifetimeSeconds,
      }
      const text = `${header}.${encoded(claims)}`
      return `${text}.${sign(null, Buffer.from(text), signer).toString('base64url')}`
    },
  }
}
