import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, IdParams } from '../kernel/schema.ts'

export const createCalendarToken = route({
  service: 'scheduling',
  operationId: 'createCalendarToken',
  method: 'POST',
  path: '/api/doctors/:id/calendar-token',
  summary: "The address of a doctor's calendar feed; a new one ends the old. Shown once, only its hash is kept",
  access: 'schedule.manage',
  params: IdParams,
  /** Names leave the system with the feed, so only the doctor themselves can ask for them. */
  body: Closed({ include_patient_names: Type.Optional(Type.Boolean()) }),
  status: 201,
  answer: Type.Object({ url: Type.String() }),
  problems: ['doctor-unavailable'],
  people: { doctor: 'path.id' },
  secretAnswer: true,
})

export const revokeCalendarToken = route({
  service: 'scheduling',
  operationId: 'revokeCalendarToken',
  method: 'DELETE',
  path: '/api/doctors/:id/calendar-token',
  summary: 'End the calendar feed',
  access: 'schedule.manage',
  params: IdParams,
  status: 204,
  answer: null,
})

export const getCalendarFeed = route({
  service: 'scheduling',
  operationId: 'getCalendarFeed',
  method: 'GET',
  path: '/api/appointments/calendar.ics',
  summary: "A doctor's appointments as iCalendar (text/calendar), by the token of the address",
  access: 'public',
  query: Closed({ token: Type.String({ minLength: 1, maxLength: 200 }) }),
  status: 200,
  answer: Type.String(),
  produces: 'text/calendar; charset=utf-8',
  problems: ['not-found'],
})
