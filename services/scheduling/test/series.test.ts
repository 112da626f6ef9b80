import t from 'tap'
import { type Answer, admin, doctor, receptionist, startScheduling, stranger } from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { get, post, patch, del, call, events } = system

type Row = {
  id: number
  version: number
  appointment_date: string
  status: string
  notes: string | null
  doctor_id: number
}
const series = (fields: Record<string, unknown>, who = receptionist): Promise<Answer> =>
  post(who, '/api/appointments/series', { patient_id: 101, doctor_id: 11, ...fields })
const ofSeries = async (id: number): Promise<Row[]> =>
  (await get(receptionist, `/api/appointments?series_id=${id}&limit=100`)).body.data
const dates = (rows: readonly { appointment_date: string }[]) => rows.map(({ appointment_date }) => appointment_date)
const nineOn = (days: string[], month = '03') => days.map((day) => `2031-${month}-${day}T09:00:00.000Z`)
const cancelled = (rows: Row[]) => rows.map(({ status }) => status === 'cancelled')

await patch(admin, '/api/hospital', 1, { timezone: 'America/New_York' })

t.test('a weekly series keeps its time on the wall', async (t) => {
  const made = await series({
    appointment_date: '2031-03-03T14:00:00Z',
    repeat: { frequency: 'weekly', count: 3 },
    notes: 'physio',
  })
  t.equal(made.status, 201)
  t.same(dates(made.body.appointments), [
    '2031-03-03T14:00:00.000Z',
    '2031-03-10T13:00:00.000Z',
    '2031-03-17T13:00:00.000Z',
  ])
  t.same(made.body.conflicts, [])
  t.ok(made.body.appointments.every((row: { series_id: number }) => row.series_id === made.body.series_id))
  t.same(await ofSeries(made.body.series_id), made.body.appointments)
  t.match(await events('appointment', made.body.appointments[2].id), [
    { verb: 'booked', data: { series_id: made.body.series_id } },
  ])
})

t.test('dates that conflict are named, the others are booked', async (t) => {
  await patch(admin, '/api/hospital', 2, { timezone: 'UTC', closing_days: [{ date: '2031-03-06' }] })
  const single = (patient_id: number, doctor_id: number, appointment_date: string) =>
    post(receptionist, '/api/appointments', { patient_id, doctor_id, appointment_date })
  await single(102, 12, '2031-03-05T09:15:00Z')
  await single(103, 11, '2031-03-07T09:00:00Z')
  await post(doctor, '/api/doctors/12/time-off', { from: '2031-03-08', to: '2031-03-08' })
  const made = await series({
    patient_id: 103,
    doctor_id: 12,
    appointment_date: '2031-03-04T09:00:00Z',
    repeat: { frequency: 'daily', count: 6 },
  })
  t.equal(made.status, 201)
  t.same(dates(made.body.appointments), nineOn(['04', '09']))
  t.same(made.body.conflicts, [
    { appointment_date: '2031-03-05T09:00:00.000Z', code: 'slot-taken' },
    { appointment_date: '2031-03-06T09:00:00.000Z', code: 'outside-working-hours' },
    { appointment_date: '2031-03-07T09:00:00.000Z', code: 'patient-busy' },
    { appointment_date: '2031-03-08T09:00:00.000Z', code: 'doctor-unavailable' },
  ])
  const again = await series({
    patient_id: 104,
    doctor_id: 12,
    appointment_date: '2031-03-05T09:00:00Z',
    repeat: { frequency: 'daily', count: 1 },
  })
  t.match(
    again,
    { status: 409, body: { code: 'slot-taken', conflicts: [{ code: 'slot-taken' }] } },
    'nothing to book is a refusal',
  )
})

t.test('what a series is refused for', async (t) => {
  const base = { appointment_date: '2031-04-01T09:00:00Z', repeat: { frequency: 'daily', count: 2 } }
  t.match(await series({ ...base, patient_id: 9999 }), { status: 422, body: { errors: [{ pointer: '/patient_id' }] } })
  t.match(await series({ ...base, doctor_id: 9999 }), { status: 422, body: { errors: [{ pointer: '/doctor_id' }] } })
  t.equal((await series({ ...base, doctor_id: 13 })).body.code, 'doctor-unavailable')
  t.equal((await series({ ...base, patient_id: 199 })).body.code, 'patient-archived')
  t.equal((await series({ ...base, appointment_date: '2020-04-01T09:00:00Z' })).status, 422)
  t.equal((await series({ ...base, repeat: { frequency: 'yearly', count: 2 } })).status, 400)
  t.equal((await series({ ...base, repeat: { frequency: 'daily', count: 201 } })).status, 400)
  t.equal((await series({ ...base, repeat: { frequency: 'daily' } })).status, 400)
  t.equal((await series({ ...base, overbook_reason: 'x' })).status, 400)
  t.equal(
    (await series({ ...base, duration_minutes: 1440, repeat: { frequency: 'daily', count: 3 } })).status,
    201,
    'day after day',
  )
})

t.test('change this, the following, or all', async (t) => {
  const made = await series({
    patient_id: 105,
    doctor_id: 14,
    appointment_date: '2031-05-05T09:00:00Z',
    repeat: { frequency: 'weekly', count: 4 },
  })
  const [first, second, third] = made.body.appointments as [Row, Row, Row]
  const change = (row: Row, scope: string, body: unknown, version = row.version) =>
    patch(receptionist, `/api/appointments/${row.id}?scope=${scope}`, version, body)
  t.equal((await change(second, 'these', { notes: 'x' })).status, 400)
  t.equal((await call(receptionist, 'PATCH', `/api/appointments/${second.id}?scope=all`, { notes: 'x' })).status, 428)
  t.equal((await change(second, 'all', { notes: 'x' }, 9)).status, 412)

  t.match(await change(third, 'following', { appointment_date: '2031-05-20T10:30:00Z', notes: 'later' }), {
    status: 200,
    body: { id: third.id, appointment_date: '2031-05-20T10:30:00.000Z', version: 2 },
  })
  t.same(dates(await ofSeries(made.body.series_id)), [
    ...nineOn(['05', '12'], '05'),
    '2031-05-20T10:30:00.000Z',
    '2031-05-27T10:30:00.000Z',
  ])

  t.equal(
    (await change(first, 'all', { appointment_date: '2031-05-12T09:00:00Z' })).status,
    200,
    'onto times that others of it leave',
  )
  t.same(dates(await ofSeries(made.body.series_id)), [
    ...nineOn(['12', '19'], '05'),
    '2031-05-27T10:30:00.000Z',
    '2031-06-03T10:30:00.000Z',
  ])
  t.equal((await change({ ...second, version: 2 }, 'this', { doctor_id: 12 })).status, 200)
  t.same(
    (await ofSeries(made.body.series_id)).map((row) => row.doctor_id),
    [14, 12, 14, 14],
  )

  await post(receptionist, '/api/appointments', {
    patient_id: 106,
    doctor_id: 14,
    appointment_date: '2031-06-04T10:30:00Z',
  })
  const before = await ofSeries(made.body.series_id)
  const blocked = await change({ ...first, version: 2 }, 'all', { appointment_date: '2031-05-13T09:00:00Z' })
  t.match(blocked, {
    status: 409,
    body: { code: 'slot-taken', conflicts: [{ appointment_date: '2031-06-04T10:30:00.000Z', code: 'slot-taken' }] },
  })
  t.same(await ofSeries(made.body.series_id), before, 'wholly or not at all')
  t.match(await change({ ...first, version: 2 }, 'all', { overbook_reason: 'x' }), {
    status: 422,
    body: { errors: [{ pointer: '/overbook_reason' }] },
  })
  t.equal((await change({ ...first, version: 2 }, 'all', { notes: 'bring shoes' })).status, 200)
  t.ok((await ofSeries(made.body.series_id)).every(({ notes }) => notes === 'bring shoes'))
  t.equal((await patch(stranger, `/api/appointments/${first.id}?scope=all`, 1, { notes: 'x' })).status, 404)
})

t.test('cancel this, the following, or all', async (t) => {
  const make = async (patient_id: number, month: string) =>
    (
      await series({
        patient_id,
        doctor_id: 12,
        appointment_date: `2031-${month}-01T09:00:00Z`,
        repeat: { frequency: 'daily', count: 4 },
      })
    ).body
  const one = await make(107, '07')
  const [, second, third] = one.appointments
  t.match(await del(receptionist, `/api/appointments/${second.id}?reason=ill`), {
    status: 200,
    body: { status: 'cancelled', cancel_reason: 'ill', version: 2 },
  })
  t.same(cancelled(await ofSeries(one.series_id)), [false, true, false, false])
  t.equal((await del(receptionist, `/api/appointments/${second.id}`)).body.code, 'illegal-transition')
  t.equal((await del(receptionist, `/api/appointments/${third.id}?scope=following`)).status, 200)
  t.same(cancelled(await ofSeries(one.series_id)), [false, true, true, true])
  const two = await make(108, '08')
  await post(receptionist, `/api/appointments/${two.appointments[0].id}/confirm`)
  await post(receptionist, `/api/appointments/${two.appointments[0].id}/check-in`)
  t.equal((await del(receptionist, `/api/appointments/${two.appointments[2].id}?scope=all`)).status, 200)
  t.same(cancelled(await ofSeries(two.series_id)), [false, true, true, true], 'who is here already stays')
  const { body: single } = await post(receptionist, '/api/appointments', {
    patient_id: 109,
    doctor_id: 12,
    appointment_date: '2031-09-01T09:00:00Z',
  })
  t.equal(
    (await del(receptionist, `/api/appointments/${single.id}?scope=all`)).body.status,
    'cancelled',
    'without a series: this one',
  )
  t.equal((await del(stranger, `/api/appointments/${single.id}`)).status, 404)
})
