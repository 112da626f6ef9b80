import t from 'tap'
import {
  type Answer,
  admin,
  doctor,
  manager,
  pharmacist,
  receptionist,
  startScheduling,
  stranger,
} from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { get, post, put, patch, del, events } = system

const book = (fields: Record<string, unknown>, who = receptionist): Promise<Answer> =>
  post(who, '/api/appointments', { patient_id: 101, doctor_id: 11, ...fields })
const everyWeekday = (start: string, end: string) => [1, 2, 3, 4, 5].map((weekday) => ({ weekday, start, end }))
const starts = (answer: Answer): string[] => answer.body.map(({ start }: { start: string }) => start)
const availability = (id: number, from: string, to: string, minutes = 30) =>
  get(
    receptionist,
    `/api/doctors/${id}/availability?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&duration_minutes=${minutes}`,
  )

t.test('the doctors of the hospital', async (t) => {
  const all = await get(receptionist, '/api/doctors?limit=2')
  t.same(
    all.body.data.map(({ name }: { name: string }) => name),
    ['Ann Archer', 'Bob Baker'],
  )
  const rest = await get(receptionist, `/api/doctors?cursor=${all.body.page.next_cursor}`)
  t.same(
    rest.body.data.map(({ name }: { name: string }) => name),
    ['Carl Cook', 'Dora Dyer', 'Person 1'],
  )
  t.same(
    (await get(receptionist, '/api/doctors?q=BAK')).body.data.map(({ id }: { id: number }) => id),
    [12],
  )
  t.same(
    (await get(receptionist, '/api/doctors?q=dora%40example')).body.data.map(({ id }: { id: number }) => id),
    [14],
  )
  t.same((await get(receptionist, '/api/doctors?q=%25')).body.data, [], 'a percent sign is a percent sign')
  t.same(
    (await get(receptionist, '/api/doctors?status=inactive')).body.data.map(({ id }: { id: number }) => id),
    [13, 1],
  )
  t.match(await get(receptionist, '/api/doctors/11'), { status: 200, body: { name: 'Ann Archer', status: 'active' } })
  t.equal((await get(receptionist, '/api/doctors/41')).status, 404, 'a receptionist is no doctor')
  t.equal((await get(pharmacist, '/api/doctors')).status, 403)
})

t.test('the settings of the hospital', async (t) => {
  const before = await get(pharmacist, '/api/hospital')
  t.match(before, {
    status: 200,
    headers: { etag: '"1"' },
    body: { timezone: 'UTC', opening_hours: null, closing_days: [] },
  })
  t.equal((await patch(doctor, '/api/hospital', 1, { timezone: 'Europe/London' })).status, 403)
  t.equal((await put(admin, '/api/hospital', {})).status, 404, 'only PATCH')
  t.match(await patch(admin, '/api/hospital', 1, { timezone: 'Europe/Atlantis' }), {
    status: 422,
    body: { errors: [{ pointer: '/timezone' }] },
  })
  t.match(await patch(admin, '/api/hospital', 1, { opening_hours: [{ weekday: 1, start: '17:00', end: '09:00' }] }), {
    status: 422,
    body: { code: 'validation-failed', errors: [{ pointer: '/opening_hours/0' }] },
  })
  const twice = [{ date: '2031-12-25' }, { date: '2031-12-25' }]
  t.match(await patch(admin, '/api/hospital', 1, { closing_days: twice }), {
    status: 422,
    body: { errors: [{ pointer: '/closing_days/1/date' }] },
  })
  t.equal(
    (await patch(admin, '/api/hospital', 1, { opening_hours: [{ weekday: 8, start: '09:00', end: '17:00' }] })).status,
    400,
  )
  t.equal(
    (await patch(admin, '/api/hospital', 1, { opening_hours: [{ weekday: 1, start: '9:00', end: '25:00' }] })).status,
    400,
  )
  const after = await patch(admin, '/api/hospital', 1, {
    timezone: 'Europe/London',
    opening_hours: everyWeekday('08:00', '18:00'),
    closing_days: [{ date: '2031-12-25', name: 'Christmas' }],
  })
  t.match(after, {
    status: 200,
    body: { version: 2, timezone: 'Europe/London', closing_days: [{ date: '2031-12-25', name: 'Christmas' }] },
  })
  t.equal((await patch(admin, '/api/hospital', 1, { offer_minutes: 30 })).status, 412)
  t.equal((await get(stranger, '/api/hospital')).body.timezone, 'UTC', 'the other hospital has its own')
})

t.test('working hours', async (t) => {
  const path = '/api/doctors/11/working-hours'
  t.match(await get(receptionist, path), {
    status: 200,
    body: { rules: [], source: 'hospital', version: 0, timezone: 'Europe/London' },
  })
  t.match(await get(stranger, path), { body: { source: 'around-the-clock' } })
  const rules = [...everyWeekday('09:00', '12:00'), ...everyWeekday('13:00', '17:00')]
  t.equal((await put(receptionist, path, { rules })).status, 403)
  t.match(await put(doctor, path, { rules: [{ weekday: 1, start: '10:00', end: '09:00' }] }), {
    status: 422,
    body: { errors: [{ pointer: '/rules/0' }] },
  })
  t.equal((await put(doctor, path, { rules, timezone: 'UTC' })).status, 400)
  t.match(await put(doctor, path, { rules }), { status: 200, body: { source: 'doctor', version: 1, rules } })
  t.equal((await system.call(doctor, 'PUT', path, { rules: [] }, { 'if-match': '"0"' })).status, 412)
  t.equal((await put(doctor, '/api/doctors/41/working-hours', { rules })).status, 404)
})

t.test('booking keeps to the hours, in the time zone of the hospital', async (t) => {
  // 2031-03-28 is the Friday before the clocks go forward, 2031-03-31 the Monday after.
  t.equal((await book({ appointment_date: '2031-03-28T09:00:00Z' })).status, 201, 'nine in winter')
  t.equal((await book({ appointment_date: '2031-03-31T08:00:00Z' })).status, 201, 'nine in summer')
  const early = await book({ patient_id: 102, appointment_date: '2031-03-28T08:00:00Z' })
  t.match(early, { status: 422, body: { code: 'outside-working-hours' } })
  t.equal(early.body.alternatives[0].start, '2031-03-28T09:30:00.000Z', 'the nearest free time is named')
  for (const outside of [
    '2031-03-28T12:00:00Z',
    '2031-03-28T11:45:00Z',
    '2031-03-29T10:00:00Z',
    '2031-03-28T17:00:00Z',
  ]) {
    t.equal((await book({ patient_id: 102, appointment_date: outside })).body.code, 'outside-working-hours', outside)
  }
  const over = {
    patient_id: 103,
    appointment_date: '2031-03-29T10:00:00Z',
    overbook_reason: 'she can come on Saturday',
  }
  t.equal((await book(over)).status, 403)
  t.equal((await book(over, doctor)).status, 201)
  t.equal(
    (await book({ doctor_id: 12, patient_id: 104, appointment_date: '2031-12-25T10:00:00Z' })).body.code,
    'outside-working-hours',
    'closed',
  )
  t.equal(
    (await book({ doctor_id: 12, patient_id: 104, appointment_date: '2031-12-24T19:00:00Z' })).body.code,
    'outside-working-hours',
    "the hospital's hours",
  )
})

t.test('availability', async (t) => {
  const winter = await availability(11, '2031-03-28T00:00:00Z', '2031-03-29T00:00:00Z', 60)
  t.same(
    starts(winter),
    ['10:00', '11:00', '13:00', '14:00', '15:00', '16:00'].map((clock) => `2031-03-28T${clock}:00.000Z`),
  )
  t.match(winter.body[0], { start: '2031-03-28T10:00:00.000Z', end: '2031-03-28T11:00:00.000Z' })
  const summer = await availability(11, '2031-04-01T00:00:00+01:00', '2031-04-02T00:00:00+01:00', 60)
  t.same(
    starts(summer),
    ['08:00', '09:00', '10:00', '12:00', '13:00', '14:00', '15:00'].map((clock) => `2031-04-01T${clock}:00.000Z`),
  )
  t.same(starts(await availability(12, '2031-12-25T00:00:00Z', '2031-12-26T00:00:00Z')), [], 'closed')
  t.same(starts(await availability(13, '2031-12-22T00:00:00Z', '2031-12-24T00:00:00Z')), [], 'inactive')
  const slot = starts(winter)[0]
  t.equal(
    (await book({ patient_id: 105, appointment_date: slot, duration_minutes: 60 })).status,
    201,
    'a free slot can be booked',
  )
  t.notOk(starts(await availability(11, '2031-03-28T00:00:00Z', '2031-03-29T00:00:00Z', 60)).includes(slot as string))
  t.equal((await get(receptionist, '/api/doctors/11/availability')).status, 200, 'a week from now')
  t.same(starts(await availability(11, '2020-01-06T00:00:00Z', '2020-01-10T00:00:00Z')), [], 'the past is over')
  t.match(await availability(11, '2031-03-28T00:00:00Z', '2031-03-27T00:00:00Z'), {
    status: 422,
    body: { errors: [{ pointer: 'query:to' }] },
  })
  t.equal((await availability(11, '2031-03-28T00:00:00Z', '2032-03-27T00:00:00Z')).status, 422)
  t.equal((await availability(11, '2031-03-28T00:00:00Z', '2031-03-29T00:00:00Z', 0)).status, 400)
  t.equal((await availability(41, '2031-03-28T00:00:00Z', '2031-03-29T00:00:00Z')).status, 404)
  const hospitalB = await get(
    stranger,
    '/api/doctors/11/availability?from=2031-05-01T00:00:00Z&to=2031-05-02T00:00:00Z',
  )
  t.equal(starts(hospitalB).length, 48, 'around the clock')
})

t.test('time off', async (t) => {
  const path = '/api/doctors/12/time-off'
  const { body: booked } = await book({ patient_id: 106, doctor_id: 12, appointment_date: '2031-06-10T09:00:00Z' })
  const { body: outside } = await book({ patient_id: 107, doctor_id: 12, appointment_date: '2031-06-12T09:00:00Z' })
  t.equal((await post(receptionist, path, { from: '2031-06-10', to: '2031-06-11' })).status, 403)
  t.match(await post(doctor, path, { from: '2031-06-11', to: '2031-06-10' }), {
    status: 422,
    body: { errors: [{ pointer: '/to' }] },
  })
  t.match(await post(doctor, path, { from: '2031-06-10', to: '9999-12-31' }), {
    status: 422,
    body: { errors: [{ pointer: '/to' }] },
  })
  t.equal((await availability(12, '9999-12-31T00:00:00Z', '9999-12-31T23:00:00Z')).status, 422)
  t.equal((await post(doctor, path, { from: 'soon', to: '2031-06-10' })).status, 400)
  t.equal((await post(doctor, '/api/doctors/41/time-off', { from: '2031-06-10', to: '2031-06-11' })).status, 404)
  const away = await post(doctor, path, { from: '2031-06-10', to: '2031-06-11', reason: 'conference' })
  t.match(away, {
    status: 201,
    body: { doctor_id: 12, from: '2031-06-09T23:00:00.000Z', to: '2031-06-11T23:00:00.000Z', reason: 'conference' },
  })
  t.same(
    away.body.affected.map(({ id }: { id: number }) => id),
    [booked.id],
  )
  const { suggestions } = away.body.affected[0]
  t.equal(suggestions.length, 3)
  t.match(
    suggestions[0],
    { doctor_id: 11, appointment_date: '2031-06-10T09:00:00.000Z' },
    'a colleague at the same time',
  )
  for (const { doctor_id, appointment_date } of suggestions) {
    const { version } = (await get(receptionist, `/api/appointments/${booked.id}`)).body
    t.equal(
      (await patch(receptionist, `/api/appointments/${booked.id}`, version, { doctor_id, appointment_date })).status,
      200,
      'and it works',
    )
  }
  const refused = await book({ patient_id: 108, doctor_id: 12, appointment_date: '2031-06-11T09:00:00Z' })
  t.match(refused, { status: 422, body: { code: 'doctor-unavailable' } })
  t.equal(refused.body.alternatives.length, 3)
  t.same(starts(await availability(12, '2031-06-10T00:00:00+01:00', '2031-06-12T00:00:00+01:00')), [])
  const instants = await post(doctor, path, { from: '2031-07-01T09:00:00Z', to: '2031-07-01T12:00:00Z' })
  t.match(instants, { status: 201, body: { from: '2031-07-01T09:00:00.000Z', affected: [] } })
  const list = await get(receptionist, `${path}?from=2031-06-01T00:00:00Z&limit=1`)
  t.equal(list.body.data.length, 1)
  t.same(
    (
      await get(receptionist, `${path}?from=2031-06-01T00:00:00Z&limit=1&cursor=${list.body.page.next_cursor}`)
    ).body.data.map(({ id }: { id: number }) => id),
    [instants.body.id],
  )
  t.equal((await del(receptionist, `/api/doctors/time-off/${away.body.id}`)).status, 403)
  t.equal((await del({ ...doctor, tenant: 'hospital_b' }, `/api/doctors/time-off/${away.body.id}`)).status, 404)
  t.equal((await del(doctor, `/api/doctors/time-off/${away.body.id}`)).status, 204)
  t.equal((await book({ patient_id: 108, doctor_id: 12, appointment_date: '2031-06-11T09:00:00Z' })).status, 201)
  t.equal((await get(receptionist, `/api/appointments/${outside.id}`)).body.version, 1)
  t.same(
    (await events('time_off', away.body.id)).map(({ verb }) => verb),
    ['added', 'removed'],
  )
})

t.test('appointments that cannot take place, with suggestions', async (t) => {
  const { body: one } = await book({ patient_id: 110, doctor_id: 14, appointment_date: '2031-08-05T09:00:00Z' })
  const { body: two } = await book({ patient_id: 111, doctor_id: 14, appointment_date: '2031-08-06T09:00:00Z' })
  const path = '/api/doctors/14/affected-appointments'
  t.same((await get(manager, path)).body.data, [])
  await system.db.query("UPDATE hospital_a.doctors SET status = 'inactive', version = 2 WHERE id = 14")
  const affected = await get(manager, `${path}?limit=1`)
  t.match(affected.body.data, [
    { id: one.id, suggestions: [{ doctor_id: 11, appointment_date: '2031-08-05T09:00:00.000Z' }] },
  ])
  t.notOk('patient_name' in affected.body.data[0], 'a manager sees no names')
  const next = await get(receptionist, `${path}?cursor=${affected.body.page.next_cursor}`)
  t.match(next.body.data, [{ id: two.id, patient_name: 'First111 Last111' }])
  t.equal(
    (await book({ patient_id: 112, doctor_id: 14, appointment_date: '2031-08-07T09:00:00Z' })).body.code,
    'doctor-unavailable',
  )
  t.equal(
    (await patch(receptionist, `/api/appointments/${one.id}`, 1, { appointment_date: '2031-08-05T10:00:00Z' })).body
      .code,
    'doctor-unavailable',
  )
  t.equal((await patch(receptionist, `/api/appointments/${one.id}`, 1, { doctor_id: 11 })).status, 200)
  t.same(
    (await get(manager, path)).body.data.map(({ id }: { id: number }) => id),
    [two.id],
  )
  t.equal((await get(manager, '/api/doctors/41/affected-appointments')).status, 404)
})
