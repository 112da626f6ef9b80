import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type FieldError, problem } from '@hospital/contracts'
import { isTraceparent, nextTraceparent } from '@hospital/messaging'
import type { FastifyInstance } from 'fastify'

/** Headers that mean nothing, or something else to every reader, when they come twice. */
const singular = new Set([
  'authorization',
  'content-length',
  'content-type',
  'content-encoding',
  'host',
  'idempotency-key',
  'if-match',
  'transfer-encoding',
  'x-request-id',
  'x-tenant-id',
])

const requestIdForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/

/** The client's request id when it is fit for logs and headers, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && requestIdForm.test(given) ? given : randomUUID()
}

/** The address of a request without the host, which the absolute form (RFC 9112) writes before it. */
export const addressOf = ({ url = '/' }: IncomingMessage): string =>
  url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '') || '/'

/** Checks the form of every request before anything else looks at it; echoes its id and takes up its trace. */
export function checkRequestForm(app: FastifyInstance): void {
  app.decorateRequest('traceparent', '')
  app.decorateRequest('arrivedAtMs', 0)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    request.arrivedAtMs = Date.now()
    const { traceparent } = request.headers
    request.traceparent = isTraceparent(traceparent) ? traceparent : nextTraceparent()
    const doubt = ambiguity(request.raw)
    if (doubt) {
      // What follows on this connection may not be a request.
      reply.header('connection', 'close')
      throw problem('invalid-request', { errors: [doubt] })
    }
    const coding = request.headers['content-encoding']
    if (coding !== undefined && coding.toLowerCase() !== 'identity')
      throw problem('unsupported-media-type', { detail: 'Send the body without Content-Encoding.' })
  })
}

/** What about the head of a request could be read in two ways. */
function ambiguity({ rawHeaders, headers, httpVersion }: IncomingMessage): FieldError | null {
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    if (!singular.has(name)) continue
    if (seen.has(name)) return { pointer: `header:${name}`, detail: 'comes twice' }
    seen.add(name)
  }
  if (headers.host === undefined && httpVersion !== '1.0') return { pointer: 'header:host', detail: 'is missing' }
  const transfer = headers['transfer-encoding']
  if (transfer === undefined) return null
  if (transfer.trim().toLowerCase() !== 'chunked')
    return { pointer: 'header:transfer-encoding', detail: 'must be chunked' }
  return headers['content-length'] === undefined
    ? null
    : { pointer: 'header:content-length', detail: 'must not come with chunks' }
}
