import { type listWaitlist, type QueryOf, type Static, WaitlistEntry, type WaitlistStatus } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import type { Interval } from '../availability/interval-rules.ts'

export type Entry = Static<typeof WaitlistEntry>

const columns = sql.fragment`
  w.id, w.patient_id, p.first_name || ' ' || p.last_name AS patient_name, w.doctor_id, w.starts_at AS "from",
  w.ends_at AS "to", w.duration_minutes, w.notes, w.status,
  CASE WHEN w.status = 'offered' THEN jsonb_build_object(
    'doctor_id', w.offered_doctor_id,
    'appointment_date', to_char(w.offered_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'expires_at', to_char(w.offer_expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ) END AS offer,
  w.appointment_id, w.created_by, w.created_at, w.updated_at, w.version`
const joins = sql.fragment`JOIN patients p ON p.id = w.patient_id`

const iso = (at: number): string => new Date(at).toISOString()

export const findEntry = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(WaitlistEntry)`SELECT ${columns} FROM waitlist w ${joins} WHERE w.id = ${id}`)

export const findEntryForChange = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(WaitlistEntry)`SELECT ${columns} FROM waitlist w ${joins} WHERE w.id = ${id} FOR UPDATE OF w`)

export const getEntry = (tx: TenantTx, id: number) =>
  tx.one(sql.type(WaitlistEntry)`SELECT ${columns} FROM waitlist w ${joins} WHERE w.id = ${id}`)

/** One page and one row more, in the order of the list. */
export function listEntries(tx: TenantTx, filters: QueryOf<typeof listWaitlist>, after: number | null) {
  const conditions = [
    sql.fragment`w.id > ${after ?? 0}`,
    ...(filters.patient_id === undefined ? [] : [sql.fragment`w.patient_id = ${filters.patient_id}`]),
    ...(filters.doctor_id === undefined ? [] : [sql.fragment`w.doctor_id = ${filters.doctor_id}`]),
    ...(filters.status === undefined ? [] : [sql.fragment`w.status = ${filters.status}`]),
  ]
  return tx.any(sql.type(WaitlistEntry)`
    SELECT ${columns} FROM waitlist w ${joins} WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY w.id LIMIT ${filters.limit + 1}`)
}

export interface NewEntry {
  patientId: number
  doctorId: number | null
  from: string
  to: string
  durationMinutes: number
  notes: string | null
  mergedFrom: number | null
}

export async function insertEntry(tx: TenantTx, made: NewEntry): Promise<Entry> {
  const id = await tx.oneFirst(sql.unsafe`
    INSERT INTO waitlist (patient_id, doctor_id, starts_at, ends_at, duration_minutes, notes, merged_from, created_by)
    VALUES (${made.patientId}, ${made.doctorId}, ${made.from}::timestamptz, ${made.to}::timestamptz,
      ${made.durationMinutes}, ${made.notes}, ${made.mergedFrom}, ${tx.context.userId || null})
    RETURNING id`)
  return getEntry(tx, Number(id))
}

/** The list is served by one transaction at a time; taken after the calendars, never before. */
export const lockWaitlist = (tx: TenantTx) =>
  tx.query(sql.unsafe`
    SELECT pg_advisory_xact_lock(hashtextextended(${`${tx.context.tenantId}\nwaitlist`}, 4))`)

/** Who waits for a time of this doctor, in their order, as far as the list itself can tell. */
export const listWaiting = (tx: TenantTx, doctorId: number, { start, end }: Interval) =>
  tx.any(sql.type(WaitlistEntry)`
    SELECT ${columns} FROM waitlist w ${joins}
    WHERE w.status = 'waiting' AND (w.doctor_id IS NULL OR w.doctor_id = ${doctorId})
      AND greatest(w.starts_at, ${iso(start)}::timestamptz) < ${iso(end)}::timestamptz
      AND greatest(w.starts_at, ${iso(start)}::timestamptz) + make_interval(mins => w.duration_minutes) <= w.ends_at
    ORDER BY w.id LIMIT 200`)

/** Open offers of a doctor's time that touch a span. */
export const listOffers = (tx: TenantTx, doctorId: number, { start, end }: Interval) =>
  tx.any(sql.type(WaitlistEntry)`
    SELECT ${columns} FROM waitlist w ${joins}
    WHERE w.status = 'offered' AND w.offered_doctor_id = ${doctorId} AND w.offered_date < ${iso(end)}::timestamptz
      AND w.offered_date + make_interval(mins => w.duration_minutes) > ${iso(start)}::timestamptz
    ORDER BY w.id`)

/** Offers that nobody answered in time. */
export const listOverdue = (tx: TenantTx, now: Date) =>
  tx.any(sql.type(WaitlistEntry)`
    SELECT ${columns} FROM waitlist w ${joins}
    WHERE w.status = 'offered' AND w.offer_expires_at <= ${now.toISOString()}::timestamptz
    ORDER BY w.offer_expires_at LIMIT 100`)

/** Who waited for a time that is over. */
export const listOutlived = (tx: TenantTx, now: Date) =>
  tx.any(sql.type(WaitlistEntry)`
    SELECT ${columns} FROM waitlist w ${joins}
    WHERE w.status = 'waiting' AND w.ends_at <= ${now.toISOString()}::timestamptz
    ORDER BY w.id LIMIT 100 FOR UPDATE OF w SKIP LOCKED`)

export async function offerTo(
  tx: TenantTx,
  id: number,
  doctorId: number,
  at: number,
  expiresAt: number,
): Promise<Entry> {
  await tx.query(sql.unsafe`
    UPDATE waitlist SET status = 'offered', offered_doctor_id = ${doctorId}, offered_date = ${iso(at)}::timestamptz,
      offer_expires_at = ${iso(expiresAt)}::timestamptz, updated_at = now(), version = version + 1
    WHERE id = ${id}`)
  return getEntry(tx, id)
}

export async function setEntryStatus(
  tx: TenantTx,
  id: number,
  status: Static<typeof WaitlistStatus>,
  appointmentId: number | null = null,
): Promise<Entry> {
  await tx.query(sql.unsafe`
    UPDATE waitlist SET status = ${status}, appointment_id = ${appointmentId}, updated_at = now(), version = version + 1
    WHERE id = ${id}`)
  return getEntry(tx, id)
}
