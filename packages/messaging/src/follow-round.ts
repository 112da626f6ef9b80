import type { CloudEvent } from '@hospital/contracts'
import { createInbox, type Msg, type NatsConnection } from 'nats'
import type { Connection } from './connection.ts'
import { parseObject } from './event-message.ts'
import { type Log, nameOfError } from './log.ts'
import type { StreamName } from './streams.ts'

export interface FollowOptions {
  stream: Exclude<StreamName, 'DEAD_LETTERS'>
  /** Events of this hospital only. */
  tenantId: string
  /** Hears what comes after this position; null: what comes from now on. */
  after: number | null
  /** Hears one event at a time, in their order; the next one waits until this is done. */
  hear(event: CloudEvent, sequence: number): void | Promise<void>
}

export interface Follower {
  /** Names the inbox. */
  program: string
  connection: Connection
  log: Log
  stop: AbortSignal
  options: FollowOptions
}

/** Where a follower is; `created` tells a stream from another one of the same name. */
export interface Place {
  after: number | null
  created: string | null
}

/** The server says so often that it is there; three times nothing means that the consumer is gone. */
export const heartbeatMs = 5_000
/** After so many messages a round ends: more than that never waits in memory for a slow hearer. */
const roundSize = 500

export interface Round {
  inbox: string
  /** Resolves when the round can bring nothing more, for whatever reason. */
  ended: Promise<void>
  close(): Promise<void>
}

/** Listens for what one short-lived consumer delivers, and moves `place` on with every message. */
export function openRound(nc: NatsConnection, follower: Follower, place: Place): Round {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const inbox = createInbox(`_INBOX_${follower.program}`)
  const hearer = inOrder(follower, place)
  let received = 0
  let heardAt = performance.now()
  let work = Promise.resolve()
  const closed = new AbortController()

  const take = async (message: Msg, isLast: boolean): Promise<void> => {
    if (follower.stop.aborted) return
    const whole = await hearer(message)
    if (!whole || isLast) end()
  }
  const subscription = nc.subscribe(inbox, {
    max: roundSize,
    callback: (error, message) => {
      if (error) return end()
      heardAt = performance.now()
      const isLast = ++received === roundSize
      work = work.then(() => take(message, isLast))
    },
  })
  const watching = setInterval(() => {
    if (performance.now() - heardAt > 3 * heartbeatMs) end()
  }, heartbeatMs)
  watching.unref()
  follower.stop.addEventListener('abort', () => end(), { once: true, signal: closed.signal })
  // On a lost connection nothing is delivered any more, and the consumer may be forgotten.
  follower.connection.during(() => ended).catch(() => end())

  return {
    inbox,
    ended,
    async close() {
      end()
      closed.abort()
      clearInterval(watching)
      subscription.unsubscribe()
      await work
    },
  }
}

/** Hears messages as long as none is missing in between; false from the first gap on. */
function inOrder(follower: Follower, place: Place): (message: Msg) => Promise<boolean> {
  let delivered = 0
  let whole = true
  return async (message) => {
    if (!whole) return false
    const position = positionOf(message)
    if (!position) {
      const announced = Number(message.headers?.get('Nats-Last-Consumer') || delivered)
      whole = announced === delivered
    } else if (position.delivery === delivered + 1) {
      delivered++
      await hear(follower, message, position.sequence)
      place.after = position.sequence
    } else whole = false
    return whole
  }
}

/** Where a message stands in its stream, and among those that its consumer has delivered; null for heartbeats. */
function positionOf({ reply }: Msg): { sequence: number; delivery: number } | null {
  const tokens = reply?.split('.') ?? []
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return null
  // $JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<tries>.<sequence>.<delivery>.<time>.<pending>
  const at = tokens.length === 9 ? 5 : 7
  return { sequence: Number(tokens[at]), delivery: Number(tokens[at + 1]) }
}

async function hear({ options, log }: Follower, { subject, data }: Msg, sequence: number): Promise<void> {
  const event = parseObject(data)
  const [service, tenantId, ...rest] = subject.split('.')
  // Subject and envelope must tell the same, as for consumers.
  if (!event || event.tenantid !== tenantId || event.type !== ['hospital', service, ...rest].join('.')) return
  try {
    await options.hear(event as unknown as CloudEvent, sequence)
  } catch (error) {
    log.error({ subject, ...nameOfError(error) }, 'an event could not be heard')
  }
}
