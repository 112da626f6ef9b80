import { problem, type RouteContract } from '@hospital/contracts'
import type { FastifyContextConfig, FastifyInstance, HTTPMethods, RouteShorthandOptions } from 'fastify'
import { type ProxyOptions, proxyHandler } from './proxy.ts'
import type { Upstreams } from './upstreams.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    contract?: RouteContract
  }
}

const oneMebibyte = 1024 * 1024
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** True for operations whose bodies pass through while they arrive. */
export const isImport = (contract: RouteContract | undefined): boolean => (contract?.bodyLimit ?? 0) > oneMebibyte

export interface RouteDeps extends Pick<ProxyOptions, 'contextToken'> {
  upstreams: Upstreams
  answerTimeoutMs: number
  importTimeoutMs: number
  /** Rate limit of an operation. */
  limitOf: (contract: RouteContract) => NonNullable<FastifyContextConfig['rateLimit']>
}

/** One route per contract: what no contract names, the gateway does not have. */
export function addContractRoutes(
  app: FastifyInstance,
  contracts: readonly RouteContract[],
  deps: RouteDeps,
  hooks: Pick<RouteShorthandOptions, 'onRequest'>,
): void {
  for (const contract of contracts) {
    app.route({
      method: contract.method,
      url: contract.path,
      bodyLimit: contract.bodyLimit,
      config: { contract, rateLimit: deps.limitOf(contract) },
      ...(contract.access === 'public' ? {} : hooks),
      handler: proxyHandler({
        upstream: deps.upstreams[contract.service],
        contract,
        contextToken: deps.contextToken,
        answerTimeoutMs: isImport(contract) ? deps.importTimeoutMs : deps.answerTimeoutMs,
      }),
    })
  }
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
