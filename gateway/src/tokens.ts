import { problem } from '@hospital/contracts'
import { createDecoder, createVerifier } from 'fast-jwt'
import { Refused } from './fetch-keys.ts'
import { type Algorithm, type KeySet, keySet, type VerificationKey } from './jwks.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'

/** What a valid token says about its bearer. */
export type Bearer =
  | { kind: 'own'; userId: number; tenantId: string; sessionId: string }
  | {
      kind: 'external'
      issuer: string
      subject: string
      email: string | null
      emailVerified: boolean
      /** Seconds; null when the token does not say. */
      issuedAt: number | null
    }

export interface TokenOptions {
  /** Fetches the keys that identity publishes. */
  loadOwnKeys: () => Promise<unknown>
  issuers: readonly TrustedIssuer[]
  fetchJson: (url: string) => Promise<unknown>
  /** Told when the keys of an issuer cannot be had. */
  onKeysMissing: (issuer: string, error: unknown) => void
  now: () => number
}

type Claims = Record<string, unknown>

/** One issuer: which keys, which algorithms, and what its claims must say. */
interface Issuer {
  keys: KeySet
  algorithms: readonly Algorithm[]
  accept(claims: Claims, typ: unknown): Bearer | null
}

const clockToleranceMs = 5_000
/** How long the outcome for one token is remembered; a withdrawn key counts for no longer than this. */
const rememberMs = 30_000
const maxRemembered = 20_000

/**
 * Makes the function that turns an access token into its bearer: signature, algorithm of the key, issuer, audience,
 * kind and times.
 * @throws problem `unauthenticated`, or `service-unavailable` when the issuer's keys cannot be had
 */
export function tokenReader(options: TokenOptions): (token: string) => Promise<Bearer> {
  const { now } = options
  const issuers = issuersOf(options)
  const remembered = new Map<string, { bearer: Bearer; until: number }>()
  const decode = createDecoder({ complete: true })

  const read = async (token: string): Promise<{ bearer: Bearer; expiresAt: number }> => {
    const { header, payload } = decoded(decode, token)
    const issuer = issuers.get(String(payload['iss']))
    if (!issuer || typeof header['kid'] !== 'string') throw refusal()
    const key = await issuer.keys.find(header['kid'])
    if (!key || !issuer.algorithms.includes(key.algorithm)) throw refusal()
    const claims = verified(token, key, now)
    const bearer = issuer.accept(claims, header['typ'])
    if (!bearer) throw refusal()
    return { bearer, expiresAt: Number(claims['exp']) * 1000 }
  }

  return async (token) => {
    const known = remembered.get(token)
    if (known && known.until > now()) return known.bearer
    const { bearer, expiresAt } = await read(token)
    if (remembered.size >= maxRemembered) remembered.clear()
    remembered.set(token, { bearer, until: Math.min(expiresAt, now() + rememberMs) })
    return bearer
  }
}

const refusal = () => problem('unauthenticated')

function decoded(decode: ReturnType<typeof createDecoder>, token: string): { header: Claims; payload: Claims } {
  try {
    const parts = decode(token) as { header: Claims; payload: Claims }
    if (typeof parts.payload === 'object' && parts.payload !== null) return parts
  } catch {
    // Not a token at all.
  }
  throw refusal()
}

function verified(token: string, key: VerificationKey, now: () => number): Claims {
  try {
    return createVerifier({
      key: key.pem,
      algorithms: [key.algorithm],
      requiredClaims: ['sub', 'exp', 'iss'],
      clockTolerance: clockToleranceMs,
      clockTimestamp: now(),
    })(token) as Claims
  } catch {
    throw refusal()
  }
}

function issuersOf({ loadOwnKeys, issuers, fetchJson, onKeysMissing, now }: TokenOptions): Map<string, Issuer> {
  const own: Issuer = {
    keys: keySet({ load: loadOwnKeys, cooldownMs: 5_000, now, onFailure: (error) => onKeysMissing('hospital', error) }),
    algorithms: ['EdDSA'],
    accept: acceptOwn,
  }
  const trusted = issuers.map((settings): [string, Issuer] => [
    settings.issuer,
    {
      keys: keySet({
        load: loaderOf(settings, fetchJson),
        cooldownMs: 30_000,
        now,
        onFailure: (error) => onKeysMissing(settings.issuer, error),
      }),
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      accept: (claims, typ) => acceptExternal(settings, claims, typ),
    },
  ])
  // Our own name comes last: no configuration can put another issuer in its place.
  return new Map([...trusted, ['hospital', own]])
}

function loaderOf(settings: TrustedIssuer, fetchJson: TokenOptions['fetchJson']): () => Promise<unknown> {
  let keysUrl = settings.jwks_uri
  return async () => {
    const url = keysUrl ?? (await discover(settings.issuer, fetchJson))
    const keys = await fetchJson(url)
    // Kept only once it was right: what an issuer says while it starts may not last.
    keysUrl = url
    return keys
  }
}

/**
 * Where an issuer's keys are. Without a discovery document, or with one that speaks for another address (behind a proxy
 * it may), they are expected beside it, where Amazon Cognito has them.
 */
async function discover(issuer: string, fetchJson: TokenOptions['fetchJson']): Promise<string> {
  const base = `${issuer.replace(/\/$/, '')}/.well-known`
  const document = (await fetchJson(`${base}/openid-configuration`).catch((error) => {
    if (error instanceof Refused) return {}
    throw error
  })) as Claims
  const speaksForIt = document['issuer'] === issuer && typeof document['jwks_uri'] === 'string'
  return speaksForIt ? String(document['jwks_uri']) : `${base}/jwks.json`
}

function acceptOwn(claims: Claims, typ: unknown): Bearer | null {
  const userId = Number(claims['sub'])
  const { tid, sid } = claims
  const fits = typ === 'at+jwt' && isFor(claims, 'hospital') && Number.isSafeInteger(userId) && userId > 0
  if (!fits || typeof tid !== 'string' || typeof sid !== 'string') return null
  return { kind: 'own', userId, tenantId: tid, sessionId: sid }
}

function acceptExternal(settings: TrustedIssuer, claims: Claims, typ: unknown): Bearer | null {
  const { audience, client_id: client, token_use: use } = settings
  if (audience && !isFor(claims, audience)) return null
  // Amazon Cognito's access tokens name the client and no audience; ID tokens have the client as audience.
  if (client && !(claims['client_id'] === undefined ? isFor(claims, client) : claims['client_id'] === client))
    return null
  if (use && useOf(claims, typ) !== use) return null
  const { sub, email } = claims
  if (typeof sub !== 'string' || sub === '') return null
  const emailVerified = claims['email_verified'] === true || claims['email_verified'] === 'true'
  return {
    kind: 'external',
    issuer: settings.issuer,
    subject: sub,
    email: typeof email === 'string' ? email : null,
    emailVerified,
    issuedAt: typeof claims['iat'] === 'number' ? claims['iat'] : null,
  }
}

const useOf = (claims: Claims, typ: unknown): unknown =>
  claims['token_use'] ?? (String(typ).toLowerCase().endsWith('at+jwt') ? 'access' : 'id')

function isFor(claims: Claims, audience: string): boolean {
  const { aud } = claims
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience
}
