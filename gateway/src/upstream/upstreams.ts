import { randomUUID } from 'node:crypto'
import type { RouteContract, ServiceName } from '@hospital/contracts'
import { nextTraceparent } from '@hospital/messaging'
import { Pool } from 'undici'
import { type Caller, callHeaders } from '../headers.ts'
import type { LiveSession } from '../sessions.ts'
import { type Answer, type Call, exchange, wholeBody } from './exchange.ts'
import { foreignFailure, noAnswer, refusalOf } from './failures.ts'

/** What an operation is given. Path and query are written into the address that the contract names. */
export interface Given {
  path?: Readonly<Record<string, unknown>>
  query?: Readonly<Record<string, unknown>>
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** Milliseconds; what the kind of operation has unless said. */
  limitMs?: number
}

/** One service as the gateway reaches it; whatever the gateway asks of a service by HTTP, it asks here. */
export interface Upstream {
  service: ServiceName
  origin: string
  /**
   * Carries out an operation and gives its answer; null when it has none.
   * @throws Problem, the service's own or one that says why there is no answer
   */
  carryOut(contract: RouteContract, given: Given, caller: Caller): Promise<unknown>
  /** Sends an operation for whoever passes its answer on as it comes, refusals included. @throws Problem, as above */
  send(call: Omit<Call, 'limitMs'>, contract: RouteContract): Promise<Answer>
  /** The signed word about who acts, for this service. */
  contextToken(session: LiveSession | null): string
  /** What it says of itself at /readyz. @throws Problem */
  readiness(): Promise<{ status: number; document: unknown }>
  close(): Promise<void>
}

export type Upstreams = Record<ServiceName, Upstream>

interface UpstreamSettings {
  urls: Record<ServiceName, string>
  contextToken: (service: ServiceName, session: LiveSession | null) => string
  answerTimeoutMs: number
  importTimeoutMs: number
}

const oneMebibyte = 1024 * 1024
const connectTimeoutMs = 2_000
const readinessTimeoutMs = 2_000

/** True for operations whose bodies pass through while they arrive. */
export const isImport = (contract: RouteContract | undefined): boolean => (contract?.bodyLimit ?? 0) > oneMebibyte

/** Who the gateway is when it asks for itself: nobody who is signed in. */
export const nobody = (): Caller => ({
  session: null,
  id: randomUUID(),
  ip: '127.0.0.1',
  headers: {},
  traceparent: nextTraceparent(),
  arrivedAtMs: Date.now(),
})

export function openUpstreams(settings: UpstreamSettings): Upstreams {
  const open = (service: ServiceName): Upstream => openUpstream(service, settings)
  return { identity: open('identity'), clinical: open('clinical'), scheduling: open('scheduling') }
}

function openUpstream(service: ServiceName, settings: UpstreamSettings): Upstream {
  const { origin } = new URL(settings.urls[service])
  // Time limits for answers are set per call, waiting for a connection included.
  const connect = { timeout: connectTimeoutMs }
  const pool = new Pool(origin, { connections: 128, pipelining: 1, headersTimeout: 0, connect })

  const limitOf = (contract: RouteContract): number =>
    isImport(contract) ? settings.importTimeoutMs : settings.answerTimeoutMs

  /** Every call of the service passes here: what counts, queues or refuses calls of one service belongs here. */
  const call = (given: Call): Promise<Answer> => exchange(pool, given)

  const send = async (given: Call): Promise<Answer> => {
    const answer = await call(given)
    const { statusCode, headers, body } = answer
    const isProblem = String(headers['content-type']).startsWith('application/problem+json')
    const isOurs = statusCode < 500 || (statusCode < 600 && isProblem)
    if (isOurs) return answer
    await body.dump().catch(() => undefined)
    throw foreignFailure(statusCode, headers['retry-after'], given.method)
  }

  const contextToken = (session: LiveSession | null): string => settings.contextToken(service, session)

  return {
    service,
    origin,
    contextToken,
    send: (given, contract) => send({ ...given, limitMs: limitOf(contract) }),
    async carryOut(contract, given, caller) {
      const hasBody = contract.body !== undefined
      const operation: Call = {
        method: contract.method,
        path: addressOf(contract, given),
        headers: {
          ...callHeaders(caller, contextToken(caller.session)),
          ...(hasBody ? { 'content-type': 'application/json' } : {}),
          ...given.headers,
        },
        body: hasBody ? JSON.stringify(given.body ?? {}) : null,
        limitMs: given.limitMs ?? limitOf(contract),
        stop: new AbortController(),
      }
      const answer = await send(operation)
      return answerOf(contract, answer, (await wholeBody(operation, answer)).toString())
    },
    async readiness() {
      const stop = new AbortController()
      const question = {
        method: 'GET',
        path: '/readyz',
        headers: {},
        body: null,
        limitMs: readinessTimeoutMs,
        stop,
      } as const
      const answer = await call(question)
      return { status: answer.statusCode, document: parsed((await wholeBody(question, answer)).toString()) }
    },
    close: () => pool.destroy(),
  }
}

/** The address of an operation as its contract writes it. */
export function addressOf(contract: RouteContract, { path = {}, query = {} }: Pick<Given, 'path' | 'query'>): string {
  const address = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(path[name])))
  const search = new URLSearchParams()
  for (const name of Object.keys(contract.query?.properties ?? {})) {
    const value = query[name]
    if (value !== undefined && value !== null) search.set(name, String(value))
  }
  return search.size > 0 ? `${address}?${search}` : address
}

function answerOf(contract: RouteContract, { statusCode, headers }: Answer, text: string): unknown {
  const isText = contract.produces !== undefined && statusCode < 400
  const value = isText ? text : parsed(text)
  if (value === undefined) throw noAnswer('bad-gateway', contract.method)
  if (statusCode < 400) return contract.answer === null ? null : value
  throw refusalOf(value, headers['retry-after']) ?? noAnswer('bad-gateway', contract.method)
}

/** Null for no text, undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return undefined
  }
}
