import underPressure from '@fastify/under-pressure'
import { problem, type RouteContract } from '@hospital/contracts'
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify'
import type { Limits } from './config.ts'
import { registerGraphql } from './graphql/routes.ts'
import { limitOf, limitRates } from './limits.ts'
import { proxyContracts } from './proxy.ts'
import { completeRoutes, refuseOtherMethods } from './routes.ts'
import { isImport, type Upstreams } from './upstream/upstreams.ts'

interface ApiDeps {
  upstreams: Upstreams
  limits: Limits
  maxDelayMs: number
  production: boolean
  authenticate: onRequestAsyncHookHandler
}

/** Everything under contract: load is shed first, then come authentication, rate limits and the body. */
export function registerApi(app: FastifyInstance, contracts: readonly RouteContract[], deps: ApiDeps): void {
  const ordinary = contracts.filter((contract) => !isImport(contract))
  app.register((api, _options, done) => {
    api.decorateRequest('session', null)
    api.register(underPressure, { maxEventLoopDelay: deps.maxDelayMs, retryAfter: 5, pressureHandler })
    completeRoutes(api, contracts, limitOf(deps.limits), deps.authenticate)
    limitRates(api, deps.limits)
    // Bodies are passed on as they are; the service reads them.
    api.register((buffered, _none, ready) => {
      buffered.removeAllContentTypeParsers()
      buffered.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
      proxyContracts(buffered, ordinary, deps.upstreams)
      ready()
    })
    api.register((streamed, _none, ready) => {
      streamed.removeAllContentTypeParsers()
      streamed.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload))
      proxyContracts(streamed, contracts.filter(isImport), deps.upstreams)
      ready()
    })
    refuseOtherMethods(api, contracts)
    registerGraphql(api, contracts, deps)
    done()
  })
}

function pressureHandler(): never {
  throw problem('service-unavailable', { detail: 'Too much to do at the moment.', retryAfterSeconds: 5 })
}
