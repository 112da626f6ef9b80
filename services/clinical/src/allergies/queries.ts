import { Allergy, AllergyAttestation, type Static } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'

const columns = sql.fragment`id, patient_id, substance, code, reaction, severity, status, source, entered_by, created_at,
  updated_at, version`

export function listAllergies(
  tx: TenantTx,
  patientId: number,
  status: Allergy['status'] | undefined,
  beforeId: number | null,
  limit: number,
): Promise<readonly Allergy[]> {
  const conditions = [
    sql.fragment`patient_id = ${patientId}`,
    ...(status === undefined ? [] : [sql.fragment`status = ${status}`]),
    ...(beforeId === null ? [] : [sql.fragment`id < ${beforeId}`]),
  ]
  return tx.any(sql.type(Allergy)`
    SELECT ${columns} FROM allergies WHERE ${sql.join(conditions, sql.fragment` AND `)} ORDER BY id DESC LIMIT ${limit}`)
}

/** The allergy, and nobody else changes it until the commit. */
export const lockAllergy = (tx: TenantTx, id: number): Promise<Allergy | null> =>
  tx.maybeOne(sql.type(Allergy)`SELECT ${columns} FROM allergies WHERE id = ${id} FOR NO KEY UPDATE`)

export type AllergyContent = Pick<Allergy, 'substance' | 'code' | 'reaction' | 'severity' | 'status'>

export const insertAllergy = (tx: TenantTx, patientId: number, content: AllergyContent, at: string): Promise<Allergy> =>
  tx.one(sql.type(Allergy)`
    INSERT INTO allergies (patient_id, substance, code, reaction, severity, status, entered_by, created_at, updated_at)
    VALUES (${patientId}, ${content.substance}, ${content.code}, ${content.reaction}, ${content.severity}, ${content.status},
      (SELECT id FROM staff WHERE id = ${tx.context.userId}), ${at}, ${at})
    RETURNING ${columns}`)

export const updateAllergy = (tx: TenantTx, id: number, content: AllergyContent, at: string): Promise<Allergy> =>
  tx.one(sql.type(Allergy)`
    UPDATE allergies SET substance = ${content.substance}, code = ${content.code}, reaction = ${content.reaction},
      severity = ${content.severity}, status = ${content.status}, updated_at = ${at}, version = version + 1
    WHERE id = ${id} RETURNING ${columns}`)

const Count = Type.Object({ count: Type.Integer() })

export const countActive = (tx: TenantTx, patientId: number): Promise<number> =>
  tx.oneFirst(sql.type(Count)`
    SELECT count(*) AS count FROM allergies WHERE patient_id = ${patientId} AND status = 'active'`)

type Attestation = Static<typeof AllergyAttestation>
const attestationColumns = sql.fragment`id, patient_id, TRUE AS no_known_allergies, attested_by, attested_at, version`

/** The attestation in force: not ended, and no allergy is active (a merge may have brought one). */
export const findAttestation = (tx: TenantTx, patientId: number): Promise<Attestation | null> =>
  tx.maybeOne(sql.type(AllergyAttestation)`
    SELECT ${attestationColumns} FROM allergy_attestations a
    WHERE patient_id = ${patientId} AND ended_at IS NULL
      AND NOT EXISTS (SELECT FROM allergies g WHERE g.patient_id = a.patient_id AND g.status = 'active')
    ORDER BY id DESC LIMIT 1`)

export const insertAttestation = (tx: TenantTx, patientId: number, at: string): Promise<Attestation> =>
  tx.one(sql.type(AllergyAttestation)`
    INSERT INTO allergy_attestations (patient_id, attested_by, attested_at)
    VALUES (${patientId}, (SELECT id FROM staff WHERE id = ${tx.context.userId}), ${at})
    RETURNING ${attestationColumns}`)
