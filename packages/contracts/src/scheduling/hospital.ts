import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import { Closed, DateOnly, Line, MergePatch, Nullable } from '../kernel/schema.ts'

/** A wall-clock time of the hospital; `24:00` is the end of the day. */
export const ClockTime = Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' })

/** Weekly hours in the hospital's time zone; a shift over midnight is two rules, the first ending at 24:00. */
export const WeeklyRule = Closed({
  /** 1 is Monday, 7 Sunday. */
  weekday: Type.Integer({ minimum: 1, maximum: 7 }),
  start: ClockTime,
  end: ClockTime,
})
export const WeeklyRules = Type.Array(WeeklyRule, { maxItems: 70 })

export const ClosingDay = Closed({ date: DateOnly, name: Type.Optional(Line(200)) })

export const Hospital = Type.Object({
  tenant_id: Type.String(),
  timezone: Type.String(),
  /** null: open around the clock. */
  opening_hours: Nullable(WeeklyRules),
  closing_days: Type.Array(ClosingDay),
  /** A patient who has not checked in this long after the end of the appointment did not come; null: nobody decides that. */
  no_show_after_minutes: Nullable(Type.Integer()),
  /** How long an offered slot waits for an answer. */
  offer_minutes: Type.Integer(),
  version: Type.Integer(),
})

export const hospitalUpdated = event({
  service: 'scheduling',
  entity: 'hospital',
  verb: 'updated',
  version: 1,
  data: Type.Object({ timezone: Type.String(), version: Type.Integer() }),
})

export const getHospital = route({
  service: 'scheduling',
  operationId: 'getHospital',
  method: 'GET',
  path: '/api/hospital',
  summary: 'Time zone, opening hours, closing days and booking rules of this hospital',
  access: 'signed-in',
  status: 200,
  answer: Hospital,
})

export const changeHospital = route({
  service: 'scheduling',
  operationId: 'changeHospital',
  method: 'PATCH',
  path: '/api/hospital',
  summary: 'Change time zone, opening hours, closing days or booking rules; lists are replaced as a whole',
  access: 'hospital.manage',
  body: MergePatch(
    Closed({
      timezone: Line(64),
      opening_hours: Nullable(WeeklyRules),
      closing_days: Type.Array(ClosingDay, { maxItems: 400 }),
      no_show_after_minutes: Nullable(Type.Integer({ minimum: 0, maximum: 10_080 })),
      offer_minutes: Type.Integer({ minimum: 5, maximum: 2880 }),
    }),
  ),
  status: 200,
  answer: Hospital,
  problems: ['validation-failed'],
  events: [hospitalUpdated],
})
