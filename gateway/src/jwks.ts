import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { problem } from '@hospital/contracts'

export type Algorithm = 'EdDSA' | 'ES256' | 'RS256'

/** A public key with the one algorithm it may be used with. */
export interface VerificationKey {
  algorithm: Algorithm
  /** SPKI PEM. */
  pem: string
}

export interface KeySet {
  /**
   * The key of this id; null when the issuer has none.
   * @throws problem `service-unavailable` when the issuer cannot be asked
   */
  find(kid: string): Promise<VerificationKey | null>
}

interface KeySetOptions {
  /** Fetches the issuer's JWKS document. */
  load: () => Promise<unknown>
  /** Pause between two fetches because of an unknown key id. */
  cooldownMs: number
  now: () => number
  onFailure: (error: unknown) => void
}

const freshMs = 10 * 60_000
/** Known keys go on working this long while their issuer is away. */
const usableMs = 24 * 60 * 60_000
/** Before the first success an issuer is asked more often: it may just be starting. */
const firstCooldownMs = 500

/** The keys of one issuer: fetched when needed, kept, and fetched again for an id that is not known. */
export function keySet({ load, cooldownMs, now, onFailure }: KeySetOptions): KeySet {
  let keys = new Map<string, VerificationKey>()
  let loadedAt: number | null = null
  let triedAt = Number.NEGATIVE_INFINITY
  let failed = false
  let loading: Promise<void> | null = null

  const refresh = async (): Promise<void> => {
    triedAt = now()
    try {
      keys = verificationKeys(await load())
      loadedAt = now()
      failed = false
    } catch (error) {
      failed = true
      onFailure(error)
    }
    loading = null
  }

  return {
    async find(kid) {
      const age = loadedAt === null ? Number.POSITIVE_INFINITY : now() - loadedAt
      const known = keys.get(kid)
      if (known && age < freshMs) return known
      const pause = loadedAt === null ? firstCooldownMs : cooldownMs
      if (loading === null && now() - triedAt >= pause) loading = refresh()
      if (loading !== null) await loading
      const found = keys.get(kid)
      if (found && loadedAt !== null && now() - loadedAt < usableMs) return found
      if (failed)
        throw problem('service-unavailable', {
          detail: 'The issuer of the token does not answer.',
          retryAfterSeconds: 5,
        })
      return null
    },
  }
}

/** The signing keys of a JWKS that we can use, by id. Throws when it is no JWKS. */
function verificationKeys(document: unknown): Map<string, VerificationKey> {
  const { keys } = document as { keys?: unknown }
  if (!Array.isArray(keys)) throw new Error('not a JWKS')
  return new Map(
    keys.flatMap((jwk: JsonWebKey & { kid?: unknown; use?: unknown }) => {
      const usable = typeof jwk.kid === 'string' && (jwk.use === undefined || jwk.use === 'sig')
      const key = usable ? verificationKey(jwk) : null
      return key ? [[jwk.kid as string, key] as const] : []
    }),
  )
}

function verificationKey(jwk: JsonWebKey): VerificationKey | null {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const algorithm = algorithmOf(key)
    const named = jwk['alg']
    if (!algorithm || (named !== undefined && named !== algorithm)) return null
    return { algorithm, pem: key.export({ type: 'spki', format: 'pem' }) as string }
  } catch {
    return null
  }
}

/** The algorithm follows from the key, never from the token. */
function algorithmOf(key: KeyObject): Algorithm | null {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256'
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return 'RS256'
  return null
}
