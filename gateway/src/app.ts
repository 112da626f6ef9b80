import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import { allRoutes, problem, type RouteContract } from '@hospital/contracts'
import type { Messaging } from '@hospital/messaging'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import { registerApi } from './api.ts'
import { authenticate } from './auth.ts'
import type { GatewayConfig } from './config.ts'
import { contextTokens } from './context-token.ts'
import { denialRecorder } from './denials.ts'
import { registerDocs } from './docs.ts'
import { fetchJson, fetchOwnKeys } from './fetch-keys.ts'
import { registerHealth } from './health.ts'
import { answerClientError, renderProblems, sendProblem } from './problems.ts'
import { addressOf, checkRequestForm, requestIdOf } from './request-form.ts'
import { sessionsOf } from './sessions.ts'
import { closeSlowBodies } from './slow-bodies.ts'
import { registerStream } from './stream/routes.ts'
import { tokenReader } from './tokens.ts'
import { isImport, openUpstreams } from './upstream/upstreams.ts'

interface GatewayDeps {
  config: Pick<
    GatewayConfig,
    | 'services'
    | 'signingKey'
    | 'issuers'
    | 'corsOrigins'
    | 'trustedProxies'
    | 'limits'
    | 'answerTimeoutMs'
    | 'importTimeoutMs'
    | 'maxDelayMs'
    | 'production'
  >
  messaging: Pick<Messaging, 'request' | 'listen' | 'isConnected' | 'follow' | 'lastSequence'>
  log: FastifyBaseLogger
  /** Milliseconds since 1970; tests turn it. */
  now?: () => number
  /** The operations there are; all of them unless a test brings its own. */
  contracts?: readonly RouteContract[]
}

/** The door of the system: authenticates, limits, and gives each request to its service. It never listens by itself. */
export async function buildGateway(deps: GatewayDeps): Promise<FastifyInstance> {
  const { config, messaging, log, now = Date.now, contracts = allRoutes } = deps
  const app = createApp(deps)
  const upstreams = openUpstreams({
    urls: config.services,
    contextToken: contextTokens(config.signingKey, now),
    answerTimeoutMs: config.answerTimeoutMs,
    importTimeoutMs: config.importTimeoutMs,
  })
  const sessions = sessionsOf(messaging, now)
  app.addHook('onClose', async () => {
    sessions.close()
    await Promise.all(Object.values(upstreams).map((upstream) => upstream.close()))
  })

  renderProblems(app)
  checkRequestForm(app)
  closeSlowBodies(app, ({ routeOptions }) => isImport(routeOptions.config.contract))
  logRequests(app)
  await app.register(helmet, { contentSecurityPolicy: { directives: apiPolicy, useDefaults: false } })
  if (config.corsOrigins.length > 0) await app.register(cors, corsSettings(config.corsOrigins))

  registerHealth(app, upstreams, messaging)
  registerDocs(app, contracts)
  const readToken = tokenReader(app, {
    loadOwnKeys: () => fetchOwnKeys(upstreams.identity),
    onKeysMissing: (issuer, error) => log.warn({ issuer, err: error }, 'the keys of an issuer cannot be had'),
    issuers: config.issuers,
    fetchJson,
    now,
  })
  const auth = { readToken, sessions, recordDenial: denialRecorder(messaging) }
  registerStream(app, { messaging, auth, limits: config.limits, secret: config.signingKey, now })
  registerApi(app, contracts, {
    limits: config.limits,
    authenticate: authenticate(auth),
    upstreams,
    maxDelayMs: config.maxDelayMs,
    production: config.production,
  })
  return app
}

function createApp({ config, log }: GatewayDeps): FastifyInstance {
  return fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: requestIdOf,
    rewriteUrl: addressOf,
    bodyLimit: 1024 * 1024,
    keepAliveTimeout: 15_000,
    // The head of a request has 5 s; bodies are watched by closeSlowBodies, an import takes this long at the most.
    requestTimeout: 15 * 60_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, requireHostHeader: false },
    clientErrorHandler: answerClientError,
    frameworkErrors: (_error, request, reply) =>
      sendProblem(problem('invalid-request', { detail: 'The address is not valid.' }), request, reply),
  }) as unknown as FastifyInstance
}

/** An answer of the API is data: no browser may run, frame or embed anything of it. */
const apiPolicy = { defaultSrc: ["'none'"], frameAncestors: ["'none'"], styleSrc: ["'unsafe-inline'"] }

const corsSettings = (origins: readonly string[]) => ({
  origin: [...origins],
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: ['ETag', 'X-Request-Id', 'Retry-After', 'Idempotent-Replayed'],
  maxAge: 600,
})

/** One line per request, with the route instead of the address: addresses can carry what people searched for. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { url: route, config } = request.routeOptions
    if (route === '/livez' || route === '/readyz') return
    const { session, method, traceparent } = request
    request.log.info(
      {
        method,
        route,
        operation: config.contract?.operationId,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        tenant: session?.tenantId,
        user: session?.userId,
        traceparent,
      },
      'request',
    )
  })
}
