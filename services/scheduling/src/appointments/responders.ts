import { listPatientAppointments, systemContext } from '@hospital/contracts'
import type { Deps, Running } from '@hospital/service'
import { listOfPatient } from './queries.ts'

/** Answers clinical, which shows appointments in the timeline of a patient. */
export const respondPatientAppointments = ({ database, messaging }: Deps): Running =>
  messaging.respond(listPatientAppointments, ({ tenant_id, patient_id, before, limit }, { requestId, traceparent }) =>
    database.inTenant(systemContext(tenant_id, requestId ?? '', traceparent), async (tx) => ({
      appointments: [...(await listOfPatient(tx, patient_id, before, limit))],
    })),
  )
