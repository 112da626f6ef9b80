import { randomUUID } from 'node:crypto'
import { problem, type RequestContext, type ServiceName } from '@hospital/contracts'
import { type FastifyInstance, type FastifyRequest, fastify, LogController } from 'fastify'
import { contextReader } from './context.ts'
import type { Deps } from './deps.ts'
import { registerHealth } from './health.ts'
import { parseJson } from './json.ts'
import { registerMetrics } from './metrics.ts'
import type { FetchPeople } from './people.ts'
import { answerSignedIn, authorise, type Kernel } from './pipeline.ts'
import { renderProblems, sendProblem } from './problems.ts'
import { answerPublic } from './public-pipeline.ts'
import type { CareGuard, Route } from './route.ts'
import { compileValidation } from './validation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor: RequestContext | null
  }
}

const oneMebibyte = 1024 * 1024

function checkMediaType(route: Route, request: FastifyRequest): void {
  const sent = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (sent === undefined || ['application/json', ...route.contract.consumes].includes(sent)) return
  throw problem('unsupported-media-type')
}

function addRoute(app: FastifyInstance, deps: Deps, kernel: Kernel, route: Route): void {
  const { contract } = route
  const validate = compileValidation(contract)
  app.route({
    method: contract.method,
    url: contract.path,
    bodyLimit: contract.bodyLimit,
    config: { operation: contract.operationId, bodyValues: contract.bodyValues },
    schema: contract.answer ? { response: { [contract.status]: contract.answer } } : {},
    // The person before the input: who may not do it learns nothing about how.
    preParsing: async (request) => authorise(route, kernel, request.actor, request),
    preValidation: async (request) => {
      checkMediaType(route, request)
      if (contract.body && (request.body === undefined || request.body === null)) request.body = {}
      validate({ path: request.params, query: request.query, body: request.body })
    },
    handler: async (request, reply) => {
      const now = deps.clock()
      if (route.door === 'constant') return reply.code(contract.status).send(route.answer())
      return route.door === 'public'
        ? answerPublic(route, kernel, now, request, reply)
        : answerSignedIn(route, kernel, request.actor as RequestContext, now, request, reply)
    },
  })
}

/**
 * The HTTP side of a service: every route authenticated, allowed, validated, audited and answered the same way.
 * It never listens; the process does, tests use `inject`.
 */
export function createServiceApp(
  service: ServiceName,
  deps: Deps,
  routes: readonly Route[],
  rules: { careGuard?: CareGuard; fetchPeople?: FetchPeople } = {},
): FastifyInstance {
  const kernel: Kernel = {
    database: deps.database,
    fingerprintKey: deps.fingerprintKey ?? '',
    careGuard: rules.careGuard,
    fetchPeople: rules.fetchPeople ?? {},
    holdsContracts: deps.holdsContracts ?? false,
  }
  const app = fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: true,
    bodyLimit: oneMebibyte,
    requestTimeout: 120_000,
    frameworkErrors: (_error, request, reply) => {
      sendProblem(problem('invalid-request', { detail: 'The address is not valid.' }), request, reply)
    },
    genReqId: (request) => String(request.headers['x-request-id'] ?? randomUUID()),
  }) as unknown as FastifyInstance
  const readContext = contextReader(app, service, deps.gatewayPublicKey)
  const mediaTypes = new Set(['application/json', ...routes.flatMap((route) => route.contract.consumes)])
  parseJson(app, [...mediaTypes])
  renderProblems(app)
  registerHealth(app, deps)
  registerMetrics(app, deps.troubles)
  app.decorateRequest('actor', null)
  app.register((guarded, _options, done) => {
    guarded.addHook('onRequest', async (request) => {
      request.actor = readContext(request)
    })
    for (const route of routes) addRoute(guarded, deps, kernel, route)
    done()
  })
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.url === '/livez' || request.routeOptions.url === '/readyz') return
    // The route, not the address: addresses can carry what people searched for.
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        tenant: request.actor?.tenantId,
        user: request.actor?.userId,
      },
      'request',
    )
  })
  return app
}
