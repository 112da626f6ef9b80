import { type AnswerOf, type BodyOf, type bookSeries, type Problem, problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { book } from '../appointments/booking-work.ts'
import { refusalOf, spanOf } from '../appointments/claim-work.ts'
import { type AppointmentRow, lockCalendars } from '../appointments/queries.ts'
import { decideBooking, decideConflict, decideDate, isAboutTime } from '../appointments/rules.ts'
import { type Interval, overlaps } from '../availability/interval-rules.ts'
import { listBusy, loadSchedule } from '../availability/queries.ts'
import { getHospitalRow } from '../hospital/queries.ts'
import { findStandingPatient } from '../patient-copies/queries.ts'
import { insertSeries } from './queries.ts'
import { occurrencesOf } from './rules.ts'

type Body = BodyOf<typeof bookSeries>
type Answer = AnswerOf<typeof bookSeries>

interface Occurrence {
  start: number
  refusal: Problem | null
}

/** Which dates can be booked, and what stands against the others; calendars are locked. */
async function sortOut(
  tx: TenantTx,
  body: Body,
  patient: { id: number; status: string } | null,
  starts: number[],
  now: Date,
): Promise<Occurrence[]> {
  const durationMinutes = body.duration_minutes ?? 30
  const spans = starts.map((start) => spanOf({ start, durationMinutes }))
  const whole = { start: Math.min(...starts), end: Math.max(...spans.map(({ end }) => end)) }
  const schedule = await loadSchedule(tx, body.doctor_id, whole)
  const busy = await listBusy(tx, body.doctor_id, patient?.id ?? null, whole)
  const common = { ...schedule, now: now.getTime(), patientStatus: patient?.status ?? null }
  const decide = (wanted: Interval, index: number): void => {
    decideBooking({ ...common, wanted, overbooked: false, mayOverbook: false })
    const then = busy.filter((other) => overlaps(other, wanted))
    decideConflict(then, body.doctor_id)
    // Daily appointments longer than a day would run into each other.
    if (spans.slice(0, index).some((earlier) => overlaps(earlier, wanted))) throw problem('slot-taken')
  }
  const dates: Occurrence[] = []
  for (const [index, wanted] of spans.entries()) {
    dates.push({ start: wanted.start, refusal: await refusalOf(() => decide(wanted, index)) })
  }
  return dates
}

/** Books every date that can be booked, and names the others. */
export async function bookAll(tx: TenantTx, body: Body, now: Date): Promise<Answer> {
  const begins = Date.parse(body.appointment_date)
  decideDate(begins, now.getTime())
  const { timezone } = await getHospitalRow(tx)
  const patient = await findStandingPatient(tx, body.patient_id)
  await lockCalendars(tx, { doctors: [body.doctor_id], patients: [patient?.id ?? body.patient_id] })
  const dates = await sortOut(tx, body, patient, occurrencesOf(timezone, begins, body.repeat), now)
  // What is not about one date is about the whole series.
  const hopeless = dates.find(({ refusal }) => refusal !== null && !isAboutTime(refusal))?.refusal
  if (hopeless) throw hopeless
  const conflicts = dates.flatMap(({ start, refusal }) =>
    refusal ? [{ appointment_date: new Date(start).toISOString(), code: refusal.code }] : [],
  )
  const [first] = conflicts
  if (first && conflicts.length === dates.length)
    throw problem(first.code, { extensions: { conflicts, alternatives: [] } })
  const seriesId = await insertSeries(tx, body.repeat, new Date(begins).toISOString())
  const appointments: AppointmentRow[] = []
  for (const { start } of dates.filter(({ refusal }) => refusal === null)) {
    appointments.push(await bookOne(tx, body, patient?.id ?? body.patient_id, seriesId, start, now))
  }
  return { series_id: seriesId, appointments, conflicts, version: 1 }
}

const bookOne = (tx: TenantTx, body: Body, patientId: number, seriesId: number, start: number, now: Date) =>
  book(tx, {
    askedFor: body.patient_id,
    patient_id: patientId,
    doctor_id: body.doctor_id,
    appointment_date: new Date(start).toISOString(),
    duration_minutes: body.duration_minutes ?? 30,
    appointment_type: body.appointment_type ?? null,
    notes: body.notes ?? null,
    overbook_reason: null,
    series_id: seriesId,
    scheduled_at: now.toISOString(),
  })
