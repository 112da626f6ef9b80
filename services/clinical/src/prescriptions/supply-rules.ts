import { type Prescription, problem } from '@hospital/contracts'
import { identifyDrug } from './drug-name-rules.ts'
import { controlledDrugs } from './knowledge/controlled-drugs.ts'
import { computeDays } from './quantity-rules.ts'

const dayMs = 86_400_000

type NamedDrug = Pick<Prescription, 'medication_name' | 'rxnorm_code'>

/**
 * Does a revision name another drug, so that its supply begins anew? Only where both are understood and share no
 * substance: another strength, brand or spelling continues the supply.
 */
export function isOtherDrug(before: NamedDrug, after: NamedDrug): boolean {
  const [old, revised] = [identifyDrug(before), identifyDrug(after)]
  const isUnderstood = [old, revised].every(
    ({ ingredients, unknown }) => ingredients.length > 0 && unknown.length === 0,
  )
  return isUnderstood && !old.ingredients.some((ingredient) => revised.ingredients.includes(ingredient))
}

/** How a hospital limits supply: see `/api/clinical-settings`. */
export interface SupplyLimits {
  early_refill_days: number
  prescription_valid_months: number
  controlled_valid_days: number
}

const isControlled = (drug: NamedDrug): boolean =>
  identifyDrug(drug).ingredients.some(({ name }) => controlledDrugs.has(name))

/** The same day so many months later; the last of the month where there is no such day. */
function addMonths(date: Date, months: number): Date {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const later = new Date(date)
  later.setUTCFullYear(year, month, Math.min(date.getUTCDate(), lastDay))
  return later
}

/** The last day (`2026-12-24`) on which a prescription can be handed out. */
export function lastValidDay(
  prescription: NamedDrug & Pick<Prescription, 'prescribed_date'>,
  limits: SupplyLimits,
): string {
  const from = new Date(prescription.prescribed_date)
  const end = isControlled(prescription)
    ? new Date(from.getTime() + limits.controlled_valid_days * dayMs)
    : addMonths(from, limits.prescription_valid_months)
  return end.toISOString().slice(0, 10)
}

/** @throws problem `prescription-expired` with `valid_until` */
export function refuseExpired(
  prescription: NamedDrug & Pick<Prescription, 'prescribed_date'>,
  limits: SupplyLimits,
  now: Date,
): void {
  const until = lastValidDay(prescription, limits)
  if (now.toISOString().slice(0, 10) <= until) return
  throw problem('prescription-expired', {
    detail: `It was valid until ${until}. The prescriber renews it.`,
    extensions: { valid_until: until },
  })
}

/** What was handed out of a supply: over the prescription and what it revises, in order. */
export interface HandedOut {
  quantity: number
  dispensed_at: string
}

/**
 * When a hand-out would be too early: the day from which it is not; null where it is not. One fill at a time: the rest of
 * the fill that was begun is free, the next one begins when what was handed out is nearly used up, that is
 * `early_refill_days` before its end, at most a quarter of the fill. Without days nothing is known of an interval.
 */
export function tooEarlyUntil(
  order: Parameters<typeof computeDays>[0] & Pick<Prescription, 'quantity'>,
  handedOut: readonly HandedOut[],
  wanted: number,
  limits: SupplyLimits,
  now: Date,
): string | null {
  const days = computeDays(order)
  if (days === null || order.quantity === null) return null
  const fill = order.quantity
  const total = handedOut.reduce((sum, { quantity }) => sum + quantity, 0)
  const left = total % fill === 0 ? 0 : fill - (total % fill)
  const isNewFill = total > 0 && wanted > left
  const atOnce = total === 0 ? fill : left + fill
  const unitMs = (days * dayMs) / fill
  const usedUp = (given: readonly HandedOut[]) =>
    given.reduce((end, { quantity, dispensed_at }) => Math.max(end, Date.parse(dispensed_at)) + quantity * unitMs, 0)
  const earlyMs = Math.min(limits.early_refill_days, Math.floor(days / 4)) * dayMs
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const from = usedUp(handedOut) - earlyMs
  if (isNewFill && dayOf(now.getTime()) < dayOf(from)) return dayOf(from)
  if (wanted <= atOnce) return null
  // More than one fill at once: the rest when the first of them is nearly used up.
  return dayOf(usedUp([...handedOut, { quantity: atOnce, dispensed_at: now.toISOString() }]) - earlyMs)
}
