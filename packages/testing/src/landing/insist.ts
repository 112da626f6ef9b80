import { randomUUID } from 'node:crypto'
import type { SystemAnswer, TestSystem } from '../system.ts'
import type { Ledger } from './ledger.ts'
import type { Person } from './people.ts'

/** A request as a good client sends it. */
export interface Request {
  method: 'POST' | 'PATCH'
  path: string
  who: Person
  body: unknown
  headers?: Record<string, string>
}

export interface Outcome {
  /** The last answer; undefined when there was none. */
  answer: SystemAnswer | undefined
  /** Of every attempt. */
  requestIds: string[]
}

const insistForMs = 60_000
const answerWithinMs = 20_000
const longestPauseMs = 2_000
/** The server cannot say whether it was done, or was too busy: the same again with the same key. */
const tryAgain = [429, 502, 503, 504]

/** Sends a write with one key until its outcome is known, or a minute is over. */
export async function insist(system: TestSystem, ledger: Ledger, request: Request): Promise<Outcome> {
  const key = randomUUID()
  const requestIds: string[] = []
  const deadline = Date.now() + insistForMs
  for (let attempt = 0; ; attempt++) {
    const requestId = randomUUID()
    requestIds.push(requestId)
    ledger.attempts += 1
    const answer = await send(system, request, { 'idempotency-key': key, 'x-request-id': requestId })
    if (answer?.headers.has('idempotent-replayed')) ledger.replays += 1
    if (isOutcome(answer) || Date.now() > deadline) return { answer, requestIds }
    await new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** attempt, longestPauseMs)))
  }
}

/** The answer; undefined when the connection broke or nothing came in time. */
async function send(
  system: TestSystem,
  { method, path, who, body, headers }: Request,
  own: Record<string, string>,
): Promise<SystemAnswer | undefined> {
  const options = { token: who.token, body, headers: { ...headers, ...own }, withinMs: answerWithinMs }
  return await system.request(method, path, options).catch(() => undefined)
}

function isOutcome(answer: SystemAnswer | undefined): answer is SystemAnswer {
  return answer !== undefined && !tryAgain.includes(answer.status) && answer.body.code !== 'idempotency-in-progress'
}

/** What an answer was, for a sentence. */
export function describeAnswer(answer: SystemAnswer | undefined): string {
  if (answer === undefined) return 'no answer for a minute'
  return `${answer.status} ${String(answer.body.code ?? '')}: ${String(answer.body.detail ?? '')}`
}
