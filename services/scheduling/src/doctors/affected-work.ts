import type { AffectedAppointment, Alternative, Static } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { findAlternatives, spanOf } from '../appointments/claim-work.ts'
import { AppointmentRow, appointmentColumns, appointmentJoins } from '../appointments/queries.ts'
import { type Interval, iso, overlaps } from '../availability/interval-rules.ts'
import { listBusy, loadSchedule, type Schedule } from '../availability/queries.ts'
import { isWithinHours } from '../availability/rules.ts'

type Affected = Static<typeof AffectedAppointment>
type Suggestion = Static<typeof Alternative>

/** Coming appointments of a doctor that nobody has begun, in order; with `touching`, those that overlap it. */
export const listComing = (
  tx: TenantTx,
  doctorId: number,
  touching: Interval,
  after: readonly [string, number] | null,
  limit: number,
) =>
  tx.any(sql.type(AppointmentRow)`
    SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins}
    WHERE a.doctor_id = ${doctorId} AND a.status IN ('scheduled', 'confirmed')
      AND a.appointment_date < ${iso(touching.end)}::timestamptz
      AND a.appointment_date > ${iso(touching.start)}::timestamptz - interval '1 day'
      AND upper(a.period) > ${iso(touching.start)}::timestamptz
      AND (${after?.[0] ?? null}::timestamptz IS NULL
        OR (a.appointment_date, a.id) > (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}::int))
    ORDER BY a.appointment_date, a.id LIMIT ${limit}`)

const wishOf = (appointment: AppointmentRow) => ({
  doctorId: appointment.doctor_id,
  patientId: appointment.patient_id,
  start: Date.parse(appointment.appointment_date),
  durationMinutes: appointment.duration_minutes,
  except: [appointment.id],
})

const ColleagueRow = Type.Object({ id: Type.Integer() })

/** Other doctors who could see the patient at the very same time, at most two. */
async function findColleagues(tx: TenantTx, appointment: AppointmentRow): Promise<Suggestion[]> {
  const wish = wishOf(appointment)
  const span = spanOf(wish)
  const candidates = await tx.any(sql.type(ColleagueRow)`
    SELECT d.id FROM doctors d WHERE d.status = 'active' AND d.id <> ${appointment.doctor_id} ORDER BY d.id LIMIT 10`)
  const found: Suggestion[] = []
  for (const { id } of candidates) {
    if (found.length === 2) break
    const { hours, timeOff } = await loadSchedule(tx, id, span)
    if (!isWithinHours(hours, span) || timeOff.some((away) => overlaps(away, span))) continue
    if ((await listBusy(tx, id, null, span)).length > 0) continue
    const [start, end] = [iso(span.start), iso(span.end)]
    found.push({ doctor_id: id, appointment_date: start, duration_minutes: wish.durationMinutes, start, end })
  }
  return found
}

/** Colleagues at the same time first, then the doctor's own nearest free times. */
async function suggestionsFor(tx: TenantTx, appointment: AppointmentRow, now: Date): Promise<Suggestion[]> {
  const colleagues = await findColleagues(tx, appointment)
  return [...colleagues, ...(await findAlternatives(tx, wishOf(appointment), now, 3 - colleagues.length))]
}

/** Suggestions cost some questions each; whoever has more to move reads them a page at a time. */
const mostWithSuggestions = 50

/** Appointments with what could be booked instead. */
export async function withSuggestions(
  tx: TenantTx,
  appointments: readonly AppointmentRow[],
  now: Date,
): Promise<Affected[]> {
  const affected: Affected[] = []
  for (const [index, appointment] of appointments.entries()) {
    const suggestions = index < mostWithSuggestions ? await suggestionsFor(tx, appointment, now) : []
    affected.push({ ...appointment, suggestions })
  }
  return affected
}

/** Can it not take place as booked? What was overbooked was meant to be outside the hours. */
function isAffected(appointment: AppointmentRow, { doctorStatus, hours, timeOff }: Schedule): boolean {
  const span = spanOf(wishOf(appointment))
  if (doctorStatus !== 'active' || timeOff.some((away) => overlaps(away, span))) return true
  return appointment.overbook_reason === null && !isWithinHours(hours, span)
}

/** Up to `limit` coming appointments after a place that cannot take place. */
export async function listAffected(
  tx: TenantTx,
  doctorId: number,
  start: readonly [string, number] | null,
  limit: number,
  now: Date,
): Promise<AppointmentRow[]> {
  const farAway = now.getTime() + 10 * 366 * 86_400_000
  const found: AppointmentRow[] = []
  const batch = 200
  for (let after = start; ; ) {
    const coming = await listComing(tx, doctorId, { start: now.getTime(), end: farAway }, after, batch)
    const [first, last] = [coming.at(0), coming.at(-1)]
    if (!first || !last) return found
    const span = { start: Date.parse(first.appointment_date), end: spanOf(wishOf(last)).end + 86_400_000 }
    const schedule = await loadSchedule(tx, doctorId, span)
    found.push(...coming.filter((appointment) => isAffected(appointment, schedule)))
    if (found.length >= limit || coming.length < batch) return found.slice(0, limit)
    after = [last.appointment_date, last.id]
  }
}
