import { getPatientFacts, listPatientFacts, PatientFacts, pick, systemContext } from '@hospital/contracts'
import { sql, table } from '@hospital/database'
import { checksumOfTable, type Deps } from '@hospital/service'
import { findPatient } from './queries.ts'

const facts = table('patients', PatientFacts, { made: [] }).columns()

/** Answers scheduling, which keeps a copy of the patients and asks for those it has not heard of yet. */
export const respondPatientFacts = ({ database, messaging }: Deps) =>
  messaging.respond(getPatientFacts, ({ tenant_id, patient_id }, { requestId, traceparent }) =>
    database.inTenant(systemContext(tenant_id, requestId ?? '', traceparent), async (tx) => {
      const patient = await findPatient(tx, patient_id)
      return patient && pick(PatientFacts, patient)
    }),
  )

/** Answers scheduling's comparison of its copy with what is here. */
export const respondPatientList = ({ database, messaging }: Deps) =>
  messaging.respond(listPatientFacts, ({ tenant_id, after_id, limit }, { requestId, traceparent }) =>
    database.inTenant(systemContext(tenant_id, requestId ?? '', traceparent), async (tx) => {
      const patients = await tx.any(
        sql.type(PatientFacts)`SELECT ${facts} FROM patients WHERE id > ${after_id} ORDER BY id LIMIT ${limit}`,
      )
      return { patients: [...patients], checksum: await checksumOfTable(tx, 'patients') }
    }),
  )
