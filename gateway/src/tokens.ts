import { createPublicKey, type JsonWebKey } from 'node:crypto'
import jwt, { type TokenOrHeader } from '@fastify/jwt'
import { Problem, problem } from '@hospital/contracts'
import { accessTokens, hospitalAudience, readingOf } from '@hospital/service/tokens'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Bearer, Reading } from './bearer.ts'
import { type ExternalOptions, externalReader } from './external-tokens.ts'
import { keySet } from './jwks.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'

interface TokenOptions extends ExternalOptions {
  /** Fetches the keys that identity publishes. */
  loadOwnKeys: () => Promise<unknown>
  issuers: readonly TrustedIssuer[]
}

/** How long the outcome for one token is remembered; a withdrawn key counts for no longer than this. */
const rememberMs = 30_000
const maxRemembered = 20_000

/**
 * Makes the function that turns the access token of a request into its bearer: signature, algorithm of the key, issuer,
 * audience, kind and times. Ours are read by @fastify/jwt, those of trusted issuers by jose.
 * @throws problem `unauthenticated`, or `service-unavailable` when the issuer's keys cannot be had
 */
export function tokenReader(app: FastifyInstance, options: TokenOptions): (request: FastifyRequest) => Promise<Bearer> {
  const { now } = options
  const readers = new Map(options.issuers.map((settings) => [settings.issuer, externalReader(settings, options)]))
  const readOwn = ownReader(app, options)
  const remembered = new Map<string, { bearer: Bearer; until: number }>()

  const read = async (request: FastifyRequest, token: string): Promise<Reading> => {
    try {
      const issuer = String(decodeJwt(token).iss)
      // Our own name comes first: no configuration can put another issuer in its place.
      if (issuer === accessTokens.iss) return await readOwn(request)
      const { kid } = decodeProtectedHeader(token)
      const reading = kid === undefined ? undefined : await readers.get(issuer)?.(token, kid)
      if (reading) return reading
    } catch (error) {
      if (error instanceof Problem) throw error
    }
    throw problem('unauthenticated')
  }

  return async (request) => {
    const token = bearerToken(request)
    const known = remembered.get(token)
    if (known && known.until > now()) return known.bearer
    const { bearer, expiresAt } = await read(request, token)
    if (remembered.size >= maxRemembered) remembered.clear()
    remembered.set(token, { bearer, until: Math.min(expiresAt, now() + rememberMs) })
    return bearer
  }
}

function bearerToken(request: FastifyRequest): string {
  const found = /^Bearer +([A-Za-z0-9_.-]+) *$/i.exec(request.headers.authorization ?? '')
  if (!found?.[1]) throw problem('unauthenticated')
  return found[1]
}

declare module 'fastify' {
  interface FastifyRequest {
    accessJwtVerify<Claims>(): Promise<Claims>
  }
}

/** Reads the tokens that identity signs; its keys are found by their id. */
function ownReader(app: FastifyInstance, { loadOwnKeys, onKeysMissing, now }: TokenOptions) {
  const onFailure = (error: unknown): void => onKeysMissing(accessTokens.iss, error)
  const keys = keySet({ load: loadOwnKeys, cooldownMs: 5_000, now, onFailure })
  app.register(jwt, {
    namespace: 'access',
    decode: { complete: true },
    secret: async (_request: FastifyRequest, { header }: TokenOrHeader) => {
      const key = typeof header.kid === 'string' ? await keys.find(header.kid) : null
      if (!key) throw problem('unauthenticated')
      return createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    },
    verify: { ...readingOf(accessTokens, hospitalAudience), extractToken: bearerToken },
  })
  return async (request: FastifyRequest): Promise<Reading> => {
    const { sub, tid, sid, exp } = await request.accessJwtVerify<Record<'sub' | 'tid' | 'sid' | 'exp', unknown>>()
    const userId = Number(sub)
    if (!Number.isSafeInteger(userId) || userId < 1 || typeof tid !== 'string' || typeof sid !== 'string')
      throw problem('unauthenticated')
    return { bearer: { kind: 'own', userId, tenantId: tid, sessionId: sid }, expiresAt: Number(exp) * 1000 }
  }
}
