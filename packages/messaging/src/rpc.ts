import { setTimeout as delay } from 'node:timers/promises'
import {
  Problem,
  type ProblemCode,
  type ProblemOptions,
  problem,
  problems,
  type ReplyOf,
  type RequestOf,
  type RpcContract,
} from '@hospital/contracts'
import { ErrorCode, type Msg, type NatsConnection, NatsError, type Subscription } from 'nats'
import { type Connection, ConnectionMissing } from './connection.ts'
import { parseObject } from './event-message.ts'
import { type Log, nameOfError } from './log.ts'
import { mismatch } from './schema-check.ts'
import { type Trace, traceHeaders, traceOf } from './trace.ts'

export interface RequestOptions extends Trace {
  timeoutMs?: number
}

export type RpcHandler<R extends RpcContract> = (request: RequestOf<R>, trace: Trace) => Promise<ReplyOf<R>>

/** Nobody answered: the service or the message server is away, or slow. Renders as 503 with Retry-After. */
export class RpcUnavailable extends Problem {
  override readonly name = 'RpcUnavailable'
  readonly subject: string
  constructor(subject: string) {
    super('service-unavailable', {
      detail: `The service ${subject.split('.')[1]} does not answer.`,
      retryAfterSeconds: 2,
    })
    this.subject = subject
  }
}

const defaultTimeoutMs = 3_000
/** A service that restarts has no subscription for a moment; a question asked in that moment is asked again. */
const graceMs = 600
const askAgainMs = 100

type Envelope = { value: unknown } | { problem: { code: string } & ProblemOptions }

/** Asks another service and waits for its answer. A `Problem` thrown there is thrown here, with its code. */
export async function request<R extends RpcContract>(
  connection: Connection,
  contract: R,
  payload: RequestOf<R>,
  options: RequestOptions = {},
): Promise<ReplyOf<R>> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const message = await ask(connection, contract.subject, JSON.stringify(payload), { ...options, timeoutMs })
  const envelope = parseObject(message.data) as Envelope | null
  if (envelope && 'problem' in envelope) throw remoteProblem(envelope.problem)
  const wrong = envelope ? mismatch(contract.reply, envelope.value) : 'no JSON object'
  if (wrong) throw problem('bad-gateway', { detail: `The answer to ${contract.subject} is not as agreed (${wrong}).` })
  return (envelope as { value: ReplyOf<R> }).value
}

async function ask(
  connection: Connection,
  subject: string,
  body: string,
  options: RequestOptions & { timeoutMs: number },
): Promise<Msg> {
  const started = performance.now()
  const spent = (): number => performance.now() - started
  for (;;) {
    try {
      const timeout = Math.max(options.timeoutMs - spent(), 1)
      return await connection.during((nc) => nc.request(subject, body, { timeout, headers: traceHeaders(options) }))
    } catch (error) {
      if (!isUnanswered(error)) throw error
      const mayAskAgain = wasNotAsked(error) && spent() < Math.min(graceMs, options.timeoutMs - askAgainMs)
      if (!mayAskAgain) throw new RpcUnavailable(subject)
      await delay(askAgainMs)
    }
  }
}

/** Nobody heard the question, so it can be asked again without being answered twice. */
const wasNotAsked = (error: unknown): boolean =>
  error instanceof ConnectionMissing
    ? !error.meanwhile
    : error instanceof NatsError && error.code === ErrorCode.NoResponders

const unansweredCodes: string[] = [
  ErrorCode.NoResponders,
  ErrorCode.Timeout,
  ErrorCode.ConnectionClosed,
  ErrorCode.ConnectionDraining,
  ErrorCode.Disconnect,
]
const isUnanswered = (error: unknown): boolean =>
  error instanceof ConnectionMissing || (error instanceof NatsError && unansweredCodes.includes(error.code))

function remoteProblem({ code, ...options }: { code: string } & ProblemOptions): Problem {
  return code in problems ? problem(code as ProblemCode, options) : problem('bad-gateway')
}

export interface Responder {
  /** Takes no more questions and waits for those in work. */
  close(): Promise<void>
}

/** Answers a question; instances of one service share the load. */
export function startResponder<R extends RpcContract>(
  connection: Connection,
  service: string,
  contract: R,
  handle: RpcHandler<R>,
  log: Log,
): Responder {
  const working = new Set<Promise<void>>()
  let subscription: Subscription | null = null
  let closed = false

  const serve = (message: Msg): void => {
    const work = answer(contract, handle, message, log).then((reply) => {
      message.respond(JSON.stringify(reply))
    })
    working.add(work)
    work
      .catch((error) => log.error(nameOfError(error), 'an answer could not be sent'))
      .finally(() => working.delete(work))
  }
  const subscribe = (nc: NatsConnection): void => {
    subscription = nc.subscribe(contract.subject, {
      queue: service,
      callback: (error, message) => {
        if (error) log.error({ subject: contract.subject, ...nameOfError(error) }, 'the subscription has failed')
        else serve(message)
      },
    })
  }
  // The client renews a subscription after each reconnection by itself: once is enough.
  connection.onConnected(() => {
    if (!subscription && !closed) void connection.within(0).then(subscribe)
  })
  return {
    async close() {
      closed = true
      if (subscription && !subscription.isClosed()) await subscription.drain().catch(() => undefined)
      await Promise.allSettled(working)
    },
  }
}

async function answer<R extends RpcContract>(
  contract: R,
  handle: RpcHandler<R>,
  message: Msg,
  log: Log,
): Promise<Envelope> {
  const trace = traceOf(message.headers)
  try {
    const payload = parseObject(message.data)
    const wrong = mismatch(contract.request, payload)
    if (wrong) throw problem('invalid-request', { detail: `${contract.subject} ${wrong}` })
    return { value: (await handle(payload as RequestOf<R>, trace)) ?? null }
  } catch (error) {
    if (error instanceof Problem) return { problem: { code: error.code, ...error.options, detail: error.message } }
    log.error(
      { subject: contract.subject, request_id: trace.requestId, traceparent: trace.traceparent, ...nameOfError(error) },
      'a question could not be answered',
    )
    return { problem: { code: 'internal-error' } }
  }
}
