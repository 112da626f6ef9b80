import { type DataOf, Nullable, type patientUpdated } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'

export type PatientFacts = DataOf<typeof patientUpdated>

const PatientRow = Type.Object({
  id: Type.Integer(),
  status: Type.String(),
  merged_into: Nullable(Type.Integer()),
  version: Type.Integer(),
})

/** What scheduling knows of a patient. */
export const findPatient = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(PatientRow)`SELECT id, status, merged_into, version FROM patients WHERE id = ${id}`)

/** The patient who stands for this id now: both ids of a merge keep resolving. */
export const findStandingPatient = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(PatientRow)`
    WITH RECURSIVE chain AS (
      SELECT id, status, merged_into, version, 1 AS depth FROM patients WHERE id = ${id}
      UNION ALL
      SELECT p.id, p.status, p.merged_into, p.version, chain.depth + 1
      FROM patients p JOIN chain ON p.id = chain.merged_into WHERE chain.depth < 20
    )
    SELECT id, status, merged_into, version FROM chain ORDER BY depth DESC LIMIT 1`)

/** Writes what clinical says of a patient; only a newer version changes anything. Answers whether it did. */
export async function storePatient(tx: TenantTx, patient: PatientFacts): Promise<boolean> {
  const result = await tx.query(sql.unsafe`
    INSERT INTO patients AS p (id, patient_number, first_name, last_name, status, merged_into, version)
    VALUES (${patient.id}, ${patient.patient_number}, ${patient.first_name}, ${patient.last_name}, ${patient.status},
            ${patient.merged_into}, ${patient.version})
    ON CONFLICT (id) DO UPDATE
      SET patient_number = excluded.patient_number, first_name = excluded.first_name, last_name = excluded.last_name,
          status = excluded.status, merged_into = excluded.merged_into, version = excluded.version
      WHERE p.version < excluded.version`)
  return result.rowCount === 1
}

const Versions = Type.Object({ rows: Type.String() })

/** `id:version` of every patient, to compare with clinical's. */
export const listPatientVersions = (tx: TenantTx): Promise<string> =>
  tx.oneFirst(
    sql.type(Versions)`SELECT coalesce(string_agg(id || ':' || version, ',' ORDER BY id), '') AS rows FROM patients`,
  )
