import jwt from '@fastify/jwt'
import { type Permission, problem, type RequestContext, type ServiceName } from '@hospital/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { contextTokens, readingOf } from './tokens.ts'

interface ContextClaims {
  sub: string
  tid?: string
  sid?: string
  name?: string
  roles?: string[]
  permissions?: Permission[]
}

/**
 * Reads who acts from the gateway's context token: the only thing a service believes. Null for the gateway's
 * anonymous token (public operations); anything else is refused.
 * @throws problem `unauthenticated`
 */
export function contextReader(app: FastifyInstance, service: ServiceName, gatewayPublicKey: string) {
  app.register(jwt, {
    secret: { public: gatewayPublicKey, private: '' },
    verify: { ...readingOf(contextTokens, service), cache: 2000 },
  })
  return (request: FastifyRequest): RequestContext | null => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ')
    if (scheme !== 'Bearer' || !token) throw problem('unauthenticated')
    let claims: ContextClaims
    try {
      claims = app.jwt.verify<ContextClaims>(token)
    } catch {
      throw problem('unauthenticated')
    }
    if (claims.sub === 'anonymous') return null
    const traceparent = request.headers['traceparent']
    return {
      tenantId: claims.tid ?? '',
      userId: Number(claims.sub),
      userName: claims.name ?? '',
      roles: claims.roles ?? [],
      permissions: claims.permissions ?? [],
      sessionId: claims.sid ?? '',
      requestId: request.id,
      ...(typeof traceparent === 'string' ? { traceparent } : {}),
      ...(request.ip ? { address: request.ip } : {}),
    }
  }
}
