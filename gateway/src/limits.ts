import rateLimit from '@fastify/rate-limit'
import { problem, type RouteContract } from '@hospital/contracts'
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify'
import type { Limits } from './config.ts'

const minute = 60_000

/**
 * Counts requests per user, and per address while nobody is signed in. It counts after authentication and before the
 * body is read. Only routes of plugins registered after this call are counted. Each gateway process counts for itself.
 */
export function limitRates(app: FastifyInstance, limits: Limits): void {
  app.register(rateLimit, {
    global: true,
    hook: 'preParsing',
    timeWindow: minute,
    cache: 50_000,
    max: (request) => (request.session ? limits.perUser : limits.perAddress),
    keyGenerator: byPerson,
    errorResponseBuilder: (_request, { ttl }) =>
      problem('too-many-requests', { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)) }),
  })
}

/** Sign-in has a count of its own. */
export const limitOf =
  (limits: Limits) =>
  (contract: RouteContract): NonNullable<FastifyContextConfig['rateLimit']> => {
    if (!contract.path.startsWith('/api/auth/login')) return {}
    return { max: limits.signInsPerAddress, groupId: 'sign-in', keyGenerator: (request) => request.ip }
  }

const byPerson = ({ session, ip }: FastifyRequest): string =>
  session ? `user ${session.tenantId} ${session.userId}` : `address ${ip}`
