import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, Nullable, OneOf, Page } from '../kernel/schema.ts'
import { steps } from '../kernel/steps.ts'
import { Appointment, appointmentBooked, appointmentFields, bookingProblems, DurationMinutes } from './appointments.ts'

export const WaitlistStatus = OneOf(['waiting', 'offered', 'accepted', 'declined', 'expired', 'cancelled'])

export const WaitlistEntry = Type.Object({
  id: Id,
  patient_id: Id,
  patient_name: Type.Optional(Type.String()),
  /** null: any doctor. */
  doctor_id: Nullable(Id),
  from: Instant,
  to: Instant,
  duration_minutes: Type.Integer(),
  notes: Nullable(Type.String()),
  status: WaitlistStatus,
  offer: Nullable(Type.Object({ doctor_id: Id, appointment_date: Instant, expires_at: Instant })),
  /** What was booked by accepting. */
  appointment_id: Nullable(Id),
  created_by: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})

const happened = (verb: string) =>
  event({
    service: 'scheduling',
    entity: 'waitlist_entry',
    verb,
    version: 1,
    data: Type.Pick(WaitlistEntry, ['id', 'patient_id', 'doctor_id', 'status', 'offer', 'version']),
  })
export const waitlistJoined = happened('joined')
export const waitlistOffered = happened('offered')
/** The offered time was taken by another booking; the entry waits again in its place. */
export const waitlistOfferWithdrawn = happened('offer_withdrawn')
export const waitlistAccepted = happened('accepted')
export const waitlistDeclined = happened('declined')
export const waitlistExpired = happened('expired')
export const waitlistLeft = happened('left')

/** What people do with an entry, named as in the paths. */
export const waitlistSteps = steps(WaitlistStatus, {
  accept: { from: ['offered'], to: 'accepted', event: waitlistAccepted, refusal: 'offer-gone' },
  decline: { from: ['offered'], to: 'declined', event: waitlistDeclined, refusal: 'offer-gone' },
  leave: { from: ['waiting', 'offered'], to: 'cancelled', event: waitlistLeft },
})

/** What the list does by itself, as time becomes free, is taken, and passes. */
export const waitlistTurns = steps(WaitlistStatus, {
  offer: { from: ['waiting'], to: 'offered', event: waitlistOffered },
  withdraw: { from: ['offered'], to: 'waiting', event: waitlistOfferWithdrawn },
  expire: { from: ['waiting', 'offered'], to: 'expired', event: waitlistExpired },
})

export const listWaitlist = route({
  service: 'scheduling',
  operationId: 'listWaitlist',
  method: 'GET',
  path: '/api/waitlist',
  summary: 'The waitlist in its order',
  access: 'appointments.read',
  query: ListQuery({
    patient_id: Type.Optional(Id),
    doctor_id: Type.Optional(Id),
    status: Type.Optional(WaitlistStatus),
  }),
  status: 200,
  answer: Page(WaitlistEntry),
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const joinWaitlist = route({
  service: 'scheduling',
  operationId: 'joinWaitlist',
  method: 'POST',
  path: '/api/waitlist',
  summary: 'Put a patient on the waitlist for a time between `from` and `to`, with one doctor or any',
  access: 'appointments.write',
  body: Closed({
    patient_id: Id,
    doctor_id: Type.Optional(Nullable(Id)),
    from: Instant,
    to: Instant,
    duration_minutes: Type.Optional(DurationMinutes),
    notes: Type.Optional(Nullable(Line(1000))),
  }),
  status: 201,
  answer: WaitlistEntry,
  problems: ['unknown-reference', 'validation-failed', 'doctor-unavailable', 'patient-archived'],
  events: [waitlistJoined],
  people: { doctor: 'body.doctor_id', patient: 'body.patient_id' },
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const getWaitlistEntry = route({
  service: 'scheduling',
  operationId: 'getWaitlistEntry',
  method: 'GET',
  path: '/api/waitlist/:id',
  summary: 'One entry of the waitlist',
  access: 'appointments.read',
  params: IdParams,
  status: 200,
  answer: WaitlistEntry,
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const acceptOffer = route({
  service: 'scheduling',
  operationId: 'acceptOffer',
  method: 'POST',
  path: '/api/waitlist/:id/accept',
  summary: 'The patient takes the offered slot; exactly once',
  access: 'appointments.write',
  params: IdParams,
  status: 201,
  answer: Appointment,
  problems: bookingProblems,
  step: { of: waitlistSteps, name: 'accept' },
  events: [appointmentBooked, waitlistOfferWithdrawn],
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const declineOffer = route({
  service: 'scheduling',
  operationId: 'declineOffer',
  method: 'POST',
  path: '/api/waitlist/:id/decline',
  summary: 'The patient does not take the offered slot; it is offered to the next',
  access: 'appointments.write',
  params: IdParams,
  status: 200,
  answer: WaitlistEntry,
  step: { of: waitlistSteps, name: 'decline' },
  events: [waitlistOffered],
  fields: appointmentFields,
  patient: 'answer.patient_id',
})

export const leaveWaitlist = route({
  service: 'scheduling',
  operationId: 'leaveWaitlist',
  method: 'DELETE',
  path: '/api/waitlist/:id',
  summary: 'Take a patient off the waitlist',
  access: 'appointments.write',
  params: IdParams,
  status: 200,
  answer: WaitlistEntry,
  step: { of: waitlistSteps, name: 'leave' },
  events: [waitlistOffered],
  fields: appointmentFields,
  patient: 'answer.patient_id',
})
