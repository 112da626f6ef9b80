import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import type { Permission } from '../kernel/permissions.ts'
import type { ProblemCode } from '../kernel/problems.ts'
import { Id, Instant, Nullable, OneOf } from '../kernel/schema.ts'
import { steps } from '../kernel/steps.ts'

const appointmentStatuses = [
  'scheduled',
  'confirmed',
  'checked_in',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
] as const
export const AppointmentStatus = OneOf(appointmentStatuses)

export const DurationMinutes = Type.Integer({ minimum: 5, maximum: 1440 })
/** What changes apply to in a series: this appointment, this and the later ones, or all that are still to come. */
export const Scope = OneOf(['this', 'following', 'all'], { default: 'this' })

/** A patient's name is seen only by those who may read patients. */
export const appointmentFields: Readonly<Record<string, readonly Permission[]>> = { patient_name: ['patients.read'] }

export const Appointment = Type.Object({
  id: Id,
  patient_id: Id,
  patient_name: Type.Optional(Type.String()),
  doctor_id: Id,
  doctor_name: Type.String(),
  appointment_date: Instant,
  duration_minutes: Type.Integer(),
  appointment_type: Nullable(Type.String()),
  status: AppointmentStatus,
  notes: Nullable(Type.String()),
  /** Why it was booked although doctor or patient are busy, or outside working hours; null: booked by the rules. */
  overbook_reason: Nullable(Type.String()),
  cancel_reason: Nullable(Type.String()),
  series_id: Nullable(Id),
  created_by: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})

/** A free time that could be booked instead. */
export const FreeSlot = Type.Object({ start: Instant, end: Instant })
export const Alternative = Type.Object({
  doctor_id: Id,
  appointment_date: Instant,
  duration_minutes: Type.Integer(),
  start: Instant,
  end: Instant,
})

/** What others may know of an appointment: ids, times, status. */
export const AppointmentFacts = Type.Pick(Appointment, [
  'id',
  'patient_id',
  'doctor_id',
  'appointment_date',
  'duration_minutes',
  'status',
  'series_id',
  'version',
])

const happened = (verb: string) =>
  event({ service: 'scheduling', entity: 'appointment', verb, version: 1, data: AppointmentFacts })

export const appointmentBooked = happened('booked')
/** Date, duration or doctor changed. */
export const appointmentRescheduled = happened('rescheduled')
/** Something else changed: notes, type, the patient after a merge. */
export const appointmentUpdated = happened('updated')
export const appointmentConfirmed = happened('confirmed')
export const appointmentCheckedIn = happened('checked_in')
export const appointmentStarted = happened('started')
export const appointmentCompleted = happened('completed')
export const appointmentCancelled = happened('cancelled')
export const appointmentMissed = happened('missed')

/** Named as in the paths that take them. Before the patient is here, an appointment can be moved. */
export const appointmentSteps = steps(AppointmentStatus, {
  confirm: { from: ['scheduled'], to: 'confirmed', event: appointmentConfirmed },
  'check-in': { from: ['confirmed'], to: 'checked_in', event: appointmentCheckedIn },
  start: { from: ['checked_in'], to: 'in_progress', event: appointmentStarted },
  complete: { from: ['in_progress'], to: 'completed', event: appointmentCompleted },
  cancel: { from: ['scheduled', 'confirmed', 'checked_in'], to: 'cancelled', event: appointmentCancelled },
  'no-show': { from: ['scheduled', 'confirmed'], to: 'no_show', event: appointmentMissed },
  reschedule: { from: ['scheduled', 'confirmed'], event: appointmentRescheduled },
})

/** Why a time may not be bookable. */
export const bookingProblems = [
  'slot-taken',
  'patient-busy',
  'unknown-reference',
  'doctor-unavailable',
  'outside-working-hours',
  'validation-failed',
  'patient-archived',
] as const satisfies readonly ProblemCode[]

/** The reminder before an appointment is due; once for each time that it is set to. */
export const reminderDue = event({
  service: 'scheduling',
  entity: 'appointment',
  verb: 'reminder_due',
  version: 1,
  data: Type.Composite([AppointmentFacts, Type.Object({ hours_before: Type.Integer() })]),
})
