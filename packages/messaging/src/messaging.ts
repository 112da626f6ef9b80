import type { CloudEvent, EventContract, ReplyOf, RequestOf, RpcContract } from '@hospital/contracts'
import { type ConnectOptions, openConnection } from './connection.ts'
import { type ConsumeOptions, type Consumption, startConsumer } from './consumer.ts'
import { type DeadLetter, remainsOfEvent, storeDeadLetter } from './dead-letter.ts'
import { type Following, follow } from './follow.ts'
import type { FollowOptions } from './follow-round.ts'
import { nameOfError } from './log.ts'
import { type OutboxReader, type OutboxRow, type Relay, startRelay } from './relay.ts'
import { type RequestOptions, type Responder, type RpcHandler, request, startResponder } from './rpc.ts'
import { ensureStream, type StreamName, streamsOf } from './streams.ts'
import { type Listening, listen } from './subscription.ts'
import { traceHeaders } from './trace.ts'

/** Everything a program does with other programs besides HTTP. */
export interface Messaging {
  /** Makes the streams this program answers for, now and after each reconnection; repeated calls change nothing. */
  ensureStreams(): Promise<void>
  /** Stores one event in its stream; its id makes a repeated call harmless. Services use an outbox and `startRelay`. */
  publish(row: OutboxRow): Promise<void>
  startRelay(reader: OutboxReader): Relay
  consume<const E extends readonly EventContract[]>(options: ConsumeOptions<E>): Consumption
  /** Stores an event among the dead letters that was taken out of its stream and could not be handled. */
  bury(event: CloudEvent, letter: Omit<DeadLetter, 'service'>): Promise<void>
  /** Hears events as they pass; `subject` may hold `*` and `>`. */
  listen(subject: string, hear: (event: CloudEvent) => void): Listening
  /** Hears one hospital's events of a stream in order, from a position on; none is missed or repeated. */
  follow(options: FollowOptions): Following
  respond<R extends RpcContract>(contract: R, handle: RpcHandler<R>): Responder
  request<R extends RpcContract>(contract: R, payload: RequestOf<R>, options?: RequestOptions): Promise<ReplyOf<R>>
  isConnected(): boolean
  /** Position of the newest event of a stream. */
  lastSequence(stream: StreamName): Promise<number>
  /** Events that a durable consumer has not finished yet, being handled or waiting for another try included. */
  backlog(stream: StreamName, durable: string): Promise<number>
  /** Stops taking work and finishes what is in hand. */
  drain(): Promise<void>
  /** `drain`, then disconnects. */
  close(): Promise<void>
}

const answerWaitMs = 5_000
const firstWaitMs = 2_000

/**
 * Connects, and goes on connecting for ever. Waits only a moment for the first connection: a program starts while the
 * message server is away, and says in its readiness what is missing.
 */
export async function connectMessaging(options: ConnectOptions): Promise<Messaging> {
  const { name, log } = options
  const connection = openConnection(options)
  const working = new Set<{ close(): Promise<void> | void }>()
  const keep = <T extends { close(): Promise<void> | void }>(part: T): T => {
    working.add(part)
    return part
  }
  const followUntilClosed = (settings: FollowOptions): Following => {
    const part = keep(follow(name, connection, log, settings))
    // Followers come and go with the people who watch.
    return { close: () => part.close().finally(() => working.delete(part)) }
  }
  const manager = async () => (await connection.within(answerWaitMs)).jetstreamManager({ checkAPI: false })

  const makeStreams = async (): Promise<void> => {
    for (const stream of streamsOf(name)) await ensureStream(await manager(), stream)
  }
  let lookAfterStreams = false
  const ensureStreams = (): Promise<void> => {
    lookAfterStreams = true
    return makeStreams()
  }
  // A server that comes back may have lost its data.
  connection.onConnected(() => {
    if (lookAfterStreams) makeStreams().catch((error) => log.warn(nameOfError(error), 'streams could not be made'))
  })
  const publish = async (row: OutboxRow): Promise<void> => {
    const { id, subject, envelope } = row
    const headers = traceHeaders({ requestId: envelope.requestid, traceparent: envelope.traceparent })
    await connection.during((nc) =>
      nc.jetstream().publish(subject, JSON.stringify(envelope), { msgID: id, headers, timeout: answerWaitMs }),
    )
  }
  const drain = async (): Promise<void> => {
    const parts = [...working]
    working.clear()
    await Promise.allSettled(parts.map((part) => part.close()))
  }

  await connection.within(firstWaitMs).catch(() => undefined)
  return {
    ensureStreams,
    publish,
    startRelay: (reader) =>
      keep(startRelay(reader, { publish, ensureStreams, onConnected: connection.onConnected }, log)),
    consume: (consume) => keep(startConsumer(name, connection, log, consume as unknown as ConsumeOptions)),
    bury: (event, letter) =>
      connection.during((nc) => storeDeadLetter(nc.jetstream(), remainsOfEvent(event), { service: name, ...letter })),
    listen: (subject, hear) => keep(listen(connection, subject, hear, log)),
    follow: followUntilClosed,
    respond: (contract, handle) => keep(startResponder(connection, name, contract, handle, log)),
    request: (contract, payload, settings) => request(connection, contract, payload, settings),
    isConnected: connection.isConnected,
    lastSequence: async (stream) => (await (await manager()).streams.info(stream)).state.last_seq,
    async backlog(stream, durable) {
      const info = await (await manager()).consumers.info(stream, durable)
      return info.num_pending + info.num_ack_pending
    },
    drain,
    async close() {
      await drain()
      await connection.close()
    },
  }
}
