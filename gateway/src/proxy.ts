import { Readable, Transform } from 'node:stream'
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
    let timer: NodeJS.Timeout | undefined
    // The time of the service counts from the last byte it got.
    const startTimer = (): void => {
      timer = setTimeout(() => limit.abort(problem('gateway-timeout')), answerTimeoutMs)
    }
    const body = request.body instanceof Readable ? counted(request.body, contract.bodyLimit, startTimer) : request.body
    if (!(body instanceof Readable)) startTimer()
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) limit.abort(new ClientGone())
      if (body instanceof Readable) body.destroy()
    })
    try {
      const answer = await upstream.pool.request({
        path: pathTo(contract, request),
        method: request.method as Dispatcher.HttpMethod,
        headers: requestHeaders(
          request,
          contextToken(contract.service, request.session),
          nextTraceparent(request.traceparent),
        ),
        body: body instanceof Readable || Buffer.isBuffer(body) ? body : null,
        signal: limit.signal,
      })
      clearTimeout(timer)
      const content = await contentOf(answer, request.method)
      return reply.code(answer.statusCode).headers(answerHeaders(answer.headers)).send(content)
    } catch (error) {
      throw toProblem(error, limit.signal, request.method)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** A short answer goes out in one write; a long one, or one of unknown length, passes through as it comes. */
async function contentOf({ statusCode, headers, body }: Dispatcher.ResponseData, method: string) {
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) {
    await body.dump()
    return undefined
  }
  const length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY)
  return length <= maxHeldBytes ? Buffer.from(await body.arrayBuffer()) : body
}

const maxHeldBytes = 64 * 1024

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

/**
 * An import on its way through, cut off at its limit. However it ends, what the client still sends is read and dropped,
 * so that the client gets to read the answer.
 */
function counted(body: Readable, limitBytes: number, onEnd: () => void): Transform {
  let size = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > limitBytes) done(problem('payload-too-large'))
      else done(null, chunk)
    },
  })
  body.once('error', (error) => through.destroy(error))
  body.once('end', onEnd)
  through.once('close', () => {
    body.unpipe(through)
    body.resume()
  })
  // Errors show at the request to the service.
  through.on('error', () => undefined)
  return body.pipe(through)
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
