import { type ChartArea, type RequestContext, worksOn } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx } from '@hospital/database'
import type { CareGuard } from '@hospital/service'
import { findOpenings, isCareRelationRequired } from './queries.ts'

/** Does this person work for all who were ordered something of this kind: the bench, the pharmacy? */
const worksFor = ({ permissions }: RequestContext, area: ChartArea): boolean =>
  area !== 'records' && worksOn[area].some((permission) => permissions.includes(permission))

/** The hospital's rule for opening charts; without the rule everybody with the permission may. */
export const careGuard: CareGuard = async (tx, context, patientIds) => {
  const rows = await findOpenings(tx, context.userId, patientIds)
  return new Map(
    rows.map(({ patient_id, related, broken, prescribed, tested }) => {
      const areas = new Set<ChartArea>()
      if (related || broken) for (const area of ['records', 'prescriptions', 'labs'] as const) areas.add(area)
      if (prescribed && worksFor(context, 'prescriptions')) areas.add('prescriptions')
      if (tested && worksFor(context, 'labs')) areas.add('labs')
      return [patient_id, { areas, brokenGlass: broken && !related }]
    }),
  )
}

/**
 * The rows of a list that this person may see, as a condition on the row's patient and on who wrote it, so that pages are
 * full. A row of the list is what relates bench and pharmacy, so theirs has no such condition.
 */
export async function openRows(
  tx: TenantTx,
  context: RequestContext,
  area: ChartArea,
  row: { patient: Fragment; isOwn: (userId: number) => Fragment },
): Promise<Fragment> {
  if (worksFor(context, area) || !(await isCareRelationRequired(tx))) return sql.fragment`TRUE`
  const related = sql.fragment`${row.patient} IN (SELECT r.patient_id FROM related_patients(${context.userId}) r)`
  return sql.fragment`(${related} OR ${row.isOwn(context.userId)})`
}
