import { type ServiceName, systemContext } from '@hospital/contracts'
import { type GlobalTx, type OutboxReader, sql, type TenantTx } from '@hospital/database'
import type { Deps } from './deps.ts'
import { type Job, startHospitalJob, startJob } from './jobs.ts'
import { provisionedTenants } from './tenants.ts'

const hourMs = 60 * 60_000
/** Published events are kept for a look back; the streams hold them too. */
const outboxHours = 7 * 24

/** Longer than any redelivery, so that no event is taken for new. */
const pruneInbox = (tx: GlobalTx) =>
  tx.query(sql.unsafe`
    DELETE FROM ${sql.identifier([tx.globalSchema, 'inbox'])} WHERE received_at < now() - interval '90 days'`)

/** Rows that a request holds are left for the next turn. */
const pruneKeys = (tx: TenantTx | GlobalTx) =>
  tx.query(sql.unsafe`
    DELETE FROM idempotency_keys WHERE (user_id, operation, key) IN (
      SELECT user_id, operation, key FROM idempotency_keys WHERE created_at < now() - interval '24 hours'
      FOR UPDATE SKIP LOCKED)`)

/** Forgets, hour by hour, what was only kept for a time: published events, handled event ids, stored replies. */
export const pruneOldRows = (service: ServiceName, deps: Deps, reader: OutboxReader): Job[] => [
  startJob(deps, 'prune events', hourMs, async () => {
    await reader.prune(outboxHours)
    await deps.database.inGlobal(pruneInbox)
  }),
  service === 'identity'
    ? startJob(deps, 'prune stored replies', hourMs, async () => {
        await deps.database.inGlobal(pruneKeys)
      })
    : startHospitalJob(deps, 'prune stored replies', {
        everyMs: hourMs,
        hospitals: () => provisionedTenants(deps, service),
        work: async (tenantId) => {
          await deps.database.inTenant(systemContext(tenantId, 'prune'), pruneKeys)
        },
      }),
]
