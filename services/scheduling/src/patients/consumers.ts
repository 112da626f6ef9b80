import {
  getPatientFacts,
  patientCreated,
  patientUpdated,
  type RequestContext,
  systemContext,
} from '@hospital/contracts'
import { DatabaseUnavailable, inbox } from '@hospital/database'
import type { Deps } from '@hospital/service'
import { findPatient, storePatient } from './queries.ts'

const durable = 'scheduling-patients'

/** Keeps the copy of clinical's patients true. */
export const consumePatients = (deps: Deps) =>
  deps.messaging.consume({
    durable,
    stream: 'CLINICAL',
    events: [patientCreated, patientUpdated],
    isOutage: (error) => error instanceof DatabaseUnavailable,
    handle: async (event) => {
      const context = systemContext(event.tenantid, event.requestid, event.traceparent)
      await deps.database.inTenant(context, async (tx) => {
        if (await inbox(tx, durable, event.id)) await storePatient(tx, event.data)
      })
    },
  })

/**
 * Asks clinical for a patient whose event has not arrived yet, so that a patient registered a moment ago can be booked;
 * for a step before the transaction.
 */
export async function ensurePatient(deps: Deps, context: RequestContext, patientId: number): Promise<void> {
  const known = await deps.database.inTenant(context, (tx) => findPatient(tx, patientId))
  if (known !== null) return
  const patient = await deps.messaging.request(
    getPatientFacts,
    { tenant_id: context.tenantId, patient_id: patientId },
    { requestId: context.requestId, traceparent: context.traceparent },
  )
  if (patient !== null) await deps.database.inTenant(context, (tx) => storePatient(tx, patient))
}
