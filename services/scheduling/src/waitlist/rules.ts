import type { FieldError } from '@hospital/contracts'
import type { Interval } from '../availability/interval-rules.ts'

const farthestMs = 10 * 366 * 86_400_000

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
