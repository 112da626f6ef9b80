import {
  appointmentSteps,
  appointmentUpdated,
  type BodyOf,
  type changeAppointment,
  decideStep,
  type RequestContext,
} from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { offerFreedTime, withdrawOffers } from '../waitlist/offer-work.ts'
import { claimTimeLocked } from './claim-work.ts'
import {
  type AppointmentRow,
  findAppointment,
  findAppointmentForChange,
  lockCalendars,
  periodOf,
  updateAppointment,
} from './queries.ts'

export type ChangeBody = BodyOf<typeof changeAppointment>

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

/** Does the change touch when, how long, with whom, or why in spite of the rules? */
export const isRescheduling = (current: AppointmentRow, body: ChangeBody): boolean =>
  (body.appointment_date !== undefined && Date.parse(body.appointment_date) !== Date.parse(current.appointment_date)) ||
  (body.duration_minutes !== undefined && body.duration_minutes !== current.duration_minutes) ||
  (body.doctor_id !== undefined && body.doctor_id !== current.doctor_id) ||
  (body.overbook_reason !== undefined && body.overbook_reason !== current.overbook_reason)

/** What a change says besides when, how long, with whom and why: written as it is. */
export function restOf(body: ChangeBody) {
  const { appointment_date: _at, duration_minutes: _long, doctor_id: _with, overbook_reason: _why, ...rest } = body
  return rest
}

/** Changes one appointment, whose calendars are locked. */
export async function changeOne(
  tx: TenantTx,
  current: AppointmentRow,
  body: ChangeBody,
  context: RequestContext,
  now: Date,
): Promise<AppointmentRow> {
  if (!isRescheduling(current, body)) {
    return announce(tx, appointmentUpdated, await updateAppointment(tx, current, restOf(body)))
  }
  const { event } = decideStep(appointmentSteps, current.status, 'reschedule')
  const wish = await claimTimeLocked(
    tx,
    {
      doctorId: body.doctor_id ?? current.doctor_id,
      patientId: current.patient_id,
      start: Date.parse(body.appointment_date ?? current.appointment_date),
      durationMinutes: body.duration_minutes ?? current.duration_minutes,
      // A reason belongs to the time it was given for.
      overbookReason: body.overbook_reason ?? null,
      except: [current.id],
    },
    context,
    now,
  )
  const changed = await updateAppointment(tx, current, {
    ...restOf(body),
    doctor_id: wish.doctorId,
    appointment_date: new Date(wish.start).toISOString(),
    duration_minutes: wish.durationMinutes,
    overbook_reason: wish.overbookReason,
    scheduled_at: now.toISOString(),
  })
  await withdrawOffers(tx, changed.doctor_id, periodOf(changed))
  await announce(tx, event, changed)
  await offerFreedTime(tx, current.doctor_id, periodOf(current), now)
  return changed
}

/** The steps that lead to another status. */
type StepName = Exclude<keyof typeof appointmentSteps, 'reschedule'>

/** Takes an appointment, whose calendars are locked, one step on. */
export async function takeStep(
  tx: TenantTx,
  current: AppointmentRow,
  name: StepName,
  now: Date,
  reason: string | null = null,
): Promise<AppointmentRow> {
  const { to: status, event } = decideStep(appointmentSteps, current.status, name)
  const changed = await updateAppointment(tx, current, reason === null ? { status } : { status, cancel_reason: reason })
  await announce(tx, event, changed)
  if (name === 'cancel') await offerFreedTime(tx, current.doctor_id, periodOf(current), now)
  return changed
}
