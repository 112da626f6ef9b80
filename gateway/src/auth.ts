import { type ProblemCode, problem } from '@hospital/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Bearer } from './bearer.ts'
import type { LiveSession, Sessions } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on public operations. */
    session: LiveSession | null
    traceparent: string
    /** Milliseconds since 1970; what a service decides by when requests overlap on their way. */
    arrivedAtMs: number
  }
}

export interface AuthDeps {
  readToken: (request: FastifyRequest) => Promise<Bearer>
  sessions: Sessions
  /** Puts a refusal on record, before it is answered. */
  recordDenial: (session: LiveSession, request: FastifyRequest, code: ProblemCode) => Promise<void>
}

/**
 * Makes the function that finds out whose request it is; `maxAgeMs` is how old an answer of identity may be.
 * @throws problem for whoever is not signed in, or names another hospital than their own
 */
export function identifier({ readToken, sessions, recordDenial }: AuthDeps) {
  return async (request: FastifyRequest, maxAgeMs?: number): Promise<LiveSession> => {
    const bearer = await readToken(request)
    const tenantHeader = tenantIdHeader(request)
    const trace = { requestId: request.id, traceparent: request.traceparent }
    const session = await sessions.live(bearer, tenantHeader, trace, maxAgeMs)
    // The header never chooses a hospital: it can only agree.
    if (tenantHeader === null || tenantHeader === session.tenantId) return session
    await recordDenial(session, request, 'tenant-mismatch')
    throw problem('tenant-mismatch')
  }
}

/** The hook that turns `Authorization: Bearer` into a living session, or refuses. */
export function authenticate(deps: AuthDeps) {
  const identify = identifier(deps)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      request.session = await identify(request)
    } catch (error) {
      if (error instanceof Error && 'statusCode' in error && error.statusCode === 401)
        reply.header('www-authenticate', 'Bearer')
      throw error
    }
  }
}

function tenantIdHeader(request: FastifyRequest): string | null {
  const value = request.headers['x-tenant-id']
  return value === undefined ? null : String(value)
}
