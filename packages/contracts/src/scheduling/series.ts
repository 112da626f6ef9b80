import { Type } from '@sinclair/typebox'
import { fieldsUnder, route } from '../kernel/route.ts'
import { Closed, Id, Instant, Line, Nullable, OneOf, Text } from '../kernel/schema.ts'
import { Appointment, appointmentBooked, appointmentFields, bookingProblems, DurationMinutes } from './appointments.ts'
import { waitlistOfferWithdrawn } from './waitlist.ts'

/**
 * How a series repeats, in the hospital's time zone: 09:00 stays 09:00. `monthly` keeps the weekday and its place in
 * the month (second Tuesday); a fifth weekday means the last one.
 */
export const Repeat = Closed({
  frequency: OneOf(['daily', 'weekly', 'monthly']),
  interval: Type.Optional(Type.Integer({ minimum: 1, maximum: 52 })),
  count: Type.Integer({ minimum: 1, maximum: 200 }),
})

export const bookSeries = route({
  service: 'scheduling',
  operationId: 'bookSeries',
  method: 'POST',
  path: '/api/appointments/series',
  summary: 'Book a repeated appointment; dates that cannot be booked are named in `conflicts`, the others are booked',
  access: 'appointments.write',
  body: Closed({
    patient_id: Id,
    doctor_id: Id,
    appointment_date: Instant,
    duration_minutes: Type.Optional(DurationMinutes),
    appointment_type: Type.Optional(Nullable(Line(100))),
    notes: Type.Optional(Nullable(Text())),
    repeat: Repeat,
  }),
  status: 201,
  answer: Type.Object({
    series_id: Id,
    appointments: Type.Array(Appointment),
    conflicts: Type.Array(Type.Object({ appointment_date: Instant, code: Type.String() })),
    version: Type.Integer(),
  }),
  problems: bookingProblems,
  events: [appointmentBooked, waitlistOfferWithdrawn],
  people: { doctor: 'body.doctor_id', patient: 'body.patient_id' },
  fields: fieldsUnder('appointments', appointmentFields),
})
