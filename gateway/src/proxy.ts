import { pipeline, Readable, Transform } from 'node:stream'
import { Problem, problem, type RouteContract } from '@hospital/contracts'
import { nextTraceparent } from '@hospital/messaging'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import { answerHeaders, requestHeaders } from './headers.ts'
import type { LiveSession } from './sessions.ts'
import type { Upstream } from './upstreams.ts'

export interface ProxyOptions {
  upstream: Upstream
  contract: RouteContract
  contextToken: (service: RouteContract['service'], session: LiveSession | null) => string
  answerTimeoutMs: number
}

/** The handler that gives a request to its service, once, and the answer to the client. */
export function proxyHandler(options: ProxyOptions) {
  const { upstream, contract, contextToken, answerTimeoutMs } = options
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(problem('gateway-timeout')), answerTimeoutMs)
    const leave = (): void => limit.abort(new ClientGone())
    reply.raw.once('close', leave)
    try {
      const token = contextToken(contract.service, request.session)
      const answer = await upstream.pool.request({
        path: pathTo(contract, request),
        method: request.method as Dispatcher.HttpMethod,
        headers: requestHeaders(request, token, nextTraceparent(request.traceparent)),
        body: bodyOf(request, contract.bodyLimit),
        signal: limit.signal,
      })
      clearTimeout(timer)
      return await pass(answer, request, reply)
    } catch (error) {
      clearTimeout(timer)
      throw toProblem(error, limit.signal, request.method)
    }
  }
}

async function pass(answer: Dispatcher.ResponseData, request: FastifyRequest, reply: FastifyReply) {
  reply.code(answer.statusCode).headers(answerHeaders(answer.headers))
  const bodiless = request.method === 'HEAD' || answer.statusCode === 204 || answer.statusCode === 304
  if (!bodiless) return reply.send(answer.body)
  await answer.body.dump()
  return reply.send()
}

/** Nobody is there any more to get an answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/**
 * The address at the service, written anew from the contract: whatever spelling the client used, the service sees the
 * one form that was matched here.
 */
function pathTo(contract: RouteContract, request: FastifyRequest): string {
  const params = request.params as Record<string, string>
  const path = contract.path.replace(/:(\w+)/g, (_, name: string) => {
    // The router takes `/api/patients/` for a patient without an id.
    if (!params[name]) throw problem('route-not-found')
    return encodeURIComponent(params[name])
  })
  const url = request.raw.url ?? ''
  const query = url.indexOf('?')
  return query < 0 ? path : path + url.slice(query).replace(/#.*$/s, '')
}

/** Ordinary bodies have been read; an import passes through while it arrives, and is cut off at its limit. */
function bodyOf(request: FastifyRequest, limitBytes: number): Buffer | Readable | null {
  const { body } = request
  if (!(body instanceof Readable)) return Buffer.isBuffer(body) ? body : null
  let size = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > limitBytes) done(problem('payload-too-large'))
      else done(null, chunk)
    },
  })
  // The outcome shows at the request to the service; what a refused import still sends is read and dropped.
  pipeline(body, counted, () => body.resume())
  return counted
}

const notReached = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']

/** What went wrong on the way to a service, without telling which address it has. */
function toProblem(error: unknown, signal: AbortSignal, method: string): Problem | Error {
  if (signal.aborted) return signal.reason as Error
  const { code, message } = error as { code?: unknown; message?: string }
  if (error instanceof Problem) return error
  if (code === 'UND_ERR_INVALID_ARG')
    return problem('invalid-request', { detail: `The request cannot be passed on: ${message}.` })
  const safe = method === 'GET' || method === 'HEAD'
  if (notReached.includes(String(code)) || safe) return problem('service-unavailable', { retryAfterSeconds: 2 })
  return problem('bad-gateway')
}
