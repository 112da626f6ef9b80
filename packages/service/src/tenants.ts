import {
  clinicalProvisioned,
  type RequestContext,
  schedulingProvisioned,
  systemContext,
  tenantCreated,
} from '@hospital/contracts'
import { appendEvent, DatabaseUnavailable, inbox, provisionTenant, sql } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { Deps } from './app.ts'
import { startJob } from './jobs.ts'
import type { Running } from './process.ts'
import { reconcileUsers } from './reference-copies.ts'

type TenantService = 'clinical' | 'scheduling'
const provisioned = { clinical: clinicalProvisioned, scheduling: schedulingProvisioned } as const

/** A new hospital: makes its schema by the path that migrations take, then tells identity. Doing it twice changes nothing. */
export function consumeTenants(service: TenantService, ownerUrl: string, { database, messaging }: Deps): Running {
  const durable = `${service}-tenants`
  return messaging.consume({
    durable,
    stream: 'IDENTITY',
    events: [tenantCreated],
    isOutage: (error) => error instanceof DatabaseUnavailable,
    handle: async (event) => {
      await provisionTenant(ownerUrl, service, event.tenantid)
      const context: RequestContext = systemContext(event.tenantid, event.requestid, event.traceparent)
      await database.inTenant(context, async (tx) => {
        if (!(await inbox(tx, durable, event.id))) return
        await appendEvent(tx, provisioned[service], { id: event.tenantid, data: { id: event.tenantid } })
      })
    },
  })
}

const TenantRow = Type.Object({ id: Type.String() })

/** The hospitals that have a schema in this service. */
export const provisionedTenants = ({ database }: Deps, service: TenantService): Promise<readonly string[]> =>
  database.inGlobal((tx) =>
    tx.anyFirst(sql.type(TenantRow)`SELECT id FROM ${sql.identifier([service, 'tenants'])} ORDER BY id`),
  )

const fiveMinutesMs = 5 * 60_000

/** Every few minutes: do this service's copies of people equal what identity has? */
export const reconcileEverything = (service: TenantService, deps: Deps): Running =>
  startJob('reconcile users', fiveMinutesMs, deps.log, async () => {
    for (const tenantId of await provisionedTenants(deps, service)) {
      const stored = await reconcileUsers(deps, tenantId)
      if (stored > 0) deps.log.info({ tenant: tenantId, stored }, 'reference copies caught up')
    }
  })
