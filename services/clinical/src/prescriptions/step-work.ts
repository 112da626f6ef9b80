import { decideStep, type Prescription, prescriptionSteps, problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { resolveAlertsOfPrescription } from '../alerts/alert-work.ts'
import { announcePrescription } from './prescribing-work.ts'
import * as queries from './queries.ts'

type Step = 'hold' | 'resume' | 'discontinue' | 'ask' | 'answer' | 'refuse'

export const hasOpenQuestion = ({ questions }: Pick<Prescription, 'questions'>): boolean =>
  questions.some(({ answer }) => answer === null)

/**
 * Moves a prescription to another status, keeps who did it and why, and tells it. What has ended has no open alerts.
 * @throws problem `illegal-transition`, or `open-question` where it would be resumed without the answer
 */
export async function takeStep(
  tx: TenantTx,
  current: Prescription,
  step: Step,
  reason: string | null,
  now: Date,
): Promise<Prescription> {
  const { to: status, event } = decideStep(prescriptionSteps, current.status, step)
  if (step === 'resume' && hasOpenQuestion(current)) throw problem('open-question')
  await queries.setStatus(tx, current, { status, reason, isRefusal: step === 'refuse', at: now.toISOString() })
  if (status === 'discontinued') await resolveAlertsOfPrescription(tx, current.id, now.toISOString())
  return announcePrescription(tx, current.id, event)
}
