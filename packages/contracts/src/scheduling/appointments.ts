import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import type { Permission } from '../kernel/permissions.ts'
import { route } from '../kernel/route.ts'
import {
  Closed,
  Id,
  IdParams,
  Instant,
  Line,
  ListQuery,
  MergePatch,
  Nullable,
  OneOf,
  Page,
  Text,
} from '../kernel/schema.ts'

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

const booking = {
  doctor_id: Id,
  appointment_date: Instant,
  duration_minutes: DurationMinutes,
  appointment_type: Nullable(Line(100)),
  notes: Nullable(Text()),
  /** Needs the permission appointments.overbook. */
  overbook_reason: Nullable(Line(500)),
}

const bookingProblems = [
  'slot-taken',
  'patient-busy',
  'unknown-reference',
  'doctor-unavailable',
  'outside-working-hours',
  'validation-failed',
  'patient-archived',
] as const

export const listAppointments = route({
  service: 'scheduling',
  operationId: 'listAppointments',
  method: 'GET',
  path: '/api/appointments',
  summary: 'Appointments in the order of their time; `from` (inclusive) and `to` (exclusive) bound `appointment_date`',
  access: 'appointments.read',
  query: ListQuery({
    patient_id: Type.Optional(Id),
    doctor_id: Type.Optional(Id),
    status: Type.Optional(AppointmentStatus),
    series_id: Type.Optional(Id),
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    order: Type.Optional(OneOf(['asc', 'desc'])),
  }),
  status: 200,
  answer: Page(Appointment),
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const bookAppointment = route({
  service: 'scheduling',
  operationId: 'bookAppointment',
  method: 'POST',
  path: '/api/appointments',
  summary: 'Book an appointment; a busy doctor answers `slot-taken` with the three nearest free `alternatives`',
  access: 'appointments.write',
  body: Closed({
    patient_id: Id,
    doctor_id: booking.doctor_id,
    appointment_date: booking.appointment_date,
    duration_minutes: Type.Optional(DurationMinutes),
    appointment_type: Type.Optional(booking.appointment_type),
    notes: Type.Optional(booking.notes),
    overbook_reason: Type.Optional(booking.overbook_reason),
  }),
  status: 201,
  answer: Appointment,
  problems: bookingProblems,
  events: [appointmentBooked],
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const getAppointment = route({
  service: 'scheduling',
  operationId: 'getAppointment',
  method: 'GET',
  path: '/api/appointments/:id',
  summary: 'One appointment',
  access: 'appointments.read',
  params: IdParams,
  status: 200,
  answer: Appointment,
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const changeAppointment = route({
  service: 'scheduling',
  operationId: 'changeAppointment',
  method: 'PATCH',
  path: '/api/appointments/:id',
  summary: 'Change or reschedule an appointment; of a series with ?scope=this|following|all, wholly or not at all',
  access: 'appointments.write',
  params: IdParams,
  query: Closed({ scope: Type.Optional(Scope) }),
  body: MergePatch(Closed(booking)),
  status: 200,
  answer: Appointment,
  problems: [...bookingProblems, 'illegal-transition'],
  events: [appointmentRescheduled, appointmentUpdated],
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const cancelAppointments = route({
  service: 'scheduling',
  operationId: 'cancelAppointments',
  method: 'DELETE',
  path: '/api/appointments/:id',
  summary: 'Cancel an appointment; of a series with ?scope=this|following|all. Nothing is deleted',
  access: 'appointments.write',
  params: IdParams,
  query: Closed({ scope: Type.Optional(Scope), reason: Type.Optional(Line(500)) }),
  status: 200,
  answer: Appointment,
  problems: ['illegal-transition'],
  events: [appointmentCancelled],
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

const step = {
  service: 'scheduling',
  method: 'POST',
  access: 'appointments.write',
  params: IdParams,
  status: 200,
  answer: Appointment,
  problems: ['illegal-transition'],
  fields: appointmentFields,
  patient: 'answer.patient_id',
} as const

export const confirmAppointment = route({
  ...step,
  operationId: 'confirmAppointment',
  path: '/api/appointments/:id/confirm',
  summary: 'The patient has confirmed: scheduled → confirmed',
  events: [appointmentConfirmed],
})
export const checkInAppointment = route({
  ...step,
  operationId: 'checkInAppointment',
  path: '/api/appointments/:id/check-in',
  summary: 'The patient is here: confirmed → checked_in',
  events: [appointmentCheckedIn],
})
export const startAppointment = route({
  ...step,
  operationId: 'startAppointment',
  path: '/api/appointments/:id/start',
  summary: 'The doctor begins: checked_in → in_progress',
  events: [appointmentStarted],
})
export const completeAppointment = route({
  ...step,
  operationId: 'completeAppointment',
  path: '/api/appointments/:id/complete',
  summary: 'The doctor is done: in_progress → completed',
  events: [appointmentCompleted],
})
export const cancelAppointment = route({
  ...step,
  operationId: 'cancelAppointment',
  path: '/api/appointments/:id/cancel',
  summary: 'Cancel, with the reason; the freed time is offered to the waitlist',
  body: Closed({ reason: Line(500) }),
  events: [appointmentCancelled],
})
export const markNoShow = route({
  ...step,
  operationId: 'markNoShow',
  path: '/api/appointments/:id/no-show',
  summary: 'The patient did not come: scheduled or confirmed → no_show',
  events: [appointmentMissed],
})
