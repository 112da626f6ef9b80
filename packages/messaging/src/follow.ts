import { setTimeout as delay } from 'node:timers/promises'
import { AckPolicy, type ConsumerConfig, DeliverPolicy, nanos, nuid, type StreamInfo } from 'nats'
import { type Connection, ConnectionMissing } from './connection.ts'
import { type Follower, type FollowOptions, heartbeatMs, openRound, type Place } from './follow-round.ts'
import { type Log, nameOfError } from './log.ts'

export interface Following {
  /** Hears no more; waits for the event that is being heard. */
  close(): Promise<void>
}

const waitMs = 5_000
const tenantForm = /^[a-z][a-z0-9_]*$/

/**
 * Follows one hospital's events in the order of their stream, without leaving a trace on the server: each round is a
 * consumer of its own that the server forgets, and the next round begins where the last one ended. So nothing is missed
 * or repeated when the connection or the server is lost in between.
 */
export function follow(program: string, connection: Connection, log: Log, options: FollowOptions): Following {
  // In a subject `*` or `>` would be every hospital.
  if (!tenantForm.test(options.tenantId)) throw new Error('not the id of a hospital')
  const stop = new AbortController()
  const running = keepFollowing({ program, connection, log, stop: stop.signal, options })
  return {
    async close() {
      stop.abort()
      await running
    },
  }
}

async function keepFollowing(follower: Follower): Promise<void> {
  const { options, log, stop } = follower
  const place: Place = { after: options.after, created: null }
  for (let failures = 0; !stop.aborted; ) {
    try {
      await followOneRound(follower, place)
      failures = 0
    } catch (error) {
      if (stop.aborted) return
      if (failures++ % 20 === 0)
        log.warn({ stream: options.stream, ...nameOfError(error) }, 'a follower waits for its stream')
      await delay(Math.min(200 * failures, 2_000), undefined, { signal: stop, ref: false }).catch(() => undefined)
    }
  }
}

async function followOneRound(follower: Follower, place: Place): Promise<void> {
  const { connection, options } = follower
  const nc = await connection.within(waitMs)
  if (!connection.isConnected()) throw new ConnectionMissing()
  const manager = await nc.jetstreamManager({ checkAPI: false })
  const after = placeIn(place, await connection.during(() => manager.streams.info(options.stream)))
  if (follower.stop.aborted) return
  const round = openRound(nc, follower, place)
  try {
    await connection.during(() => manager.consumers.add(options.stream, consumerSettings(options, after, round.inbox)))
    await round.ended
  } finally {
    await round.close()
  }
}

/** The position to go on from. A stream that was lost and made again is heard from its beginning. */
function placeIn(place: Place, { created, state }: StreamInfo): number {
  const isOther = place.created !== null && place.created !== created
  place.created = created
  if (place.after === null) place.after = state.last_seq
  else if (isOther || place.after > state.last_seq) place.after = 0
  return place.after
}

/**
 * The server pushes into the program's own inbox: a program that only follows needs no permission to pull, which would
 * reach the durable consumers of others too.
 */
const consumerSettings = (
  { stream, tenantId }: FollowOptions,
  after: number,
  inbox: string,
): Partial<ConsumerConfig> => ({
  name: `follow-${nuid.next()}`,
  deliver_subject: inbox,
  deliver_policy: DeliverPolicy.StartSequence,
  opt_start_seq: after + 1,
  filter_subject: `${stream.toLowerCase()}.${tenantId}.>`,
  ack_policy: AckPolicy.None,
  max_deliver: 1,
  idle_heartbeat: nanos(heartbeatMs),
  inactive_threshold: nanos(5_000),
  mem_storage: true,
  num_replicas: 1,
})
