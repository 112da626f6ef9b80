import { Transform } from 'node:stream'
import type { Dispatcher, Pool } from 'undici'
import { cameToNothing, failureOf, noAnswer } from './failures.ts'

/** One request to a service. */
export interface Call {
  method: Dispatcher.HttpMethod
  /** With the query. */
  path: string
  headers: Record<string, string>
  body: string | Buffer | Transform | null
  /** How long the service may take to begin its answer, from the last byte it got, and then be silent in the middle of it. */
  limitMs: number
  /** Ends the call, answer included, with its reason. */
  stop: AbortController
}

export type Answer = Dispatcher.ResponseData

/**
 * Sends a call and waits for the head of its answer. A GET is sent once more when its connection was refused or broke off
 * before an answer began; nothing else is repeated, and nothing because of an answer.
 * @throws problem `service-unavailable`, `bad-gateway`, `gateway-timeout` or `invalid-request`, or the reason of `stop`
 */
export async function exchange(pool: Pool, call: Call): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const startTimer = (): void => {
    timer = setTimeout(() => call.stop.abort(noAnswer('gateway-timeout', call.method)), call.limitMs)
  }
  if (call.body instanceof Transform) call.body.once('finish', startTimer)
  else startTimer()
  try {
    return await once(pool, call).catch((error) => {
      if (call.method === 'GET' && !call.stop.signal.aborted && cameToNothing(error)) return once(pool, call)
      throw error
    })
  } catch (error) {
    throw failureOf(error, call.method, call.stop.signal)
  } finally {
    clearTimeout(timer)
    if (call.body instanceof Transform) call.body.off('finish', startTimer)
  }
}

const once = (pool: Pool, { method, path, headers, body, limitMs, stop }: Call): Promise<Answer> =>
  pool.request({ method, path, headers, body, bodyTimeout: limitMs, signal: stop.signal })

/** The whole body of an answer; what breaks off in the middle fails like what never came. */
export async function wholeBody(call: Call, { body }: Answer): Promise<Buffer> {
  try {
    return Buffer.from(await body.arrayBuffer())
  } catch (error) {
    throw failureOf(error, call.method, call.stop.signal)
  }
}
