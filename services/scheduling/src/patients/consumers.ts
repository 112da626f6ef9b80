import {
  getPatientFacts,
  listPatientFacts,
  patientCreated,
  patientUpdated,
  type RequestContext,
  systemContext,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import {
  type Consuming,
  checksumOf,
  consumeOnce,
  type Deps,
  type Job,
  provisionedTenants,
  startHospitalJob,
} from '@hospital/service'
import { moveToSurvivor, returnToDuplicate } from './merge.ts'
import { findPatient, listPatientVersions, type PatientFacts, storePatient } from './queries.ts'

/** Writes a newer version of a patient, and follows a merge or its undoing. The surviving patient must be known. */
async function learn(tx: TenantTx, patient: PatientFacts): Promise<void> {
  if (!(await storePatient(tx, patient))) return
  if (patient.merged_into !== null) await moveToSurvivor(tx, patient.id, patient.merged_into)
  else await returnToDuplicate(tx, patient.id)
}

/** Keeps the copy of clinical's patients true. */
export const consumePatients = (deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: 'scheduling-patients',
    stream: 'CLINICAL',
    events: [patientCreated, patientUpdated],
    prepare: async ({ data }, context) => {
      if (data.merged_into !== null) await ensurePatient(deps, context, data.merged_into)
    },
    write: (tx, event) => learn(tx, event.data),
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
  if (patient === null) return
  if (patient.merged_into !== null) await ensurePatient(deps, context, patient.merged_into)
  await deps.database.inTenant(context, (tx) => learn(tx, patient))
}

/** Compares the copy of one hospital with clinical and fetches what differs, for the times when events were lost. */
export async function reconcilePatients(deps: Deps, tenantId: string): Promise<number> {
  const context = systemContext(tenantId, `reconcile-${tenantId}`)
  const mine = checksumOf(await deps.database.inTenant(context, listPatientVersions))
  let stored = 0
  for (let after = 0; ; ) {
    const request = { tenant_id: tenantId, after_id: after, limit: 500 }
    const { patients, checksum } = await deps.messaging.request(listPatientFacts, request)
    if (checksum === mine) return stored
    for (const patient of patients) {
      if (patient.merged_into !== null) await ensurePatient(deps, context, patient.merged_into)
    }
    await deps.database.inTenant(context, async (tx) => {
      for (const patient of patients) await learn(tx, patient)
    })
    stored += patients.length
    const last = patients.at(-1)
    if (!last || patients.length < 500) return stored
    after = last.id
  }
}

const fiveMinutesMs = 5 * 60_000

/** Every few minutes: does the copy of the patients equal what clinical has? */
export const reconcileAllPatients = (deps: Deps): Job =>
  startHospitalJob(deps, 'reconcile patients', {
    everyMs: fiveMinutesMs,
    hospitals: () => provisionedTenants(deps, 'scheduling'),
    work: async (tenantId) => {
      const stored = await reconcilePatients(deps, tenantId)
      if (stored > 0) deps.log.info({ tenant: tenantId, stored }, 'reference copies caught up')
    },
  })
