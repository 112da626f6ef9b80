import {
  type CloudEvent,
  type DataOf,
  type EventContract,
  type RequestContext,
  systemContext,
} from '@hospital/contracts'
import { DatabaseUnavailable, inbox, type TenantTx } from '@hospital/database'
import type { ConsumeOptions } from '@hospital/messaging'
import type { Deps } from './app.ts'
import type { Running } from './process.ts'

export interface OnceOptions<E extends readonly EventContract[]>
  extends Pick<ConsumeOptions<E>, 'durable' | 'stream' | 'events'> {
  /** What has to be there before the transaction; done again with every try. */
  prepare?: (event: CloudEvent<DataOf<E[number]>>, context: RequestContext) => Promise<void>
  write: (tx: TenantTx, event: CloudEvent<DataOf<E[number]>>) => Promise<unknown>
}

/**
 * Consumes events into the hospital they are of: the inbox row stands in the transaction of what is written, so each
 * event is written once, however often it comes; a database that is away costs no try.
 */
export function consumeOnce<const E extends readonly EventContract[]>(
  { database, messaging }: Pick<Deps, 'database' | 'messaging'>,
  { durable, stream, events, prepare, write }: OnceOptions<E>,
): Running {
  return messaging.consume<E>({
    durable,
    stream,
    events,
    isOutage: (error) => error instanceof DatabaseUnavailable,
    handle: async (event) => {
      const context = systemContext(event.tenantid, event.requestid, event.traceparent)
      await prepare?.(event, context)
      await database.inTenant(context, async (tx) => {
        if (await inbox(tx, durable, event.id)) await write(tx, event)
      })
    },
  })
}
