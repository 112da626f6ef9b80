import { Nullable, PatientMerge, PatientStatus } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { lockPatients, type Patient, updatePatient } from './queries.ts'
import { clinicalTextsOf, decideMerge, decideUnmerge, mergedTexts, restoredTexts } from './rules.ts'

const Texts = Type.Object({
  medical_history: Nullable(Type.String()),
  allergies: Nullable(Type.String()),
  current_medications: Nullable(Type.String()),
})
const Before = Type.Object({ status: PatientStatus, survivor: Texts, duplicate: Texts })
/** `before` and `after` are what an undoing needs. */
const LedgerRow = Type.Composite([Type.Omit(PatientMerge, ['rows']), Type.Object({ before: Before, after: Texts })])
const ledger = table('patient_merges', LedgerRow, {
  made: ['id', 'merged_at', 'unmerge_reason', 'unmerged_by', 'unmerged_at'],
})

/** The two charts of a merge, both locked. */
interface Pair {
  survivor: Patient
  duplicate: Patient | undefined
  /** The survivor's, for If-Match. */
  version: number
}

/** Locks survivor and duplicate; null when the survivor is not there. */
export async function lockPair(tx: TenantTx, survivorId: number, duplicateId: number): Promise<Pair | null> {
  const rows = await lockPatients(tx, [survivorId, duplicateId])
  const survivor = rows.find((row) => row.id === survivorId)
  const duplicate = rows.find((row) => row.id === duplicateId)
  return survivor ? { survivor, duplicate, version: survivor.version } : null
}

interface Act {
  duplicateId: number
  reason: string
  userId: number
}

const Moved = Type.Object({ moved: Type.Integer() })

/** Makes two charts one: the ledger first, then the pointer, then the rows, all in the caller's transaction. */
export async function mergePair(tx: TenantTx, pair: Pair, { duplicateId, reason, userId }: Act): Promise<Patient> {
  const { survivor } = pair
  const duplicate = decideMerge(survivor, pair.duplicate, duplicateId)
  const texts = { survivor: clinicalTextsOf(survivor), duplicate: clinicalTextsOf(duplicate) }
  const after = mergedTexts(texts.survivor, texts.duplicate)
  const merge = await ledger.insert(tx, {
    survivor_id: survivor.id,
    duplicate_id: duplicate.id,
    reason,
    merged_by: userId,
    before: { status: duplicate.status, ...texts },
    after,
  })
  // A deceased duplicate keeps its date of death; whoever reads it sees where it points.
  const status = duplicate.status === 'deceased' ? 'deceased' : 'inactive'
  await updatePatient(tx, duplicate, { status, merged_into: survivor.id })
  await tx.oneFirst(sql.type(Moved)`SELECT move_merged_rows(${merge.id}) AS moved`)
  return updatePatient(tx, survivor, after)
}

/** Makes them two again: exactly the rows that the merge brought, and those written under the duplicate's id since. */
export async function unmergePair(tx: TenantTx, pair: Pair, { duplicateId, reason, userId }: Act): Promise<Patient> {
  const { survivor } = pair
  const duplicate = decideUnmerge(survivor, pair.duplicate, duplicateId)
  const merge = await tx.one(sql.type(LedgerRow)`
    SELECT ${ledger.columns()} FROM patient_merges
    WHERE duplicate_id = ${duplicate.id} AND survivor_id = ${survivor.id} AND unmerged_at IS NULL`)
  await tx.oneFirst(sql.type(Moved)`SELECT return_merged_rows(${merge.id}) AS moved`)
  await updatePatient(tx, duplicate, { status: merge.before.status, merged_into: null })
  await tx.query(sql.unsafe`
    UPDATE patient_merges SET unmerge_reason = ${reason}, unmerged_by = ${userId}, unmerged_at = now() WHERE id = ${merge.id}`)
  return updatePatient(tx, survivor, restoredTexts(clinicalTextsOf(survivor), merge.before.survivor, merge.after))
}

const shown = table('patient_merges', Type.Omit(PatientMerge, ['rows']), { made: [] })

/** The merges of a patient, newest first; one row more than `limit`. */
export const listMerges = (tx: TenantTx, patientId: number, limit: number, beforeId: number | null) =>
  tx.any(sql.type(PatientMerge)`
    SELECT ${shown.columns('m')},
      (SELECT count(*) FROM patient_merge_rows r WHERE r.merge_id = m.id) AS rows
    FROM patient_merges m
    WHERE (survivor_id = ${patientId} OR duplicate_id = ${patientId}) AND (${beforeId}::int8 IS NULL OR m.id < ${beforeId})
    ORDER BY m.id DESC LIMIT ${limit + 1}`)
