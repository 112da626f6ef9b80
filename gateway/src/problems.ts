import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Problem, problem, toProblemDetails } from '@hospital/contracts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ClientGone } from './upstream/failures.ts'

/** Which problem an error is; what we do not know is ours, and its message stays in the log. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { statusCode, code } = error as Partial<FastifyError>
  if (statusCode === 413) return problem('payload-too-large')
  if (statusCode === 415) return problem('unsupported-media-type')
  if (statusCode === 429) return problem('too-many-requests', { retryAfterSeconds: 60 })
  if (statusCode === 503) return problem('service-unavailable', { retryAfterSeconds: 5 })
  if (code === 'FST_ERR_BAD_URL') return problem('invalid-request', { detail: 'The address is not valid.' })
  if (statusCode && statusCode < 500) return problem('invalid-request', { detail: 'The request could not be read.' })
  return problem('internal-error')
}

export function sendProblem(error: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.options.retryAfterSeconds) reply.header('retry-after', String(error.options.retryAfterSeconds))
  return reply
    .code(error.statusCode)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(toProblemDetails(error, request.id))
}

/** The one place where refusals and faults of the gateway become answers. */
export function renderProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const known = toProblem(error)
    // Fastify closes after a body that is too long; we read the rest and drop it, so that the client gets this answer.
    if (known.code === 'payload-too-large') reply.removeHeader('connection')
    if (error instanceof ClientGone) request.log.info({ route: request.routeOptions.url }, 'the client left')
    else if (known.code === 'internal-error') request.log.error({ err: error }, 'request failed')
    return sendProblem(known, request, reply)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(problem('route-not-found'), request, reply))
}

/** Answers what is not HTTP, or HTTP in a form that two readers could read differently, and hangs up. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const refusal = problem('invalid-request', { detail: 'The request is not HTTP that can be read in one way only.' })
  const body = JSON.stringify({ ...toProblemDetails(refusal, randomUUID()), status })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
