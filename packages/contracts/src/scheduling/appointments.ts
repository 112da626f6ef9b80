import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import type { Permission } from '../kernel/permissions.ts'
import { Id, Instant, Nullable, OneOf } from '../kernel/schema.ts'

export const appointmentStatuses = [
  'scheduled',
  'confirmed',
  'checked_in',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
] as const
export const AppointmentStatus = OneOf(appointmentStatuses)

/** The statuses that occupy the doctor and the patient; the exclusion constraints name the same. */
export const liveStatuses = ['scheduled', 'confirmed', 'checked_in', 'in_progress'] as const

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

export const AppointmentFacts = Type.Object({
  id: Id,
  patient_id: Id,
  doctor_id: Id,
  appointment_date: Instant,
  duration_minutes: Type.Integer(),
  status: AppointmentStatus,
  series_id: Nullable(Id),
  version: Type.Integer(),
})

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

/** The reminder before an appointment is due; once for each time that it is set to. */
export const reminderDue = event({
  service: 'scheduling',
  entity: 'appointment',
  verb: 'reminder_due',
  version: 1,
  data: Type.Composite([AppointmentFacts, Type.Object({ hours_before: Type.Integer() })]),
})
