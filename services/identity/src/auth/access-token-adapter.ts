import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { accessTokens, hospitalAudience, tokenMaker } from '@hospital/service/tokens'

/** Whose token, and of which session. */
interface TokenSubject {
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

const pemBlock = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/g

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
  const sign = tokenMaker(
    accessTokens,
    signer.export({ type: 'pkcs8', format: 'pem' }) as string,
    String(jwks.keys[0]?.['kid']),
  )
  return {
    lifetimeSeconds: accessTokens.lifetimeSeconds,
    jwks,
    issue: ({ userId, tenantId, sessionId }, now) =>
      sign(
        { aud: hospitalAudience, sub: String(userId), tid: tenantId, sid: sessionId },
        Math.floor(now.getTime() / 1000),
      ),
  }
}
