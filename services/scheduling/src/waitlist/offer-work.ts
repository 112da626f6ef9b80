import { systemContext, type waitlistSteps, waitlistTurns } from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { isBookable } from '../appointments/claim-work.ts'
import { lockCalendars } from '../appointments/queries.ts'
import { type Interval, iso } from '../availability/interval-rules.ts'
import { getHospitalRow } from '../hospital/queries.ts'
import {
  type Entry,
  type EntryChange,
  findEntryForChange,
  listOffers,
  listOutlived,
  listOverdue,
  listWaiting,
  lockWaitlist,
  updateEntry,
} from './queries.ts'

const minuteMs = 60_000

type Turn = (typeof waitlistSteps)[keyof typeof waitlistSteps] | (typeof waitlistTurns)[keyof typeof waitlistTurns]

/** Brings an entry into the status that a step or a turn leads to, and tells. */
export const moveEntry = async (tx: TenantTx, current: Entry, turn: Turn, change: EntryChange = {}): Promise<Entry> =>
  announce(tx, turn.event, await updateEntry(tx, current, { ...change, status: turn.to }))

/** The first on the list whom the time suits, and from when. */
async function findNext(tx: TenantTx, doctorId: number, freed: Interval, now: Date) {
  const system = systemContext(tx.context.tenantId, tx.context.requestId)
  for (const entry of await listWaiting(tx, doctorId, freed)) {
    const start = Math.max(freed.start, Date.parse(entry.from))
    const span = { start, end: start + entry.duration_minutes * minuteMs }
    if ((await listOffers(tx, doctorId, span)).length > 0) continue
    const { patient_id: patientId, duration_minutes: durationMinutes } = entry
    const wish = { doctorId, patientId, start, durationMinutes, overbookReason: null, except: [] }
    if (await isBookable(tx, wish, system, now)) return { entry, span }
  }
  return null
}

/**
 * Offers time that became free to those who wait, in order, until it is used up. The doctor's calendar is locked. An
 * offer holds nothing back: whoever books the time first has it, and the entry waits again.
 */
export async function offerFreedTime(tx: TenantTx, doctorId: number, freed: Interval, now: Date): Promise<void> {
  let start = Math.max(freed.start, now.getTime() + minuteMs)
  if (start >= freed.end) return
  await lockWaitlist(tx)
  const { offer_minutes } = await getHospitalRow(tx)
  while (start < freed.end) {
    const next = await findNext(tx, doctorId, { start, end: freed.end }, now)
    if (next === null) return
    // A merge of patients, or its time passing, may have changed the entry meanwhile: whoever is next then is asked for.
    const entry = await findEntryForChange(tx, next.entry.id)
    if (entry?.status !== 'waiting') continue
    const expiresAt = Math.min(now.getTime() + offer_minutes * minuteMs, next.span.start)
    await moveEntry(tx, entry, waitlistTurns.offer, {
      offered_doctor_id: doctorId,
      offered_date: iso(next.span.start),
      offer_expires_at: iso(expiresAt),
    })
    start = next.span.end
  }
}

/** Somebody else booked offered time: those entries wait again, in their old place. */
export async function withdrawOffers(
  tx: TenantTx,
  doctorId: number,
  taken: Interval,
  exceptEntry: number | null = null,
): Promise<void> {
  const touched = await listOffers(tx, doctorId, taken)
  if (touched.length === 0) return
  await lockWaitlist(tx)
  for (const { id } of touched.filter(({ id }) => id !== exceptEntry)) {
    const entry = await findEntryForChange(tx, id)
    if (entry?.status === 'offered') await moveEntry(tx, entry, waitlistTurns.withdraw)
  }
}

/** The time of an offer. */
export const offeredSpan = (entry: Entry & { offer: NonNullable<Entry['offer']> }): Interval => {
  const start = Date.parse(entry.offer.appointment_date)
  return { start, end: start + entry.duration_minutes * minuteMs }
}

/** Locks an entry with the calendars that its offer touches. */
export async function lockEntry(tx: TenantTx, seen: Entry): Promise<Entry | null> {
  const doctors = seen.offer ? [seen.offer.doctor_id] : []
  await lockCalendars(tx, { doctors, patients: [seen.patient_id] })
  await lockWaitlist(tx)
  return findEntryForChange(tx, seen.id)
}

/** Takes back the offers that nobody answered in time, and offers their time to the next. Answers how many. */
export async function expireOffers(tx: TenantTx, now: Date): Promise<number> {
  const overdue = await listOverdue(tx, now)
  const doctors = overdue.flatMap(({ offer }) => (offer ? [offer.doctor_id] : []))
  if (overdue.length === 0) return 0
  await lockCalendars(tx, { doctors, patients: [] })
  await lockWaitlist(tx)
  let expired = 0
  for (const { id } of overdue) {
    const entry = await findEntryForChange(tx, id)
    if (!entry?.offer || Date.parse(entry.offer.expires_at) > now.getTime()) continue
    await moveEntry(tx, entry, waitlistTurns.expire)
    await offerFreedTime(tx, entry.offer.doctor_id, offeredSpan({ ...entry, offer: entry.offer }), now)
    expired += 1
  }
  return expired
}

/** Entries whose whole time has passed leave the list. Answers how many. */
export async function expireEntries(tx: TenantTx, now: Date): Promise<number> {
  const outlived = await listOutlived(tx, now)
  for (const entry of outlived) await moveEntry(tx, entry, waitlistTurns.expire)
  return outlived.length
}
