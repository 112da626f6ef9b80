import {
  clinicalProvisioned,
  type EventContract,
  schedulingProvisioned,
  systemContext,
  tenantCreated,
  tenantUpdated,
} from '@hospital/contracts'
import { appendEvent, DatabaseUnavailable, inbox } from '@hospital/database'
import { type Deps, type Running, startJob } from '@hospital/service'
import { activateIfProvisioned, listLateTenants, markProvisioned } from './queries.ts'
import { tenantFacts } from './routes.ts'

/** A service has a hospital's schema; with the last one the hospital becomes active. */
function consumeProvisioned(
  { database, messaging }: Deps,
  stream: 'CLINICAL' | 'SCHEDULING',
  contract: EventContract,
): Running {
  const durable = `identity-${contract.service}-provisioned`
  return messaging.consume({
    durable,
    stream,
    events: [contract],
    isOutage: (error) => error instanceof DatabaseUnavailable,
    handle: async (event) => {
      const context = systemContext(event.tenantid, event.requestid, event.traceparent)
      await database.inGlobal(async (tx) => {
        if (!(await inbox(tx, durable, event.id))) return
        await markProvisioned(tx, event.tenantid, contract.service)
        const tenant = await activateIfProvisioned(tx, event.tenantid)
        if (tenant) await appendEvent(tx, tenantUpdated, { id: tenant.id, data: tenantFacts(tenant), context })
      })
    },
  })
}

export const consumeProvisionings = (deps: Deps): Running[] => [
  consumeProvisioned(deps, 'CLINICAL', clinicalProvisioned),
  consumeProvisioned(deps, 'SCHEDULING', schedulingProvisioned),
]

const aMinuteMs = 60_000

/** Asks again for schemas that are late: making one twice changes nothing. */
export const retryProvisioning = ({ database, log }: Deps): Running =>
  startJob('ask again for late schemas', aMinuteMs, log, () =>
    database.inGlobal(async (tx) => {
      for (const tenant of await listLateTenants(tx)) {
        const context = systemContext(tenant.id, `provision-${tenant.id}`)
        await appendEvent(tx, tenantCreated, { id: tenant.id, data: tenantFacts(tenant), context })
      }
    }),
  )
