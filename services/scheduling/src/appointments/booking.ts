import { type Problem, problem, type RequestContext } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import type { Interval } from '../availability/interval-rules.ts'
import { listBusy, loadFreeTime, loadSchedule } from '../availability/queries.ts'
import { nearestFree } from '../availability/rules.ts'
import { findStandingPatient } from '../patients/queries.ts'
import { lockCalendars } from './queries.ts'
import { decideBooking, decideConflict, type Refusal } from './rules.ts'

/** Doctor, patient and time that somebody wants, and what must not count as being in the way: the row that moves. */
export interface Wish {
  doctorId: number
  patientId: number
  start: number
  durationMinutes: number
  overbookReason: string | null
  except: readonly number[]
}

const minuteMs = 60_000
const dayMs = 86_400_000
const iso = (at: number): string => new Date(at).toISOString()

export const spanOf = (wish: Pick<Wish, 'start' | 'durationMinutes'>): Interval => ({
  start: wish.start,
  end: wish.start + wish.durationMinutes * minuteMs,
})

/** The three free times nearest to the wished one, for doctor and patient alike; looks farther when the week is full. */
export async function findAlternatives(tx: TenantTx, wish: Omit<Wish, 'overbookReason'>, now: Date, count = 3) {
  const durationMs = wish.durationMinutes * minuteMs
  const search = async (days: number) => {
    const earliest = Math.max(wish.start - days * dayMs, now.getTime())
    const span = { start: earliest, end: Math.max(wish.start, earliest) + days * dayMs }
    const who = { doctorId: wish.doctorId, patientId: wish.patientId, except: wish.except }
    const { free } = await loadFreeTime(tx, who, span)
    return nearestFree(free, wish.start, durationMs, count)
  }
  let found = await search(7)
  if (found.length < count) found = await search(60)
  return found.map(({ start, end }) => ({
    doctor_id: wish.doctorId,
    appointment_date: iso(start),
    duration_minutes: wish.durationMinutes,
    start: iso(start),
    end: iso(end),
  }))
}

const toProblem = (refusal: Refusal, extensions?: Record<string, unknown>): Problem =>
  problem(refusal.code, {
    ...(refusal.detail ? { detail: refusal.detail } : {}),
    ...(refusal.errors ? { errors: refusal.errors } : {}),
    ...(extensions ? { extensions } : {}),
  })

/** Throws what the rules say about people and hours. */
async function assertAllowed(
  tx: TenantTx,
  wish: Wish,
  patientStatus: string | null,
  context: RequestContext,
  now: Date,
) {
  const wanted = spanOf(wish)
  const { doctorStatus, hours, timeOff } = await loadSchedule(tx, wish.doctorId, wanted)
  const refusal = decideBooking({
    wanted,
    now: now.getTime(),
    doctorStatus,
    patientStatus,
    hours,
    timeOff,
    overbooked: wish.overbookReason !== null,
    mayOverbook: context.permissions.includes('appointments.overbook'),
  })
  if (refusal === null) return
  const helps = refusal.code === 'outside-working-hours' || refusal.detail === 'The doctor is away then.'
  throw toProblem(refusal, helps ? { alternatives: await findAlternatives(tx, wish, now) } : undefined)
}

/** Throws when doctor or patient have something else at that time, with the nearest free times. */
export async function assertFree(tx: TenantTx, wish: Wish, now: Date): Promise<void> {
  if (wish.overbookReason !== null) return
  const busy = await listBusy(tx, wish.doctorId, wish.patientId, spanOf(wish), wish.except)
  const refusal = decideConflict(busy, wish.doctorId)
  if (refusal !== null) throw toProblem(refusal, { alternatives: await findAlternatives(tx, wish, now) })
}

/**
 * Settles that a wish can be written now. Most refusals are found before the calendars are locked, so that a crowd
 * after one slot is turned away side by side; the rest under the lock. Answers the patient as they stand now.
 * @throws the problem that stands against it
 */
export async function claimTime(tx: TenantTx, asked: Wish, context: RequestContext, now: Date): Promise<Wish> {
  const patient = await findStandingPatient(tx, asked.patientId)
  const wish = { ...asked, patientId: patient?.id ?? asked.patientId }
  await assertAllowed(tx, wish, patient?.status ?? null, context, now)
  await assertFree(tx, wish, now)
  await lockCalendars(tx, { doctors: [wish.doctorId], patients: [wish.patientId] })
  await assertAllowed(tx, wish, patient?.status ?? null, context, now)
  await assertFree(tx, wish, now)
  return wish
}

/** The same when the calendars are locked already: several changes in one transaction. */
export async function claimTimeLocked(tx: TenantTx, wish: Wish, context: RequestContext, now: Date): Promise<Wish> {
  const patient = await findStandingPatient(tx, wish.patientId)
  await assertAllowed(tx, wish, patient?.status ?? null, context, now)
  await assertFree(tx, wish, now)
  return wish
}
