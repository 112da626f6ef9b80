import { CheckDecision, Nullable, type Static } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { actor } from '../references.ts'
import type { Ask } from './findings-rules.ts'

const Row = Type.Object({
  id: Type.Integer(),
  patient_id: Type.Integer(),
  ...Type.Pick(CheckDecision, ['check', 'part', 'reason', 'decided_by', 'decided_at']).properties,
  entry: CheckDecision.properties.entry.properties.kind,
  allergy_id: Nullable(Type.Integer()),
  entry_text: Type.String(),
})
const decisions = table('check_decisions', Row, { made: ['id'] })

const Entry = Type.Object({ ...Type.Pick(CheckDecision, ['part', 'entry']).properties, entry_text: Type.String() })

/** The decisions of a patient as one JSON column of another query: what a check needs of them. */
export const standing = {
  row: Entry,
  of: (patient: Fragment): Fragment => sql.fragment`
    coalesce((SELECT jsonb_agg(jsonb_build_object('part', d.part, 'entry_text', d.entry_text,
      'entry', jsonb_build_object('kind', d.entry, 'id', d.allergy_id)))
    FROM check_decisions d WHERE d.patient_id = ${patient}), '[]')`,
}

/** Every decision about this patient, oldest first, with the entry as it read then. */
export async function listDecisions(tx: TenantTx, patientId: number) {
  const rows = await tx.any(sql.type(Row)`
    SELECT ${decisions.columns()} FROM check_decisions WHERE patient_id = ${patientId} ORDER BY id`)
  return rows.map(({ patient_id: _patient, entry, allergy_id, ...row }) => ({
    ...row,
    entry: { kind: entry, id: allergy_id },
  }))
}

/** Keeps what somebody decided about a part, on the entry as it reads now. */
export function insertDecision(
  tx: TenantTx,
  patientId: number,
  { part, entry }: Ask,
  decided: { reason: string; entryText: string; at: string },
): Promise<Static<typeof Row>> {
  return decisions.insert(tx, {
    patient_id: patientId,
    check: 'allergy',
    part,
    reason: decided.reason,
    decided_by: actor(tx),
    decided_at: decided.at,
    entry: entry.kind,
    allergy_id: entry.id,
    entry_text: decided.entryText,
  })
}
