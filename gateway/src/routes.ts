import { problem, type RouteContract } from '@hospital/contracts'
import type { FastifyContextConfig, FastifyInstance, HTTPMethods, onRequestAsyncHookHandler } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    contract?: RouteContract
  }
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Gives the routes of the contracts, once they are made, what belongs to each: its contract, its limits, and for all that
 * are not public the hook that says who asks. It runs before the body is read, and before requests are counted by person.
 */
export function completeRoutes(
  app: FastifyInstance,
  contracts: readonly RouteContract[],
  limitOf: (contract: RouteContract) => NonNullable<FastifyContextConfig['rateLimit']>,
  authenticate: onRequestAsyncHookHandler,
): void {
  const known = new Map(contracts.map((contract) => [`${contract.method} ${contract.path}`, contract]))
  app.addHook('onRoute', (route) => {
    const method = route.method === 'HEAD' ? 'GET' : String(route.method)
    const contract = known.get(`${method} ${route.url}`)
    if (!contract) return
    route.config = { ...route.config, contract, rateLimit: limitOf(contract) }
    route.bodyLimit = contract.bodyLimit
    if (contract.access !== 'public') route.onRequest = authenticate
  })
}

/** 405 with `Allow` for the methods that a known address does not have. */
export function refuseOtherMethods(app: FastifyInstance, contracts: readonly RouteContract[]): void {
  const known = Map.groupBy(contracts, ({ path }) => shapeOf(path))
  for (const group of known.values()) {
    const allowed = new Set<string>(group.map(({ method }) => method))
    if (allowed.has('GET')) allowed.add('HEAD')
    const missing: HTTPMethods[] = methods.filter((method) => !allowed.has(method))
    if (missing.length === 0) continue
    app.route({
      method: missing,
      url: group[0]?.path ?? '',
      handler: async (_request, reply) => {
        reply.header('allow', [...allowed].join(', '))
        throw problem('method-not-allowed')
      },
    })
  }
}

/** `/api/users/:id` and `/api/users/:user_id` are one address. */
const shapeOf = (path: string): string => path.replace(/:\w+/g, ':')
