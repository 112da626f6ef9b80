import { problem } from '@hospital/contracts'
import type { JWK } from 'jose'

interface KeySet {
  /**
   * The signing key of this id; null when the issuer has none.
   * @throws problem `service-unavailable` when the issuer cannot be asked
   */
  find(kid: string): Promise<JWK | null>
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

/**
 * The keys of one issuer: fetched when needed, kept, and fetched again for an id that is not known. (The remote set of jose
 * forgets its keys while their issuer is away.)
 */
export function keySet({ load, cooldownMs, now, onFailure }: KeySetOptions): KeySet {
  let keys = new Map<string, JWK>()
  let loadedAt: number | null = null
  let triedAt = Number.NEGATIVE_INFINITY
  let failed = false
  let loading: Promise<void> | null = null

  const refresh = async (): Promise<void> => {
    triedAt = now()
    try {
      keys = signingKeys(await load())
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

/** The keys of a JWKS that have an id. Throws when it is no JWKS. */
function signingKeys(document: unknown): Map<string, JWK> {
  const { keys } = document as { keys?: unknown }
  if (!Array.isArray(keys)) throw new Error('not a JWKS')
  return new Map(keys.flatMap((key: JWK | null) => (typeof key?.kid === 'string' ? [[key.kid, key] as const] : [])))
}
