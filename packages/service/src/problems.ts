import { Problem, problem, toProblemDetails } from '@hospital/contracts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * Which problem an error is; what we do not know is ours, and its message stays in the log. A value that the database
 * cannot take (SQLSTATE class 22) after validation is such a fault: either the contract let it in or our own SQL made it.
 */
function toProblem(error: FastifyError | Error): Problem {
  if (error instanceof Problem) return error
  const { statusCode, code } = error as Partial<FastifyError>
  if (statusCode === 413) return problem('payload-too-large')
  if (statusCode === 415) return problem('unsupported-media-type')
  if (statusCode === 503) return problem('service-unavailable', { retryAfterSeconds: 2 })
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH')
    return problem('invalid-request', { detail: 'The address is not valid.' })
  if (statusCode === 400) return problem('malformed-json')
  return problem('internal-error')
}

export function sendProblem(error: Problem, request: FastifyRequest, reply: FastifyReply) {
  if (error.options.retryAfterSeconds) reply.header('retry-after', String(error.options.retryAfterSeconds))
  return reply
    .code(error.statusCode)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(toProblemDetails(error, request.id))
}

/** The one place where refusals and faults become answers. */
export function renderProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toProblem(error)
    if (known.statusCode >= 500) request.log.error({ err: error }, 'request failed')
    return sendProblem(known, request, reply)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(problem('route-not-found'), request, reply))
}
