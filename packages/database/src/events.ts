import { randomUUID } from 'node:crypto'
import { type CloudEvent, type DataOf, type EventContract, eventSubject, eventType, pick } from '@hospital/contracts'
import type { Static, TObject } from '@sinclair/typebox'
import { sql, standardSchema } from './sql.ts'
import { eventsToldIn, type GlobalTx, type TenantContext, type TenantTx } from './transaction.ts'

/** What happened: the entity's id and the facts of the contract's `data`. */
interface Happening<E extends EventContract> {
  id: string | number
  data: DataOf<E>
}

/** In a global transaction the event says itself whose it is and who caused it. */
interface GlobalHappening<E extends EventContract> extends Happening<E> {
  context: TenantContext
}

function envelope<E extends EventContract>(event: E, { id, data }: Happening<E>, context: TenantContext): CloudEvent {
  const checked = standardSchema(event.data)['~standard'].validate(data)
  if (checked instanceof Promise || checked.issues) {
    throw new TypeError(`The data of ${eventType(event)} does not match its contract`)
  }
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: `/hospital/${event.service}`,
    type: eventType(event),
    subject: String(id),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: context.tenantId,
    ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
    requestid: context.requestId,
    actorid: String(context.userId),
    data,
  }
}

/** A message, and the subject it is published under. */
interface Letter {
  subject: string
  message: CloudEvent
}

const letter = <E extends EventContract>(event: E, happening: Happening<E>, context: TenantContext): Letter => ({
  subject: eventSubject(event, context.tenantId),
  message: envelope(event, happening, context),
})

/** Writes events into the outbox in one statement; they are published in this order. */
async function append(tx: TenantTx | GlobalTx, letters: readonly Letter[]): Promise<void> {
  await tx.query(sql.unsafe`
    INSERT INTO ${sql.identifier([tx.globalSchema, 'outbox'])} (id, tenant_id, subject, envelope)
    SELECT (message ->> 'id')::uuid, message ->> 'tenantid', subject, message
    FROM jsonb_array_elements(${JSON.stringify(letters)}::jsonb) WITH ORDINALITY AS l (letter, place),
      jsonb_to_record(letter) AS e (subject text, message jsonb)
    ORDER BY place`)
  eventsToldIn(tx).push(...letters.map(({ message }) => message.type))
}

/**
 * Writes an event into the outbox, in the transaction of the change that it tells; the relay publishes it after the
 * commit. Answers the event's id.
 */
export async function appendEvent<E extends EventContract>(
  tx: TenantTx,
  event: E,
  happening: Happening<E>,
): Promise<string>
export async function appendEvent<E extends EventContract>(
  tx: GlobalTx,
  event: E,
  happening: GlobalHappening<E>,
): Promise<string>
export async function appendEvent<E extends EventContract>(
  tx: TenantTx | GlobalTx,
  event: E,
  happening: Happening<E> | GlobalHappening<E>,
): Promise<string> {
  const context = 'context' in happening ? happening.context : (tx as TenantTx).context
  const sent = letter(event, happening, context)
  await append(tx, [sent])
  return sent.message.id
}

/**
 * Tells what happened to a row: the facts that the event's contract names, taken from the row, so that a fact is written
 * down in one place. In the transaction of the change; a global one says whose it is. Answers the row.
 */
export async function announce<D extends TObject, R extends Static<D> & { id: string | number }>(
  tx: TenantTx,
  event: EventContract<D>,
  row: R,
): Promise<R>
export async function announce<D extends TObject, R extends Static<D> & { id: string | number }>(
  tx: GlobalTx,
  event: EventContract<D>,
  row: R,
  context: TenantContext,
): Promise<R>
export async function announce<D extends TObject, R extends Static<D> & { id: string | number }>(
  tx: TenantTx | GlobalTx,
  event: EventContract<D>,
  row: R,
  context: TenantContext = (tx as TenantTx).context,
): Promise<R> {
  await append(tx, [letter(event, { id: row.id, data: pick(event.data, row) }, context)])
  return row
}

/** Rows that one thing happened to. */
export interface Telling {
  event: EventContract
  happened: readonly Happening<EventContract>[]
}

/** The facts of these rows that the event's contract names. */
export const toTell = <D extends TObject>(
  event: EventContract<D>,
  rows: readonly (Static<D> & { id: string | number })[],
): Telling => ({ event, happened: rows.map((row) => ({ id: row.id, data: pick(event.data, row) })) })

/** Tells what happened to many rows, in one statement and in this order. In the transaction of the changes. */
export async function announceAll(tx: TenantTx, tellings: readonly Telling[]): Promise<void> {
  const letters = tellings.flatMap(({ event, happened }) => happened.map((one) => letter(event, one, tx.context)))
  if (letters.length > 0) await append(tx, letters)
}

/** True the first time a consumer meets an event; in the same transaction as what the consumer writes. */
export async function inbox(tx: TenantTx | GlobalTx, consumer: string, eventId: string): Promise<boolean> {
  const tenantId = 'context' in tx && tx.context !== null ? tx.context.tenantId : ''
  const result = await tx.query(sql.unsafe`
    INSERT INTO ${sql.identifier([tx.globalSchema, 'inbox'])} (tenant_id, consumer, event_id)
    VALUES (${tenantId}, ${consumer}, ${eventId})
    ON CONFLICT DO NOTHING
  `)
  return result.rowCount === 1
}
