import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'

/** What a service gets of a client's headers. Everything else, known or invented, ends at the gateway. */
const passedOn = [
  'accept',
  'accept-language',
  'content-type',
  'if-match',
  'if-none-match',
  'idempotency-key',
  'user-agent',
] as const

/** The headers of the request to a service: a few of the client's, and who acts, signed. */
export function requestHeaders(request: FastifyRequest, contextToken: string, traceparent: string) {
  const passed = passedOn.flatMap((name) => {
    const value = request.headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return {
    ...Object.fromEntries(passed),
    authorization: `Bearer ${contextToken}`,
    'x-request-id': request.id,
    'x-forwarded-for': request.ip,
    'x-arrived-at': String(request.arrivedAtMs),
    traceparent,
  }
}

/** Headers of one connection, and those that tell how a service is built. */
const keptBack = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'server',
  'x-powered-by',
  'via',
  'date',
  'set-cookie',
  'x-request-id',
])

/** The headers of a service's answer that the client gets. */
export function answerHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined && !keptBack.has(entry[0]) && !named.includes(entry[0]),
  )
  // Answers speak of patients: nothing between us and the person keeps them.
  return { 'cache-control': 'no-store', ...Object.fromEntries(kept) }
}
