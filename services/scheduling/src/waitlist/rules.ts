import {
  decideStep,
  type FieldError,
  illegalTransition,
  type Static,
  type WaitlistEntry,
  waitlistSteps,
} from '@hospital/contracts'
import { farthestMs, type Interval } from '../availability/interval-rules.ts'

type Answerable = Pick<Static<typeof WaitlistEntry>, 'status' | 'offer'>

/**
 * The step that answers an offer, and the offer.
 * @throws problem `offer-gone` when there is none that can still be answered
 */
export function decideAnswer<Name extends 'accept' | 'decline'>(
  { status, offer }: Answerable,
  name: Name,
  now: number,
) {
  const step = decideStep(waitlistSteps, status, name)
  if (offer === null || Date.parse(offer.expires_at) <= now) {
    throw illegalTransition(waitlistSteps, status, 'Nobody answered the offer in time.', 'offer-gone')
  }
  return { step, offer }
}

/** What is wrong with the time that somebody waits for. */
export function findWindowErrors({ start, end }: Interval, durationMinutes: number, now: number): FieldError[] {
  if (end <= start) return [{ pointer: '/to', detail: 'must be after from' }]
  if (end <= now) return [{ pointer: '/to', detail: 'must be in the future' }]
  if (end > now + farthestMs) return [{ pointer: '/to', detail: 'must be within ten years' }]
  if (start < now - farthestMs) return [{ pointer: '/from', detail: 'must be within ten years' }]
  if (end - start < durationMinutes * 60_000) {
    return [{ pointer: '/duration_minutes', detail: 'must fit between from and to' }]
  }
  return []
}
