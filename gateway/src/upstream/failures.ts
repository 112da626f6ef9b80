import { Problem, type ProblemCode, problem, problems } from '@hospital/contracts'

/** Nobody is there any more to get an answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

const notReached = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']
const cutOff = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code)

/** True when a connection was refused, or ended before an answer began: a read may then be asked once more. */
export const cameToNothing = (error: unknown): boolean => ['ECONNREFUSED', ...cutOff].includes(codeOf(error))

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

const whatHappened = {
  'bad-gateway': 'The service gave no proper answer',
  'gateway-timeout': 'The service took too long',
}

/** No answer, or none that says what was done. Whoever sent a change is told that it may have happened. */
export const noAnswer = (code: keyof typeof whatHappened, method: string, cause?: unknown): Problem =>
  isRead(method)
    ? problem(code, { cause })
    : problem(code, {
        detail: `${whatHappened[code]}: it may have happened. Read before repeating, or use an Idempotency-Key.`,
        cause,
      })

/**
 * What went wrong on the way to a service, for whoever asked and by whichever door: 503 is for what certainly changed
 * nothing, 502 and 504 for what may have happened. It never tells which address a service has.
 */
export function failureOf(error: unknown, method: string, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error
  if (error instanceof Problem) return error
  const code = codeOf(error)
  if (code === 'UND_ERR_INVALID_ARG')
    return problem('invalid-request', { detail: `The request cannot be passed on: ${(error as Error).message}.` })
  if (code === 'UND_ERR_BODY_TIMEOUT') return noAnswer('gateway-timeout', method, error)
  if (notReached.includes(code) || isRead(method))
    return problem('service-unavailable', { retryAfterSeconds: 2, cause: error })
  return noAnswer('bad-gateway', method, error)
}

/** The problem that stands for an answer of 5xx that is none of ours: of a server that stops, or of something between. */
export function foreignFailure(status: number, retryAfter: unknown, method: string): Problem {
  if (status !== 503) return noAnswer(status === 504 ? 'gateway-timeout' : 'bad-gateway', method)
  const seconds = Number(retryAfter)
  return problem('service-unavailable', { retryAfterSeconds: seconds >= 1 ? Math.min(Math.ceil(seconds), 3_600) : 2 })
}

/** A service's refusal as it wrote it, to be told again word by word; null for what is no problem of ours. */
export function refusalOf(document: unknown, retryAfter: unknown): Problem | null {
  const { type, title, status, detail, code, errors, ...extensions } = (document ?? {}) as Record<string, unknown>
  if (typeof code !== 'string' || !Object.hasOwn(problems, code)) return null
  const seconds = Number(retryAfter)
  return problem(code as ProblemCode, {
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(Array.isArray(errors) ? { errors } : {}),
    ...(seconds >= 1 ? { retryAfterSeconds: seconds } : {}),
    extensions,
  })
}
