import { Allergy, AllergyAttestation, Nullable, type Static } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { actor } from '../references.ts'

export const allergies = table('allergies', Allergy, { made: ['id', 'created_at', 'updated_at', 'version'] })
const columns = allergies.columns()

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

const AllergyText = Type.Object({ allergies: Nullable(Type.String()) })

/** The free text about allergies in the patient's chart. */
export const getAllergyText = (tx: TenantTx, patientId: number): Promise<string | null> =>
  tx.oneFirst(sql.type(AllergyText)`SELECT allergies FROM patients WHERE id = ${patientId}`)

const Count = Type.Object({ count: Type.Integer() })

export const countActive = (tx: TenantTx, patientId: number): Promise<number> =>
  tx.oneFirst(sql.type(Count)`
    SELECT count(*) AS count FROM allergies WHERE patient_id = ${patientId} AND status = 'active'`)

type Attestation = Static<typeof AllergyAttestation>
const attestations = table('allergy_attestations', Type.Omit(AllergyAttestation, ['no_known_allergies']), {
  made: ['id', 'version'],
})

const toAttestation = (row: Omit<Attestation, 'no_known_allergies'>): Attestation => ({
  ...row,
  no_known_allergies: true,
})

/** The attestation in force: not ended, and no allergy is active (a merge may have brought one). */
export async function findAttestation(tx: TenantTx, patientId: number): Promise<Attestation | null> {
  const row = await tx.maybeOne(sql.type(attestations.row)`
    SELECT ${attestations.columns('a')} FROM allergy_attestations a
    WHERE patient_id = ${patientId} AND ended_at IS NULL
      AND NOT EXISTS (SELECT FROM allergies g WHERE g.patient_id = a.patient_id AND g.status = 'active')
    ORDER BY id DESC LIMIT 1`)
  return row && toAttestation(row)
}

export const insertAttestation = async (tx: TenantTx, patientId: number, at: string): Promise<Attestation> =>
  toAttestation(await attestations.insert(tx, { patient_id: patientId, attested_by: actor(tx), attested_at: at }))
