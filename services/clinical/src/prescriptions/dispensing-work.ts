import {
  type BodyOf,
  type dispensePrescription,
  illegalTransition,
  type Prescription,
  prescriptionDispensed,
  prescriptionSteps,
  prescriptionUpdated,
  problem,
} from '@hospital/contracts'
import { onConstraint, type TenantTx } from '@hospital/database'
import { getSettings } from '../clinical-settings/queries.ts'
import { actor } from '../references.ts'
import { listAnswered, loadChart } from './chart-queries.ts'
import { unansweredConflicts } from './check-rules.ts'
import { hasWords } from './decision-rules.ts'
import { announcePrescription, answerChecks, check } from './prescribing-work.ts'
import * as queries from './queries.ts'
import { decideDispense } from './rules.ts'
import { refuseExpired, tooEarlyUntil } from './supply-rules.ts'

type Body = BodyOf<typeof dispensePrescription>

/**
 * Is it handed out before the fill before it is nearly used up, for a reason?
 * @throws problem `fill-too-early` without a reason, `prescription-expired`, or `not-verified` where the hospital asks for it
 */
async function decideFill(tx: TenantTx, current: Prescription, body: Body, now: Date): Promise<boolean> {
  const limits = await getSettings(tx)
  if (limits.pharmacist_verifies_first && current.verified_at === null) throw problem('not-verified')
  refuseExpired(current, limits, now)
  const dueFrom = tooEarlyUntil(current, await queries.listHandedOut(tx, current.id), body.quantity, limits, now)
  if (dueFrom !== null && !hasWords(body.override_reason)) {
    throw problem('fill-too-early', {
      detail: `One fill at a time: so much is due from ${dueFrom}.`,
      extensions: { due_from: dueFrom },
    })
  }
  return dueFrom !== null
}

/** Hands out a part or all of what is left, and checks the drug again. */
export async function dispense(tx: TenantTx, current: Prescription, body: Body, now: Date): Promise<Prescription> {
  const at = now.toISOString()
  const status = decideDispense(current, body.quantity)
  const isEarly = await decideFill(tx, current, body, now)
  const chart = await loadChart(tx, current.patient_id)
  const found = check(chart, current, current.id)
  const answered = await listAnswered(tx, current.id)
  const checks = await answerChecks(tx, { patientId: current.patient_id, chart, checks: found, at }, answered, body)
  const isOverride = isEarly || unansweredConflicts(checks, answered).length > 0
  const limit = () => problem('dispense-limit')
  const ended = () => illegalTransition(prescriptionSteps, current.status)
  await onConstraint({ prescriptions_dispense_limit: limit, dispenses_active_prescription: ended }, () =>
    queries.dispenses.insert(tx, {
      prescription_id: current.id,
      quantity: body.quantity,
      dispensed_by: actor(tx),
      dispensed_at: at,
      notes: body.notes ?? null,
      checks,
      override_reason: isOverride ? (body.override_reason ?? null) : null,
      early: isEarly,
    }),
  )
  if (status === 'completed') {
    await queries.setStatus(tx, current, { status, reason: 'all dispensed', at })
    return announcePrescription(tx, current.id, prescriptionUpdated, prescriptionDispensed)
  }
  await queries.prescriptions.update(tx, current, { updated_at: at })
  return announcePrescription(tx, current.id, prescriptionDispensed)
}
