import {
  clinicalProvisioned,
  type EventContract,
  schedulingProvisioned,
  systemContext,
  tenantCreated,
  tenantUpdated,
} from '@hospital/contracts'
import { announce } from '@hospital/database'
import { type Consuming, consumeOnceGlobally, type Deps, type Job, startHospitalJob } from '@hospital/service'
import { activateIfProvisioned, findLateTenant, listLateTenants, markProvisioned, noteAsked } from './queries.ts'

/** A service has a hospital's schema; with the last one the hospital becomes active. */
const consumeProvisioned = (deps: Deps, stream: 'CLINICAL' | 'SCHEDULING', contract: EventContract): Consuming =>
  consumeOnceGlobally(deps, {
    durable: `identity-${contract.service}-provisioned`,
    stream,
    events: [contract],
    write: async (tx, event, context) => {
      await markProvisioned(tx, event.tenantid, contract.service)
      const tenant = await activateIfProvisioned(tx, event.tenantid)
      if (tenant) await announce(tx, tenantUpdated, tenant, context)
    },
  })

export const consumeProvisionings = (deps: Deps): Consuming[] => [
  consumeProvisioned(deps, 'CLINICAL', clinicalProvisioned),
  consumeProvisioned(deps, 'SCHEDULING', schedulingProvisioned),
]

const aMinuteMs = 60_000

/** Asks again for schemas that are late, less and less often: making one twice changes nothing. */
export const retryProvisioning = (deps: Deps): Job =>
  startHospitalJob(deps, 'ask again for late schemas', {
    everyMs: aMinuteMs,
    hospitals: () => deps.database.inGlobal(listLateTenants),
    work: (tenantId) =>
      deps.database.inGlobal(async (tx) => {
        const tenant = await findLateTenant(tx, tenantId)
        if (!tenant) return
        await noteAsked(tx, tenantId)
        await announce(tx, tenantCreated, tenant, systemContext(tenantId, `provision-${tenantId}`))
      }),
  })
