import { Type } from '@sinclair/typebox'
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
import {
  Appointment,
  AppointmentStatus,
  appointmentBooked,
  appointmentFields,
  appointmentSteps,
  appointmentUpdated,
  bookingProblems,
  DurationMinutes,
  Scope,
} from './appointments.ts'
import { waitlistOffered, waitlistOfferWithdrawn } from './waitlist.ts'

const booking = {
  doctor_id: Id,
  appointment_date: Instant,
  duration_minutes: DurationMinutes,
  appointment_type: Nullable(Line(100)),
  notes: Nullable(Text()),
  /** Needs the permission appointments.overbook. */
  overbook_reason: Nullable(Line(500)),
}

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
  events: [appointmentBooked, waitlistOfferWithdrawn],
  people: { doctor: 'body.doctor_id', patient: 'body.patient_id' },
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
  problems: bookingProblems,
  step: { of: appointmentSteps, name: 'reschedule' },
  events: [appointmentUpdated, waitlistOffered, waitlistOfferWithdrawn],
  people: { doctor: 'body.doctor_id' },
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
  step: { of: appointmentSteps, name: 'cancel' },
  events: [waitlistOffered],
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

const oneStep = {
  service: 'scheduling',
  method: 'POST',
  access: 'appointments.write',
  params: IdParams,
  status: 200,
  answer: Appointment,
  fields: appointmentFields,
  patient: 'answer.patient_id',
} as const

export const confirmAppointment = route({
  ...oneStep,
  operationId: 'confirmAppointment',
  path: '/api/appointments/:id/confirm',
  summary: 'The patient has confirmed: scheduled → confirmed',
  step: { of: appointmentSteps, name: 'confirm' },
})
export const checkInAppointment = route({
  ...oneStep,
  operationId: 'checkInAppointment',
  path: '/api/appointments/:id/check-in',
  summary: 'The patient is here: confirmed → checked_in',
  step: { of: appointmentSteps, name: 'check-in' },
})
export const startAppointment = route({
  ...oneStep,
  operationId: 'startAppointment',
  path: '/api/appointments/:id/start',
  summary: 'The doctor begins: checked_in → in_progress',
  step: { of: appointmentSteps, name: 'start' },
})
export const completeAppointment = route({
  ...oneStep,
  operationId: 'completeAppointment',
  path: '/api/appointments/:id/complete',
  summary: 'The doctor is done: in_progress → completed',
  step: { of: appointmentSteps, name: 'complete' },
})
export const cancelAppointment = route({
  ...oneStep,
  operationId: 'cancelAppointment',
  path: '/api/appointments/:id/cancel',
  summary: 'Cancel, with the reason; the freed time is offered to the waitlist',
  body: Closed({ reason: Line(500) }),
  step: { of: appointmentSteps, name: 'cancel' },
  events: [waitlistOffered],
})
export const markNoShow = route({
  ...oneStep,
  operationId: 'markNoShow',
  path: '/api/appointments/:id/no-show',
  summary: 'The patient did not come: scheduled or confirmed → no_show',
  step: { of: appointmentSteps, name: 'no-show' },
})
