import { PatientState } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'

export const patientStates = table('patient_states', PatientState, { made: ['id', 'version'] })
const columns = patientStates.columns()

export function listStates(
  tx: TenantTx,
  patientId: number,
  status: PatientState['status'] | undefined,
  beforeId: number | null,
  limit: number,
): Promise<readonly PatientState[]> {
  const conditions = [
    sql.fragment`patient_id = ${patientId}`,
    ...(status === undefined ? [] : [sql.fragment`status = ${status}`]),
    ...(beforeId === null ? [] : [sql.fragment`id < ${beforeId}`]),
  ]
  return tx.any(sql.type(PatientState)`
    SELECT ${columns} FROM patient_states WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY id DESC LIMIT ${limit}`)
}

/** The state, and nobody else changes it until the commit. */
export const lockState = (tx: TenantTx, id: number): Promise<PatientState | null> =>
  tx.maybeOne(sql.type(PatientState)`SELECT ${columns} FROM patient_states WHERE id = ${id} FOR NO KEY UPDATE`)
