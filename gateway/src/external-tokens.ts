import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import type { Bearer, Reading } from './bearer.ts'
import { Refused } from './fetch-keys.ts'
import { keySet } from './jwks.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'

export interface ExternalOptions {
  fetchJson: (url: string) => Promise<unknown>
  /** Told when the keys of an issuer cannot be had. */
  onKeysMissing: (issuer: string, error: unknown) => void
  now: () => number
}

const clockToleranceSeconds = 5

/** Makes the function that reads the tokens of one trusted issuer; null for one that is not meant for us. */
export function externalReader(settings: TrustedIssuer, { fetchJson, onKeysMissing, now }: ExternalOptions) {
  const { issuer } = settings
  const keys = keySet({
    load: loaderOf(settings, fetchJson),
    cooldownMs: 30_000,
    now,
    onFailure: (error) => onKeysMissing(issuer, error),
  })
  return async (token: string, kid: string): Promise<Reading | null> => {
    const key = await keys.find(kid)
    if (!key) return null
    // Which algorithm a key may be used with follows from the key, never from the token.
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [key] }), {
      issuer,
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      requiredClaims: ['sub', 'exp'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
    })
    const bearer = bearerOf(settings, payload, protectedHeader.typ)
    return bearer && { bearer, expiresAt: Number(payload.exp) * 1000 }
  }
}

function loaderOf(settings: TrustedIssuer, fetchJson: ExternalOptions['fetchJson']): () => Promise<unknown> {
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
async function discover(issuer: string, fetchJson: ExternalOptions['fetchJson']): Promise<string> {
  const base = `${issuer.replace(/\/$/, '')}/.well-known`
  const document = (await fetchJson(`${base}/openid-configuration`).catch((error) => {
    if (error instanceof Refused) return {}
    throw error
  })) as Record<string, unknown>
  const speaksForIt = document['issuer'] === issuer && typeof document['jwks_uri'] === 'string'
  return speaksForIt ? String(document['jwks_uri']) : `${base}/jwks.json`
}

function bearerOf(settings: TrustedIssuer, claims: JWTPayload, typ: unknown): Bearer | null {
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

const useOf = (claims: JWTPayload, typ: unknown): unknown =>
  claims['token_use'] ?? (String(typ).toLowerCase().endsWith('at+jwt') ? 'access' : 'id')

function isFor(claims: JWTPayload, audience: string): boolean {
  const { aud } = claims
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience
}
