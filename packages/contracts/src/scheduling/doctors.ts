import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { fieldsUnder, route } from '../kernel/route.ts'
import { Closed, DateOnly, Id, IdParams, Instant, Line, ListQuery, Nullable, OneOf, Page } from '../kernel/schema.ts'
import { Alternative, Appointment, appointmentFields, DurationMinutes, FreeSlot } from './appointments.ts'
import { WeeklyRules } from './hospital.ts'
import { waitlistOffered } from './waitlist.ts'

export const Doctor = Type.Object({
  id: Id,
  name: Type.String(),
  email: Nullable(Type.String()),
  status: OneOf(['active', 'inactive']),
  version: Type.Integer(),
})

export const WorkingHours = Type.Object({
  doctor_id: Id,
  timezone: Type.String(),
  /** The doctor's own rules; empty: the hospital's opening hours. */
  rules: WeeklyRules,
  /** Whose hours count now. */
  source: OneOf(['doctor', 'hospital', 'around-the-clock']),
  version: Type.Integer(),
})

/** An appointment that cannot take place as booked, and what could be booked instead. */
export const AffectedAppointment = Type.Composite([Appointment, Type.Object({ suggestions: Type.Array(Alternative) })])

export const TimeOff = Type.Object({
  id: Id,
  doctor_id: Id,
  from: Instant,
  to: Instant,
  reason: Nullable(Type.String()),
  created_by: Nullable(Id),
  created_at: Instant,
  version: Type.Integer(),
})

const scheduleChanged = (entity: string, verb: string) =>
  event({
    service: 'scheduling',
    entity,
    verb,
    version: 1,
    data: Type.Object({ doctor_id: Id, version: Type.Integer() }),
  })
export const workingHoursChanged = scheduleChanged('working_hours', 'changed')
export const timeOffAdded = scheduleChanged('time_off', 'added')
export const timeOffRemoved = scheduleChanged('time_off', 'removed')

export const listDoctors = route({
  service: 'scheduling',
  operationId: 'listDoctors',
  method: 'GET',
  path: '/api/doctors',
  summary: 'The doctors of this hospital by name; `q` finds any part of name or e-mail',
  access: 'appointments.read',
  query: ListQuery({ q: Type.Optional(Line(200)), status: Type.Optional(Doctor.properties.status) }),
  status: 200,
  answer: Page(Doctor),
})

export const getDoctor = route({
  service: 'scheduling',
  operationId: 'getDoctor',
  method: 'GET',
  path: '/api/doctors/:id',
  summary: 'One doctor',
  access: 'appointments.read',
  params: IdParams,
  status: 200,
  answer: Doctor,
})

export const getWorkingHours = route({
  service: 'scheduling',
  operationId: 'getWorkingHours',
  method: 'GET',
  path: '/api/doctors/:id/working-hours',
  summary: "A doctor's weekly hours in the hospital's time zone",
  access: 'appointments.read',
  params: IdParams,
  status: 200,
  answer: WorkingHours,
  people: { doctor: 'path.id' },
})

export const setWorkingHours = route({
  service: 'scheduling',
  operationId: 'setWorkingHours',
  method: 'PUT',
  path: '/api/doctors/:id/working-hours',
  summary: "Replace a doctor's weekly hours; none means the hospital's opening hours",
  access: 'schedule.manage',
  params: IdParams,
  body: Closed({ rules: WeeklyRules }),
  status: 200,
  answer: WorkingHours,
  problems: ['validation-failed'],
  events: [workingHoursChanged],
  people: { doctor: 'path.id' },
})

export const listTimeOff = route({
  service: 'scheduling',
  operationId: 'listTimeOff',
  method: 'GET',
  path: '/api/doctors/:id/time-off',
  summary: 'When a doctor is away; `from` and `to` bound what is listed',
  access: 'appointments.read',
  params: IdParams,
  query: ListQuery({ from: Type.Optional(Instant), to: Type.Optional(Instant) }),
  status: 200,
  answer: Page(TimeOff),
})

/** An instant, or a day of the hospital's calendar: `from` its beginning, `to` its end. */
const Moment = Type.Union([Instant, DateOnly])

export const addTimeOff = route({
  service: 'scheduling',
  operationId: 'addTimeOff',
  method: 'POST',
  path: '/api/doctors/:id/time-off',
  summary: 'A doctor is away; answers the booked appointments that are affected, with suggestions',
  access: 'schedule.manage',
  params: IdParams,
  body: Closed({ from: Moment, to: Moment, reason: Type.Optional(Nullable(Line(500))) }),
  status: 201,
  answer: Type.Composite([TimeOff, Type.Object({ affected: Type.Array(AffectedAppointment) })]),
  problems: ['validation-failed'],
  events: [timeOffAdded],
  people: { doctor: 'path.id' },
  fields: fieldsUnder('affected', appointmentFields),
})

export const removeTimeOff = route({
  service: 'scheduling',
  operationId: 'removeTimeOff',
  method: 'DELETE',
  path: '/api/doctors/time-off/:id',
  summary: 'The doctor is not away after all',
  access: 'schedule.manage',
  params: IdParams,
  status: 204,
  answer: null,
  events: [timeOffRemoved, waitlistOffered],
})

export const listAvailability = route({
  service: 'scheduling',
  operationId: 'listAvailability',
  method: 'GET',
  path: '/api/doctors/:id/availability',
  summary: 'Free slots of a doctor between two instants, at most 62 days apart; a week from now unless said',
  access: 'appointments.read',
  params: IdParams,
  query: Closed({
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    duration_minutes: Type.Optional(DurationMinutes),
  }),
  status: 200,
  answer: Type.Array(FreeSlot),
  problems: ['validation-failed'],
})

export const listAffectedAppointments = route({
  service: 'scheduling',
  operationId: 'listAffectedAppointments',
  method: 'GET',
  path: '/api/doctors/:id/affected-appointments',
  summary: 'Coming appointments that cannot take place: the doctor is inactive or away, or the hospital is closed',
  access: 'appointments.read',
  params: IdParams,
  query: ListQuery({}),
  status: 200,
  answer: Page(AffectedAppointment),
  fields: appointmentFields,
  patient: 'answer.patient_id',
})
