import {
  type CloudEvent,
  type DataOf,
  type EventContract,
  type RequestContext,
  systemContext,
} from '@hospital/contracts'
import { DatabaseUnavailable, type GlobalTx, inbox, type TenantTx } from '@hospital/database'
import type { ConsumeOptions } from '@hospital/messaging'
import type { Deps, Running } from './deps.ts'
import { isHospitalFault } from './hospital-faults.ts'
import { hospitalLoop } from './hospital-loop.ts'
import { startJob } from './jobs.ts'
import { waitingEvents } from './waiting-events.ts'

/** Where a consumer stands, and what it hears. */
type Place<E extends readonly EventContract[]> = Pick<ConsumeOptions<E>, 'durable' | 'stream' | 'events'>
type EventOf<E extends readonly EventContract[]> = CloudEvent<DataOf<E[number]>>

interface EventHandling<E extends readonly EventContract[]> extends Place<E> {
  handle: (event: EventOf<E>, context: RequestContext) => Promise<void>
  /** Besides the database: what else may be away, so that no event can be handled. */
  isOutage?: (error: unknown) => boolean
}

/** A consumer that runs. */
export interface Consuming extends Running {
  durable: string
  events: readonly EventContract[]
  /** Tries again for the hospitals whose events wait; it does so by itself. */
  tryAgain(): Promise<void>
}

const tryAgainMs = 1_000
const rests = { firstRestMs: 1_000, longestRestMs: 60_000 }
/** How often events are looked for that another instance, or an earlier run of this one, has kept. */
const lookMs = 60_000

/**
 * Consumes events of all hospitals, and of each as well as it can be served. Where a hospital is not well, its events leave
 * the stream and wait in the database, in their order, so that they hold up nobody; they are tried again after 1, 2, 4 …
 * 60 seconds. What is handled must not depend on the order of events: copies are written by version.
 */
export function consume<const E extends readonly EventContract[]>(deps: Deps, handling: EventHandling<E>): Consuming {
  const { durable, stream, events, isOutage } = handling
  const part = `events ${durable}`
  const waiting = waitingEvents(deps, durable)
  const loop = hospitalLoop(deps.troubles, part, rests)
  const handle = (event: CloudEvent) =>
    handling.handle(event as EventOf<E>, systemContext(event.tenantid, event.requestid, event.traceparent))

  let lookedAt = Number.NEGATIVE_INFINITY
  const keep = async (event: CloudEvent): Promise<void> => {
    await waiting.keep(event)
    // The hospital may have become well, and been left, in the moment before.
    if (!loop.isFailing(event.tenantid)) lookedAt = Number.NEGATIVE_INFINITY
  }
  const consumption = deps.messaging.consume<E>({
    durable,
    stream,
    events,
    // Whatever of the database comes here met the event's keeping, too.
    isOutage: (error) => error instanceof DatabaseUnavailable || isOutage?.(error) === true,
    async handle(event) {
      if (loop.isFailing(event.tenantid)) return keep(event)
      try {
        await handle(event)
      } catch (error) {
        if (!isHospitalFault(error) || isOutage?.(error)) throw error
        // Every lane may meet it at once, and it is one failure.
        if (!loop.isFailing(event.tenantid)) loop.failed(event.tenantid, error)
        await keep(event)
      }
    },
  })

  const retries = startJob(deps, `${part} that wait`, tryAgainMs, async () => {
    const isTime = performance.now() - lookedAt >= lookMs
    if (isTime) lookedAt = performance.now()
    const hospitals = isTime ? await waiting.hospitals() : []
    await loop.run(new Set([...loop.failing(), ...hospitals]), (tenantId) => waiting.handleAll(tenantId, handle))
  })
  return {
    durable,
    events,
    tryAgain: retries.turn,
    async close() {
      await consumption.close()
      await retries.close()
    },
  }
}

interface OnceOptions<E extends readonly EventContract[]> extends Place<E> {
  /** What has to be there before the transaction; done again with every try. */
  prepare?: (event: EventOf<E>, context: RequestContext) => Promise<void>
  write: (tx: TenantTx, event: EventOf<E>) => Promise<unknown>
}

/**
 * Consumes events into the hospital they are of: the inbox row stands in the transaction of what is written, so each
 * event is written once, however often it comes.
 */
export function consumeOnce<const E extends readonly EventContract[]>(
  deps: Deps,
  { prepare, write, ...place }: OnceOptions<E>,
): Consuming {
  return consume<E>(deps, {
    ...place,
    handle: async (event, context) => {
      await prepare?.(event, context)
      await deps.database.inTenant(context, async (tx) => {
        if (await inbox(tx, place.durable, event.id)) await write(tx, event)
      })
    },
  })
}

interface GlobalOnceOptions<E extends readonly EventContract[]> extends Place<E> {
  write: (tx: GlobalTx, event: EventOf<E>, context: RequestContext) => Promise<unknown>
}

/** The same into the service's global tables. */
export function consumeOnceGlobally<const E extends readonly EventContract[]>(
  deps: Deps,
  { write, ...place }: GlobalOnceOptions<E>,
): Consuming {
  return consume<E>(deps, {
    ...place,
    handle: (event, context) =>
      deps.database.inGlobal(async (tx) => {
        if (await inbox(tx, place.durable, event.id)) await write(tx, event, context)
      }),
  })
}
