import type { IncomingHttpHeaders } from 'node:http'
import { nextTraceparent } from '@hospital/messaging'
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

const aboutPerson = ['accept', 'accept-language', 'user-agent'] as const

/** On whose behalf, and in which request, a service is asked. */
export type Caller = Pick<FastifyRequest, 'session' | 'id' | 'ip' | 'headers' | 'traceparent' | 'arrivedAtMs'>

const picked = (headers: IncomingHttpHeaders, names: readonly (typeof passedOn)[number][]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name]
      return typeof value === 'string' ? [[name, value] as const] : []
    }),
  )

/** The headers of every call of a service: who acts, signed, in which request, and what the person reads. */
export const callHeaders = (caller: Caller, contextToken: string): Record<string, string> => ({
  ...picked(caller.headers, aboutPerson),
  authorization: `Bearer ${contextToken}`,
  'x-request-id': caller.id,
  'x-forwarded-for': caller.ip,
  'x-arrived-at': String(caller.arrivedAtMs),
  traceparent: nextTraceparent(caller.traceparent),
})

/** The headers of a request that is passed on: those of every call, and what it says of its body and of versions. */
export const requestHeaders = (request: FastifyRequest, contextToken: string): Record<string, string> => ({
  ...picked(request.headers, passedOn),
  ...callHeaders(request, contextToken),
})

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
