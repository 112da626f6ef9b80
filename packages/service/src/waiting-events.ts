import type { CloudEvent } from '@hospital/contracts'
import { sql } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { Deps } from './deps.ts'
import { isHospitalFault, isServerAway } from './hospital-faults.ts'

/** Where a consumer keeps the events of hospitals that cannot be served at the moment, in order. */
interface WaitingEvents {
  keep(event: CloudEvent): Promise<void>
  hospitals(): Promise<readonly string[]>
  /**
   * Handles what waits for a hospital, oldest first, until nothing is left.
   * @throws what the hospital still fails with; its events wait on, for a week at most
   */
  handleAll(tenantId: string, handle: (event: CloudEvent) => Promise<void>): Promise<void>
}

const Tenant = Type.Object({ tenant_id: Type.String() })
const Row = Type.Object({
  sequence: Type.Integer(),
  tries: Type.Integer(),
  is_old: Type.Boolean(),
  envelope: Type.Unsafe<CloudEvent>(Type.Object({})),
})

const pageSize = 100
/** As many tries as an event has in its stream when it fails by itself. */
const maxTries = 5
/** Then it goes to the dead letters, which keep it for half a year. */
const longestWait = '7 days'

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)

export function waitingEvents({ database, messaging, log }: Deps, consumer: string): WaitingEvents {
  const table = sql.identifier([database.options.schema, 'waiting_events'])

  const listAfter = (tenantId: string, sequence: number) =>
    database.inGlobal((tx) =>
      tx.any(sql.type(Row)`
        SELECT sequence, tries, waiting_since < now() - ${longestWait}::interval AS is_old, envelope FROM ${table}
        WHERE consumer = ${consumer} AND tenant_id = ${tenantId} AND sequence > ${sequence}
        ORDER BY sequence LIMIT ${pageSize}`),
    )
  const remove = (event: CloudEvent) =>
    database.inGlobal((tx) =>
      tx.query(sql.unsafe`DELETE FROM ${table} WHERE consumer = ${consumer} AND event_id = ${event.id}`),
    )
  const countTry = (event: CloudEvent) =>
    database.inGlobal((tx) =>
      tx.query(sql.unsafe`
        UPDATE ${table} SET tries = tries + 1 WHERE consumer = ${consumer} AND event_id = ${event.id}`),
    )
  const bury = async (event: CloudEvent, tries: number, error: unknown): Promise<void> => {
    log.error({ consumer, tenant: event.tenantid, event_id: event.id, tries }, 'event goes to dead letters')
    await messaging.bury(event, { durable: consumer, reason: reasonOf(error), tries })
    await remove(event)
  }
  const buryOld = async (tenantId: string, error: unknown): Promise<void> => {
    for (;;) {
      const old = (await listAfter(tenantId, 0)).filter(({ is_old }) => is_old)
      if (old.length === 0) return
      for (const { envelope, tries } of old) await bury(envelope, tries, error)
    }
  }

  return {
    keep: async (event) => {
      await database.inGlobal((tx) =>
        tx.query(sql.unsafe`
          INSERT INTO ${table} (consumer, event_id, tenant_id, envelope)
          VALUES (${consumer}, ${event.id}, ${event.tenantid}, ${JSON.stringify(event)}::jsonb) ON CONFLICT DO NOTHING`),
      )
    },
    hospitals: () =>
      database.inGlobal((tx) =>
        tx.anyFirst(sql.type(Tenant)`SELECT DISTINCT tenant_id FROM ${table} WHERE consumer = ${consumer}`),
      ),
    async handleAll(tenantId, handle) {
      for (let after = 0; ; ) {
        const page = await listAfter(tenantId, after)
        for (const { envelope, tries, sequence } of page) {
          after = sequence
          try {
            await handle(envelope)
            await remove(envelope)
          } catch (error) {
            if (isHospitalFault(error)) await buryOld(tenantId, error)
            if (isHospitalFault(error) || isServerAway(error)) throw error
            // The hospital is well and the event is not: it has its tries, and those behind it go on.
            if (tries + 1 >= maxTries) await bury(envelope, tries + 1, error)
            else await countTry(envelope)
          }
        }
        if (page.length < pageSize) return
      }
    },
  }
}
