import { randomUUID } from 'node:crypto'
import { headers, type MsgHdrs } from 'nats'

/** What follows a request through every hop: its id, and the W3C trace it belongs to. */
export interface Trace {
  requestId?: string | undefined
  traceparent?: string | undefined
}

const requestIdHeader = 'X-Request-Id'
const traceparentHeader = 'traceparent'
const traceparentForm = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** True for a W3C `traceparent` of version 00. */
export const isTraceparent = (value: unknown): value is string =>
  typeof value === 'string' && traceparentForm.test(value)

/** 32 digits; randomUUID keeps a store of randomness, which makes it ten times cheaper than randomBytes. */
const randomHex = (): string => randomUUID().replaceAll('-', '')

/** A new trace, or the next span of the given one. */
export function nextTraceparent(parent?: string): string {
  const [, traceId, , flags] = isTraceparent(parent) ? parent.split('-') : []
  return `00-${traceId ?? randomHex()}-${randomHex().slice(16)}-${flags ?? '01'}`
}

/** Message headers of a trace; what is not known is left out. */
export function traceHeaders(trace: Trace): MsgHdrs {
  const made = headers()
  if (trace.requestId) made.set(requestIdHeader, trace.requestId)
  if (isTraceparent(trace.traceparent)) made.set(traceparentHeader, trace.traceparent)
  return made
}

/** The trace that a message's headers carry. */
export function traceOf(received: MsgHdrs | undefined): Trace {
  const requestId = received?.get(requestIdHeader)
  const traceparent = received?.get(traceparentHeader)
  return {
    ...(requestId ? { requestId } : {}),
    ...(isTraceparent(traceparent) ? { traceparent } : {}),
  }
}
