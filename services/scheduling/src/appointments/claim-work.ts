import { isRefusal, type Problem, type RequestContext, withExtensions } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { type Interval, iso } from '../availability/interval-rules.ts'
import { listBusy, loadFreeTime, loadSchedule } from '../availability/queries.ts'
import { nearestFree } from '../availability/rules.ts'
import { findStandingPatient } from '../patient-copies/queries.ts'
import { lockCalendars } from './queries.ts'
import { decideBooking, decideConflict, decideDate, isAboutTime } from './rules.ts'

/** Doctor, patient and time that somebody wants, and what must not count as being in the way: the row that moves. */
interface Wish {
  doctorId: number
  patientId: number
  start: number
  durationMinutes: number
  overbookReason: string | null
  except: readonly number[]
}

/** A wish, for which patient as they stand, who has it, and when. */
interface Asked {
  wish: Wish
  patientStatus: string | null
  context: RequestContext
  now: Date
}

const minuteMs = 60_000
const dayMs = 86_400_000
/** Nobody is told to come at 17:34:53. */
const gridMs = 5 * minuteMs

export const spanOf = (wish: Pick<Wish, 'start' | 'durationMinutes'>): Interval => ({
  start: wish.start,
  end: wish.start + wish.durationMinutes * minuteMs,
})

/** The three free times nearest to the wished one, for doctor and patient alike; looks farther when the week is full. */
export async function findAlternatives(tx: TenantTx, wish: Omit<Wish, 'overbookReason'>, now: Date, count = 3) {
  const durationMs = wish.durationMinutes * minuteMs
  const search = async (days: number) => {
    const earliest = Math.max(wish.start - days * dayMs, Math.ceil(now.getTime() / gridMs) * gridMs)
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

/** What `decide` refuses with; null when it lets pass. Whatever else goes wrong goes on. */
export async function refusalOf(decide: () => Promise<void> | void): Promise<Problem | null> {
  try {
    await decide()
    return null
  } catch (error) {
    if (isRefusal(error)) return error
    throw error
  }
}

/**
 * What stands against a wish: people and hours first, then what is booked already.
 * @throws the problem
 */
async function decideWish(tx: TenantTx, { wish, patientStatus, context, now }: Asked): Promise<void> {
  const wanted = spanOf(wish)
  decideDate(wish.start, now.getTime())
  const { doctorStatus, hours, timeOff } = await loadSchedule(tx, wish.doctorId, wanted)
  const overbooked = wish.overbookReason !== null
  const mayOverbook = context.permissions.includes('appointments.overbook')
  decideBooking({ wanted, now: now.getTime(), doctorStatus, patientStatus, hours, timeOff, overbooked, mayOverbook })
  if (overbooked) return
  decideConflict(await listBusy(tx, wish.doctorId, wish.patientId, wanted, wish.except), wish.doctorId)
}

async function assertBookable(tx: TenantTx, asked: Asked): Promise<void> {
  const refusal = await refusalOf(() => decideWish(tx, asked))
  if (refusal === null) return
  if (!isAboutTime(refusal)) throw refusal
  throw withExtensions(refusal, { alternatives: await findAlternatives(tx, asked.wish, asked.now) })
}

/**
 * Settles that a wish can be written now. Most refusals are found before the calendars are locked, so that a crowd
 * after one slot is turned away side by side; the rest under the lock. Answers the patient as they stand now.
 * @throws the problem that stands against it
 */
export async function claimTime(tx: TenantTx, asked: Wish, context: RequestContext, now: Date): Promise<Wish> {
  const patient = await findStandingPatient(tx, asked.patientId)
  const wish = { ...asked, patientId: patient?.id ?? asked.patientId }
  const whole = { wish, patientStatus: patient?.status ?? null, context, now }
  await assertBookable(tx, whole)
  await lockCalendars(tx, { doctors: [wish.doctorId], patients: [wish.patientId] })
  await assertBookable(tx, whole)
  return wish
}

/** The same when the calendars are locked already. */
export async function claimTimeLocked(tx: TenantTx, wish: Wish, context: RequestContext, now: Date): Promise<Wish> {
  const patient = await findStandingPatient(tx, wish.patientId)
  await assertBookable(tx, { wish, patientStatus: patient?.status ?? null, context, now })
  return wish
}

/** Could it be booked as things are, by the rules alone? For offers, which promise what others may still take. */
export async function isBookable(tx: TenantTx, wish: Wish, context: RequestContext, now: Date): Promise<boolean> {
  const patient = await findStandingPatient(tx, wish.patientId)
  return (
    (await refusalOf(() => decideWish(tx, { wish, patientStatus: patient?.status ?? null, context, now }))) === null
  )
}
