import type { RouteContract } from '@hospital/contracts'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { registerErrorPages } from './error-pages.ts'
import { openApiDocument } from './openapi.ts'

/** `/openapi.json`, `/docs` and the pages of the problems. Everything they load comes from here. */
export function registerDocs(app: FastifyInstance, contracts: readonly RouteContract[]): void {
  const document = JSON.stringify(openApiDocument(contracts))
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(document))
  registerErrorPages(app)
  app.register((pages, _options, done) => {
    pages.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', docsPolicy)
    })
    pages.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
    done()
  })
}

/** The reference page brings an inline script and styles of its own, and may talk to this gateway only. */
const docsPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')
