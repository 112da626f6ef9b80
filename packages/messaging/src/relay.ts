import { setTimeout as delay } from 'node:timers/promises'
import type { CloudEvent } from '@hospital/contracts'
import { ErrorCode, NatsError } from 'nats'
import { type Log, nameOfError } from './log.ts'

/** One row of a service's outbox: an event in its envelope, and where it goes. */
export interface OutboxRow {
  /** The event's id. */
  id: string
  /** `<service>.<tenant_id>.<entity>.<verb>.v1` */
  subject: string
  envelope: CloudEvent
}

/** The outbox as the relay sees it; the database package makes it. */
export interface OutboxReader {
  /** Locks up to `limit` unpublished rows, hands them to `publish` and marks those whose ids it returns. */
  takeBatch(
    limit: number,
    publish: (rows: readonly OutboxRow[]) => Promise<readonly string[]>,
  ): Promise<{ taken: number; published: number }>
  /** Calls back when rows may be waiting; returns how to stop that. */
  onWake(wake: () => void): () => void
}

export interface Relay {
  /** Resolves when the outbox has been seen empty after this call. */
  drain(): Promise<void>
  close(): Promise<void>
}

interface Outgoing {
  publish(row: OutboxRow): Promise<void>
  /** Called when the server says that it has no such stream. */
  ensureStreams(): Promise<void>
  onConnected(callback: () => void): void
}

const batchSize = 200
const pollMs = 2_000
const firstPauseMs = 100
const longestPauseMs = 5_000

/**
 * Moves the outbox to the streams until closed. A row is marked only after the server has stored its event; whatever
 * happens in between, the next round publishes it again under the same id.
 */
export function startRelay(reader: OutboxReader, outgoing: Outgoing, log: Log): Relay {
  const stop = new AbortController()
  let bell = newBell()
  let failures = 0
  const wake = (): void => bell.ring()
  const stopWaking = reader.onWake(wake)
  outgoing.onConnected(wake)

  const publish = async (rows: readonly OutboxRow[]): Promise<string[]> => {
    const results = await Promise.allSettled(rows.map((row) => outgoing.publish(row)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) await afterFailure(failed.reason)
    return rows.filter((_, at) => results[at]?.status === 'fulfilled').map((row) => row.id)
  }
  const afterFailure = async (error: unknown): Promise<void> => {
    if (failures++ % 20 === 0) log.warn(nameOfError(error), 'events wait in the outbox')
    const noStream = error instanceof NatsError && error.code === ErrorCode.NoResponders
    if (noStream) await outgoing.ensureStreams().catch(() => undefined)
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const failuresBefore = failures
      bell = newBell()
      const { taken } = await reader.takeBatch(batchSize, publish).catch(async (error) => {
        await afterFailure(error)
        return { taken: 0 }
      })
      if (failures > failuresBefore) {
        await pause(Math.min(firstPauseMs * 2 ** Math.min(failures, 10), longestPauseMs), bell.rung, stop.signal)
      } else {
        if (failures) log.info({}, 'the outbox moves again')
        failures = 0
        if (taken < batchSize) await pause(pollMs, bell.rung, stop.signal)
      }
    }
  }
  const running = run()

  return {
    async drain() {
      while (!stop.signal.aborted && (await reader.takeBatch(batchSize, publish)).taken > 0) await delay(1)
    },
    async close() {
      stop.abort()
      stopWaking()
      await running
    },
  }
}

interface Bell {
  rung: Promise<void>
  ring: () => void
}

function newBell(): Bell {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { rung: promise, ring: resolve }
}

/** Waits for the time, the bell or the stop, whichever is first. */
async function pause(ms: number, rung: Promise<void>, signal: AbortSignal): Promise<void> {
  const timer = new AbortController()
  const either = AbortSignal.any([signal, timer.signal])
  await Promise.race([delay(ms, undefined, { signal: either, ref: false }).catch(() => undefined), rung])
  timer.abort()
}
