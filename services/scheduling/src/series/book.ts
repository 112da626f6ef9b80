import {
  type AnswerOf,
  appointmentBooked,
  type BodyOf,
  type bookSeries,
  problem,
  type RequestContext,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { spanOf, toProblem } from '../appointments/booking.ts'
import { tell } from '../appointments/events.ts'
import { type AppointmentRow, insertAppointment, lockCalendars } from '../appointments/queries.ts'
import { decideBooking, decideConflict, decideDate, type Refusal } from '../appointments/rules.ts'
import { overlaps } from '../availability/interval-rules.ts'
import { listBusy, loadSchedule } from '../availability/queries.ts'
import { getHospitalRow } from '../hospital/queries.ts'
import { rememberAskedId } from '../patients/merge.ts'
import { findStandingPatient } from '../patients/queries.ts'
import { withdrawOffers } from '../waitlist/offers.ts'
import { insertSeries } from './queries.ts'
import { occurrencesOf } from './rules.ts'

type Body = BodyOf<typeof bookSeries>
type Answer = AnswerOf<typeof bookSeries>

/** These are about one date; every other refusal is about the whole series. */
const isAboutDate = (refusal: Refusal): boolean =>
  ['slot-taken', 'patient-busy', 'outside-working-hours'].includes(refusal.code) || refusal.isAway === true

/** Which dates can be booked, and what stands against the others; calendars are locked. */
async function sortOut(
  tx: TenantTx,
  body: Body,
  patient: { id: number; status: string } | null,
  starts: number[],
  now: Date,
) {
  const durationMinutes = body.duration_minutes ?? 30
  const spans = starts.map((start) => spanOf({ start, durationMinutes }))
  const whole = { start: Math.min(...starts), end: Math.max(...spans.map(({ end }) => end)) }
  const schedule = await loadSchedule(tx, body.doctor_id, whole)
  const busy = await listBusy(tx, body.doctor_id, patient?.id ?? null, whole)
  return spans.map((wanted, index) => {
    const refusal =
      decideBooking({
        wanted,
        now: now.getTime(),
        doctorStatus: schedule.doctorStatus,
        patientStatus: patient?.status ?? null,
        hours: schedule.hours,
        timeOff: schedule.timeOff,
        overbooked: false,
        mayOverbook: false,
      }) ??
      decideConflict(
        busy.filter((other) => overlaps(other, wanted)),
        body.doctor_id,
      ) ??
      // Daily appointments longer than a day would run into each other.
      (spans.slice(0, index).some((earlier) => overlaps(earlier, wanted)) ? ({ code: 'slot-taken' } as Refusal) : null)
    return { start: wanted.start, refusal }
  })
}

/** Books every date that can be booked, and names the others. */
export async function bookAll(tx: TenantTx, body: Body, _context: RequestContext, now: Date): Promise<Answer> {
  const date = decideDate(Date.parse(body.appointment_date), now.getTime())
  if (date !== null) throw toProblem(date)
  const { timezone } = await getHospitalRow(tx)
  const starts = occurrencesOf(timezone, Date.parse(body.appointment_date), body.repeat)
  const patient = await findStandingPatient(tx, body.patient_id)
  await lockCalendars(tx, { doctors: [body.doctor_id], patients: [patient?.id ?? body.patient_id] })
  const dates = await sortOut(tx, body, patient, starts, now)
  const hopeless = dates.find(({ refusal }) => refusal !== null && !isAboutDate(refusal))?.refusal
  if (hopeless) throw toProblem(hopeless)
  const conflicts = dates.flatMap(({ start, refusal }) =>
    refusal ? [{ appointment_date: new Date(start).toISOString(), code: refusal.code }] : [],
  )
  const [first] = conflicts
  if (first && conflicts.length === dates.length)
    throw problem(first.code, { extensions: { conflicts, alternatives: [] } })
  const seriesId = await insertSeries(tx, body.repeat, new Date(Date.parse(body.appointment_date)).toISOString())
  const appointments: AppointmentRow[] = []
  for (const { start } of dates.filter(({ refusal }) => refusal === null)) {
    appointments.push(await bookOne(tx, body, patient?.id ?? body.patient_id, seriesId, start, now))
  }
  return { series_id: seriesId, appointments, conflicts, version: 1 }
}

async function bookOne(tx: TenantTx, body: Body, patientId: number, seriesId: number, start: number, now: Date) {
  const appointment = await insertAppointment(tx, {
    patientId,
    doctorId: body.doctor_id,
    appointmentDate: new Date(start).toISOString(),
    durationMinutes: body.duration_minutes ?? 30,
    appointmentType: body.appointment_type ?? null,
    notes: body.notes ?? null,
    overbookReason: null,
    seriesId,
    mergedFrom: patientId === body.patient_id ? null : body.patient_id,
    now,
  })
  if (patientId !== body.patient_id) await rememberAskedId(tx, 'appointments', appointment.id, body.patient_id)
  await withdrawOffers(tx, body.doctor_id, spanOf({ start, durationMinutes: appointment.duration_minutes }))
  await tell(tx, appointmentBooked, appointment)
  return appointment
}
