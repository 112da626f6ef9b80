import {
  appointmentCancelled,
  appointmentCheckedIn,
  appointmentCompleted,
  appointmentConfirmed,
  appointmentMissed,
  appointmentRescheduled,
  appointmentStarted,
  appointmentUpdated,
  type BodyOf,
  type changeAppointment,
  problem,
  type RequestContext,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { offerFreedTime, withdrawOffers } from '../waitlist/offers.ts'
import { claimTimeLocked, spanOf } from './booking.ts'
import { tell } from './events.ts'
import {
  type AppointmentChange,
  type AppointmentRow,
  findAppointment,
  findAppointmentForChange,
  lockCalendars,
  updateAppointment,
  updateStatus,
} from './queries.ts'
import { canReschedule, canStep, type Step, steps } from './rules.ts'

export type ChangeBody = BodyOf<typeof changeAppointment>

const eventOfStep = {
  confirm: appointmentConfirmed,
  'check-in': appointmentCheckedIn,
  start: appointmentStarted,
  complete: appointmentCompleted,
  cancel: appointmentCancelled,
  'no-show': appointmentMissed,
} as const satisfies Record<Step, unknown>

/**
 * Locks the calendars it touches, then the row: the order of every booking, so that nobody waits in a circle. `doctorId`
 * is the doctor it may move to.
 */
export async function lockForChange(tx: TenantTx, id: number, doctorId?: number): Promise<AppointmentRow | null> {
  const seen = await findAppointment(tx, id)
  if (seen === null) return null
  const doctors = [seen.doctor_id, ...(doctorId === undefined ? [] : [doctorId])]
  await lockCalendars(tx, { doctors, patients: [seen.patient_id] })
  const current = await findAppointmentForChange(tx, id)
  // It was moved to other people while we waited: their calendars come late, which at worst is a deadlock and a retry.
  if (current && (current.doctor_id !== seen.doctor_id || current.patient_id !== seen.patient_id)) {
    await lockCalendars(tx, { doctors: [current.doctor_id], patients: [current.patient_id] })
  }
  return current
}

/** The time that an appointment takes up. */
export const periodOf = (row: AppointmentRow) =>
  spanOf({ start: Date.parse(row.appointment_date), durationMinutes: row.duration_minutes })

const illegal = (appointment: AppointmentRow, what: string) =>
  problem('illegal-transition', {
    detail: `The appointment is ${appointment.status}: it cannot ${what}.`,
    extensions: { status_now: appointment.status },
  })

/** Does the change touch when, how long, with whom, or why in spite of the rules? */
export const isRescheduling = (current: AppointmentRow, body: ChangeBody): boolean =>
  (body.appointment_date !== undefined && Date.parse(body.appointment_date) !== Date.parse(current.appointment_date)) ||
  (body.duration_minutes !== undefined && body.duration_minutes !== current.duration_minutes) ||
  (body.doctor_id !== undefined && body.doctor_id !== current.doctor_id) ||
  (body.overbook_reason !== undefined && body.overbook_reason !== current.overbook_reason)

const changeOf = (body: ChangeBody): AppointmentChange => ({
  ...(body.appointment_type === undefined ? {} : { appointment_type: body.appointment_type }),
  ...(body.notes === undefined ? {} : { notes: body.notes }),
})

/** Changes one appointment, whose calendars are locked. `except`: other rows that move in the same change. */
export async function changeOne(
  tx: TenantTx,
  current: AppointmentRow,
  body: ChangeBody,
  context: RequestContext,
  now: Date,
  except: readonly number[] = [],
): Promise<AppointmentRow> {
  if (!isRescheduling(current, body)) {
    const changed = await updateAppointment(tx, current, changeOf(body), null)
    await tell(tx, appointmentUpdated, changed)
    return changed
  }
  if (!canReschedule(current.status)) throw illegal(current, 'be rescheduled')
  const wish = await claimTimeLocked(
    tx,
    {
      doctorId: body.doctor_id ?? current.doctor_id,
      patientId: current.patient_id,
      start: Date.parse(body.appointment_date ?? current.appointment_date),
      durationMinutes: body.duration_minutes ?? current.duration_minutes,
      // A reason belongs to the time it was given for.
      overbookReason: body.overbook_reason ?? null,
      except: [current.id, ...except],
    },
    context,
    now,
  )
  const change: AppointmentChange = {
    ...changeOf(body),
    doctor_id: wish.doctorId,
    appointment_date: new Date(wish.start).toISOString(),
    duration_minutes: wish.durationMinutes,
    overbook_reason: wish.overbookReason,
  }
  const changed = await updateAppointment(tx, current, change, now)
  await withdrawOffers(tx, changed.doctor_id, periodOf(changed))
  await tell(tx, appointmentRescheduled, changed)
  await offerFreedTime(tx, current.doctor_id, periodOf(current), now)
  return changed
}

/** Takes an appointment, whose calendars are locked, one step on. */
export async function takeStep(
  tx: TenantTx,
  current: AppointmentRow,
  step: Step,
  now: Date,
  reason: string | null = null,
): Promise<AppointmentRow> {
  if (!canStep(current.status, step)) throw illegal(current, `become ${steps[step].to}`)
  const changed = await updateStatus(tx, current.id, steps[step].to, reason)
  await tell(tx, eventOfStep[step], changed)
  if (step === 'cancel') await offerFreedTime(tx, current.doctor_id, periodOf(current), now)
  return changed
}
