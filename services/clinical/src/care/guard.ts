import type { CareGuard } from '@hospital/service'
import { isCareRelationRequired, listRelations } from './queries.ts'

/** The hospital's rule for opening charts; without the rule everybody with the permission may. */
export const careGuard: CareGuard = async (tx, context, patientIds) => {
  if (!(await isCareRelationRequired(tx))) return { allowed: new Set(patientIds), brokenGlass: new Set() }
  const relations = await listRelations(tx, context.userId, patientIds)
  return {
    allowed: new Set(relations.filter(({ related, broken }) => related || broken).map((row) => row.patient_id)),
    brokenGlass: new Set(relations.filter(({ related, broken }) => !related && broken).map((row) => row.patient_id)),
  }
}
