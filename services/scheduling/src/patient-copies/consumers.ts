import { getPatientFacts, listPatientFacts, patientCreated, patientUpdated } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import {
  type Consuming,
  type Copies,
  consumeOnce,
  type Deps,
  ensurePeople,
  type FetchPerson,
  fetchCopy,
} from '@hospital/service'
import { moveToSurvivor, returnToDuplicate } from './merge-work.ts'
import { type Patient, patients } from './queries.ts'

/** Writes a newer version of a patient, and follows a merge or its undoing. The surviving patient must be known. */
async function learn(tx: TenantTx, patient: Patient): Promise<void> {
  if (!(await patients.storeNewer(tx, patient))) return
  if (patient.merged_into !== null) await moveToSurvivor(tx, patient.id, patient.merged_into)
  else await returnToDuplicate(tx, patient.id)
}

type CopyDeps = Pick<Deps, 'database' | 'messaging'>

/** Clinical's patients, as they are here. */
export function patientCopies(deps: CopyDeps): Copies<Patient> {
  const { database, messaging } = deps
  return {
    name: 'patients',
    table: 'patients',
    ask: ({ tenantId, requestId, traceparent }, id) =>
      messaging.request(getPatientFacts, { tenant_id: tenantId, patient_id: id }, { requestId, traceparent }),
    list: async (page) => {
      const answer = await messaging.request(listPatientFacts, page)
      return { facts: answer.patients, checksum: answer.checksum }
    },
    // Whatever moves goes to somebody who is here.
    prepare: async (context, { merged_into: id }) => {
      if (id === null) return
      await ensurePeople(database, { patient: fetchPatient(deps) }, context, [{ kind: 'patient', id }])
    },
    store: learn,
  }
}

/** Asks clinical for a patient whose event has not arrived yet, so that one registered a moment ago can be booked. */
export const fetchPatient =
  (deps: CopyDeps): FetchPerson =>
  (context, id) =>
    fetchCopy(deps, patientCopies(deps), context, id)

/** Keeps the copy of clinical's patients true. */
export function consumePatients(deps: Deps): Consuming {
  const copies = patientCopies(deps)
  return consumeOnce(deps, {
    durable: 'scheduling-patients',
    stream: 'CLINICAL',
    events: [patientCreated, patientUpdated],
    prepare: async ({ data }, context) => copies.prepare?.(context, data),
    write: (tx, event) => copies.store(tx, event.data),
  })
}
