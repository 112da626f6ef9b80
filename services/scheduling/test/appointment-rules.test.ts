import { Problem } from '@hospital/contracts'
import t from 'tap'
import { type BookingCase, decideBooking, decideConflict, decideDate } from '../src/appointments/rules.ts'
import { findSettingErrors } from '../src/hospital/rules.ts'
import { findWindowErrors } from '../src/waitlist/rules.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** A Monday. */
const now = Date.parse('2031-03-03T10:00:00Z')
const at = (text: string) => Date.parse(`2031-${text}:00Z`)
const span = (start: string, minutes: number) => ({ start: at(start), end: at(start) + minutes * minuteMs })

/** How a decision came out: the code of what stands against it, with the place it points at; `yes` when nothing does. */
function outcomeOf(decide: () => unknown): string {
  const said = (code: string, errors: readonly { pointer: string }[] = []) =>
    [code, ...errors.map(({ pointer }) => pointer)].join(' ')
  try {
    const refusal = decide() as { code: string; errors?: { pointer: string }[] } | null | undefined
    return refusal ? said(refusal.code, refusal.errors) : 'yes'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return said(error.code, error.options.errors)
  }
}

/** A booking that nothing stands against: Tuesday at nine, in hours, everybody there. */
const bookable: BookingCase = {
  wanted: span('03-04T09:00', 30),
  now,
  doctorStatus: 'active',
  patientStatus: 'active',
  hours: {
    timezone: 'Etc/UTC',
    rules: [
      { weekday: 2, start: '08:00', end: '12:00' },
      { weekday: 2, start: '12:00', end: '13:00' },
      { weekday: 2, start: '14:00', end: '17:00' },
      { weekday: 2, start: '20:00', end: '24:00' },
      { weekday: 3, start: '00:00', end: '06:00' },
    ],
    closingDays: new Set(['2031-03-11']),
  },
  timeOff: [span('03-04T15:00', 60)],
  overbooked: false,
  mayOverbook: false,
}
const overbooked = { overbooked: true, mayOverbook: true }
const always: BookingCase['hours'] = { timezone: 'Etc/UTC', rules: null, closingDays: new Set() }

const cases: [what: string, changes: Partial<BookingCase>, outcome: string][] = [
  ['in hours', {}, 'yes'],

  ['before the first shift', { wanted: span('03-04T07:30', 30) }, 'outside-working-hours'],
  ['from the first minute of a shift', { wanted: span('03-04T08:00', 30) }, 'yes'],
  ['a minute before it', { wanted: span('03-04T07:59', 30) }, 'outside-working-hours'],
  ['to the last minute of the day', { wanted: span('03-04T16:30', 30) }, 'yes'],
  ['a minute longer', { wanted: span('03-04T16:30', 31) }, 'outside-working-hours'],
  ['over two shifts that meet', { wanted: span('03-04T11:45', 30) }, 'yes'],
  ['into the break', { wanted: span('03-04T12:45', 30) }, 'outside-working-hours'],
  ['over the whole break', { wanted: span('03-04T12:30', 120) }, 'outside-working-hours'],
  ['over midnight', { wanted: span('03-04T23:30', 60) }, 'yes'],
  ['another weekday', { wanted: span('03-06T09:00', 30) }, 'outside-working-hours'],
  ['a closing day', { wanted: span('03-11T09:00', 30) }, 'outside-working-hours'],
  ['without rules, at night', { hours: always, wanted: span('03-06T03:00', 30) }, 'yes'],
  [
    'a closing day without rules',
    { hours: { ...always, closingDays: new Set(['2031-03-06']) }, wanted: span('03-06T03:00', 30) },
    'outside-working-hours',
  ],
  ['nobody ever works', { hours: { ...bookable.hours, rules: [] } }, 'outside-working-hours'],
  [
    'by the wall clock of the hospital',
    { hours: { ...bookable.hours, timezone: 'America/New_York' }, wanted: span('03-04T13:00', 30) },
    'yes',
  ],
  [
    'by no other wall clock',
    { hours: { ...bookable.hours, timezone: 'America/New_York' }, wanted: span('03-04T09:00', 30) },
    'outside-working-hours',
  ],

  ['in time off', { wanted: span('03-04T15:15', 15) }, 'doctor-unavailable'],
  ['into time off', { wanted: span('03-04T14:45', 30) }, 'doctor-unavailable'],
  ['out of time off', { wanted: span('03-04T15:45', 30) }, 'doctor-unavailable'],
  ['around time off', { wanted: span('03-04T14:30', 120) }, 'doctor-unavailable'],
  ['until time off begins', { wanted: span('03-04T14:30', 30) }, 'yes'],
  ['from its end', { wanted: span('03-04T16:00', 30) }, 'yes'],
  [
    'outside hours is said before time off',
    { timeOff: [span('03-04T07:00', 60)], wanted: span('03-04T07:00', 30) },
    'outside-working-hours',
  ],

  ['a day ago', { hours: always, wanted: { start: now - dayMs, end: now - dayMs + hourMs } }, 'yes'],
  [
    'longer ago',
    { hours: always, wanted: { start: now - dayMs - 1, end: now } },
    'validation-failed /appointment_date',
  ],
  ['in ten years', { hours: always, wanted: { start: now + 3660 * dayMs, end: now + 3661 * dayMs } }, 'yes'],
  [
    'in more',
    { hours: always, wanted: { start: now + 3660 * dayMs + 1, end: now + 3661 * dayMs } },
    'validation-failed /appointment_date',
  ],
  [
    'long ago and overbooked',
    { ...overbooked, wanted: span('02-01T09:00', 30) },
    'validation-failed /appointment_date',
  ],

  ['no such patient', { patientStatus: null }, 'unknown-reference /patient_id'],
  ['no such doctor', { doctorStatus: null }, 'unknown-reference /doctor_id'],
  ['nobody is said of the patient first', { patientStatus: null, doctorStatus: null }, 'unknown-reference /patient_id'],
  ['an archived patient', { patientStatus: 'inactive' }, 'patient-archived'],
  ['one who has died', { patientStatus: 'deceased' }, 'patient-archived'],
  ['a doctor who has left', { doctorStatus: 'inactive' }, 'doctor-unavailable /doctor_id'],

  ['overbooked by somebody who may', { ...overbooked, wanted: span('03-04T03:00', 30) }, 'yes'],
  ['overbooked in time off', { ...overbooked, wanted: span('03-04T15:15', 15) }, 'yes'],
  ['overbooked by somebody who may not', { overbooked: true }, 'forbidden'],
  ['who may overbook and does not', { mayOverbook: true, wanted: span('03-04T03:00', 30) }, 'outside-working-hours'],
  [
    'overbooked with a doctor who has left',
    { ...overbooked, doctorStatus: 'inactive' },
    'doctor-unavailable /doctor_id',
  ],
  ['overbooked for an archived patient', { ...overbooked, patientStatus: 'inactive' }, 'patient-archived'],
  ['overbooked for nobody', { ...overbooked, patientStatus: null }, 'unknown-reference /patient_id'],
]

t.test('bookings', async (t) => {
  for (const [what, changes, outcome] of cases)
    t.equal(
      outcomeOf(() => decideBooking({ ...bookable, ...changes })),
      outcome,
      what,
    )
})

t.test('dates that nobody means', async (t) => {
  t.equal(
    outcomeOf(() => decideDate(now, now)),
    'yes',
  )
  t.equal(
    outcomeOf(() => decideDate(Date.parse('9999-12-31T00:00:00Z'), now)),
    'validation-failed /appointment_date',
  )
  t.equal(
    outcomeOf(() => decideDate(0, now)),
    'validation-failed /appointment_date',
  )
})

t.test('who is busy: the doctor is said before the patient', async (t) => {
  const doctor = { doctor_id: 1, patient_id: 8 }
  const patient = { doctor_id: 2, patient_id: 9 }
  t.equal(
    outcomeOf(() => decideConflict([], 1)),
    'yes',
  )
  t.equal(
    outcomeOf(() => decideConflict([doctor], 1)),
    'slot-taken',
  )
  t.equal(
    outcomeOf(() => decideConflict([patient], 1)),
    'patient-busy',
  )
  t.equal(
    outcomeOf(() => decideConflict([patient, doctor], 1)),
    'slot-taken',
  )
})

t.test('the time that somebody waits for', async (t) => {
  const errors = (start: number, end: number, minutes = 30) =>
    findWindowErrors({ start, end }, minutes, now).map(({ pointer }) => pointer)
  t.same(errors(now - hourMs, now + hourMs), [])
  t.same(errors(now, now + 30 * minuteMs), [])
  t.same(errors(now, now + 29 * minuteMs), ['/duration_minutes'])
  t.same(errors(now + hourMs, now + hourMs), ['/to'])
  t.same(errors(now + 2 * hourMs, now + hourMs), ['/to'])
  t.same(errors(now - 2 * hourMs, now), ['/to'], 'it is over')
  t.same(errors(now, now + 3661 * dayMs), ['/to'])
  t.same(errors(now - 3661 * dayMs, now + hourMs), ['/from'])
})

t.test('the settings of a hospital', async (t) => {
  const errors = (body: Parameters<typeof findSettingErrors>[0]) =>
    findSettingErrors(body).map(({ pointer }) => pointer)
  t.same(errors({}), [])
  t.same(errors({ timezone: 'Europe/London' }), [])
  t.same(errors({ timezone: 'Europe/Atlantis' }), ['/timezone'])
  const shift = { weekday: 1, start: '08:00', end: '12:00' }
  t.same(errors({ opening_hours: [shift, { ...shift, start: '11:00', end: '13:00' }] }), ['/opening_hours/1'])
  t.same(errors({ opening_hours: [{ ...shift, end: '08:00' }] }), ['/opening_hours/0'])
  const holiday = { date: '2031-12-25', name: 'Christmas' }
  t.same(errors({ closing_days: [holiday, { ...holiday, date: '2031-12-26' }, holiday] }), ['/closing_days/2/date'])
})
