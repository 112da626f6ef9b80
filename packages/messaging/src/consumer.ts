import { setTimeout as delay } from 'node:timers/promises'
import type { CloudEvent, DataOf, EventContract } from '@hospital/contracts'
import {
  AckPolicy,
  type Consumer,
  type ConsumerConfig,
  DeliverPolicy,
  type JsMsg,
  type NatsConnection,
  nanos,
} from 'nats'
import type { Connection } from './connection.ts'
import { remainsOfMessage, storeDeadLetter } from './dead-letter.ts'
import { filterOf, readEventMessage } from './event-message.ts'
import { type Log, nameOfError } from './log.ts'
import { isNotFound, type StreamName } from './streams.ts'

export interface ConsumeOptions<E extends readonly EventContract[] = readonly EventContract[]> {
  /** Names this consumer's place in the stream for ever; begins with the service, e.g. `clinical-doctors`. */
  durable: string
  stream: StreamName
  events: E
  /** Handles one event in one transaction, inbox row included. Throwing means: again later, at most five times. */
  handle(event: CloudEvent<DataOf<E[number]>>, delivery: { tries: number }): Promise<void>
  /**
   * True for errors that would meet every event (a database that is away): this one is held in its lane and tried on
   * without limit. Never for what is wrong with one hospital: a few of its events would hold every lane.
   */
  isOutage?: (error: unknown) => boolean
  /** Events in work at the same time. */
  concurrency?: number
  /** Pauses before the second, third … try. */
  backoffMs?: readonly number[]
}

export interface Consumption {
  /** Takes no more events and waits for those in work. */
  close(): Promise<void>
}

const maxTries = 5
const defaultBackoffMs = [200, 1_000, 5_000, 15_000]
const ackWaitMs = 30_000
const heartbeatMs = 10_000
const pullWaitMs = 5_000
/**
 * Events given back for another try count as pending at the server, which delivers nothing more beyond this number. Each
 * is given back for less than half a minute altogether, and no consumer takes so many in that time.
 */
const maxPending = 10_000

interface Worker {
  service: string
  connection: Connection
  log: Log
  stop: AbortSignal
  options: ConsumeOptions
}

/** Starts a durable consumer. It waits for its stream, survives restarts of the server, and is made anew when it is lost. */
export function startConsumer(service: string, connection: Connection, log: Log, options: ConsumeOptions): Consumption {
  const stop = new AbortController()
  const worker: Worker = { service, connection, log, stop: stop.signal, options }
  const running = keepConsuming(worker)
  return {
    async close() {
      stop.abort()
      await running
    },
  }
}

async function keepConsuming(worker: Worker): Promise<void> {
  const { log, options, stop, connection } = worker
  for (let failures = 0; !stop.aborted; ) {
    try {
      const nc = await connection.within(pullWaitMs)
      const consumer = await ensureConsumer(nc, options)
      failures = 0
      const lanes = Array.from({ length: options.concurrency ?? 4 }, () => pullUntilStopped(worker, nc, consumer))
      await Promise.all(lanes)
    } catch (error) {
      if (stop.aborted) return
      if (failures++ % 20 === 0)
        log.warn({ durable: options.durable, ...nameOfError(error) }, 'the consumer waits for its stream')
      await pause(Math.min(200 * failures, 2_000), stop)
    }
  }
}

async function ensureConsumer(nc: NatsConnection, options: ConsumeOptions): Promise<Consumer> {
  const { stream, durable, events } = options
  const wanted = {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    // Tries are counted here, so that an event is stored among the dead letters before the server lets go of it.
    max_deliver: -1,
    max_ack_pending: maxPending,
    filter_subject: filterOf(events),
  } satisfies Partial<ConsumerConfig>
  const manager = await nc.jetstreamManager({ checkAPI: false })
  const existing = await manager.consumers.info(stream, durable).catch((error) => {
    if (isNotFound(error)) return null
    throw error
  })
  if (!existing) await manager.consumers.add(stream, wanted)
  else if (
    existing.config.filter_subject !== wanted.filter_subject ||
    existing.config.max_ack_pending !== wanted.max_ack_pending
  )
    await manager.consumers.update(stream, durable, wanted)
  return nc.jetstream().consumers.get(stream, durable)
}

/** One lane: takes one event, finishes it, takes the next. Nothing waits unacknowledged in a buffer of ours. */
async function pullUntilStopped(worker: Worker, nc: NatsConnection, consumer: Consumer): Promise<void> {
  while (!worker.stop.aborted) {
    const message = await pullOne(consumer, worker.stop)
    if (message) await settle(worker, nc, message)
  }
}

async function pullOne(consumer: Consumer, stop: AbortSignal): Promise<JsMsg | null> {
  const pull = await consumer.fetch({ max_messages: 1, expires: pullWaitMs })
  const giveUp = (): void => void pull.close()
  stop.addEventListener('abort', giveUp, { once: true })
  if (stop.aborted) giveUp()
  try {
    for await (const message of pull) return message
    return null
  } finally {
    stop.removeEventListener('abort', giveUp)
  }
}

/** Brings one message to its end: acknowledged, postponed, or among the dead letters. Never throws. */
async function settle(worker: Worker, nc: NatsConnection, message: JsMsg): Promise<void> {
  const heartbeat = setInterval(() => message.working(), heartbeatMs)
  const tries = message.info.deliveryCount
  const { options, log, service } = worker
  const bury = async (reason: string, after: number): Promise<void> => {
    // The reason can quote a value of a row: it is in the dead letter, where the event is too, and in no log.
    log.error({ durable: options.durable, subject: message.subject, tries: after }, 'event goes to dead letters')
    const letter = { service, durable: options.durable, reason, tries: after }
    await storeDeadLetter(nc.jetstream(), remainsOfMessage(message), letter)
    message.term()
  }
  try {
    const read = readEventMessage(message.subject, message.data, options.events)
    if (read.outcome === 'other') return message.ack()
    if (read.outcome === 'refused') return await bury(read.reason, tries)
    if (tries > maxTries) return await bury('every try ended without an answer', tries - 1)
    const failure = await tryHandling(worker, read.event, tries)
    if (failure === null) message.ack()
    else if (failure === 'stopped') message.nak()
    else if (tries >= maxTries) await bury(failure, tries)
    else message.nak(backoffOf(options, tries))
  } catch (error) {
    log.error(
      { durable: options.durable, subject: message.subject, ...nameOfError(error) },
      'event could not be settled',
    )
    message.nak(backoffOf(options, tries))
  } finally {
    clearInterval(heartbeat)
  }
}

/** Null when handled, else why not. While a dependency is away the event is held, so that an outage costs it no try. */
async function tryHandling(worker: Worker, event: CloudEvent, tries: number): Promise<string | null> {
  const { options, log, stop } = worker
  for (let held = 0; ; held++) {
    try {
      await options.handle(event as CloudEvent<never>, { tries })
      return null
    } catch (error) {
      const facts = { durable: options.durable, event_id: event.id, type: event.type, tries, ...nameOfError(error) }
      if (!options.isOutage?.(error)) {
        log.warn(facts, 'event could not be handled')
        return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      }
      if (held % 10 === 0) log.warn(facts, 'event is held until the outage ends')
      await pause(Math.min(500 * 2 ** held, 10_000), stop)
      if (stop.aborted) return 'stopped'
    }
  }
}

const backoffOf = (options: ConsumeOptions, tries: number): number => {
  const steps = options.backoffMs ?? defaultBackoffMs
  return steps[Math.min(tries, steps.length) - 1] ?? 1_000
}

/** Waits, or returns at once when stopped. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
