import t from 'tap'
import { makeRound } from '../src/rounds.ts'
import { type Answer, admin, manager, receptionist, startScheduling, stranger } from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { get, post, patch, del, events } = system

const book = async (patient_id: number, appointment_date: string, doctor_id = 11, extra = {}) =>
  (await post(receptionist, '/api/appointments', { patient_id, doctor_id, appointment_date, ...extra })).body
const wait = (fields: Record<string, unknown>): Promise<Answer> =>
  post(receptionist, '/api/waitlist', {
    doctor_id: 11,
    from: '2031-03-04T00:00:00Z',
    to: '2031-03-05T00:00:00Z',
    ...fields,
  })
const entry = async (id: number) => (await get(receptionist, `/api/waitlist/${id}`)).body
const cancel = (id: number) => post(receptionist, `/api/appointments/${id}/cancel`, { reason: 'ill' })
const accept = (id: number) => post(receptionist, `/api/waitlist/${id}/accept`)
const decline = (id: number) => post(receptionist, `/api/waitlist/${id}/decline`)

t.test('joining, reading, leaving', async (t) => {
  const joined = await wait({
    patient_id: 101,
    from: '2031-09-01T00:00:00Z',
    to: '2031-09-02T00:00:00Z',
    notes: 'mornings',
  })
  t.match(joined, {
    status: 201,
    headers: { etag: '"1"' },
    body: {
      patient_id: 101,
      doctor_id: 11,
      duration_minutes: 30,
      status: 'waiting',
      offer: null,
      appointment_id: null,
      version: 1,
    },
  })
  const { body: anybody } = await wait({
    patient_id: 102,
    doctor_id: null,
    from: '2031-09-01T00:00:00Z',
    to: '2031-09-02T00:00:00Z',
  })
  t.equal(anybody.doctor_id, null)
  t.match(await wait({ patient_id: 9999 }), {
    status: 422,
    body: { code: 'unknown-reference', errors: [{ pointer: '/patient_id' }] },
  })
  t.match(await wait({ patient_id: 101, doctor_id: 9999 }), {
    status: 422,
    body: { errors: [{ pointer: '/doctor_id' }] },
  })
  t.equal((await wait({ patient_id: 101, doctor_id: 13 })).body.code, 'doctor-unavailable')
  t.equal((await wait({ patient_id: 199 })).body.code, 'patient-archived')
  t.match(await wait({ patient_id: 101, to: '2031-03-03T00:00:00Z' }), {
    status: 422,
    body: { errors: [{ pointer: '/to' }] },
  })
  t.match(await wait({ patient_id: 101, from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' }), {
    status: 422,
    body: { errors: [{ pointer: '/to' }] },
  })
  t.match(await wait({ patient_id: 101, to: '2031-03-04T00:10:00Z' }), {
    status: 422,
    body: { errors: [{ pointer: '/duration_minutes' }] },
  })
  t.equal((await wait({ patient_id: 101, status: 'offered' })).status, 400)
  t.equal(
    (
      await post(manager, '/api/waitlist', {
        patient_id: 101,
        from: '2031-09-01T00:00:00Z',
        to: '2031-09-02T00:00:00Z',
      })
    ).status,
    403,
  )

  const page = await get(receptionist, '/api/waitlist?limit=1&status=waiting')
  t.same(
    page.body.data.map(({ id }: { id: number }) => id),
    [joined.body.id],
  )
  const next = await get(receptionist, `/api/waitlist?limit=1&status=waiting&cursor=${page.body.page.next_cursor}`)
  t.same(
    next.body.data.map(({ id }: { id: number }) => id),
    [anybody.id],
  )
  t.same(
    (await get(receptionist, '/api/waitlist?patient_id=102')).body.data.map(({ id }: { id: number }) => id),
    [anybody.id],
  )
  t.same((await get(receptionist, '/api/waitlist?doctor_id=12')).body.data, [])
  t.equal((await accept(joined.body.id)).body.code, 'offer-gone', 'nothing was offered yet')
  t.match((await decline(joined.body.id)).body, {
    code: 'offer-gone',
    current_status: 'waiting',
    allowed_steps: ['leave'],
  })
  t.equal((await del(receptionist, `/api/waitlist/${joined.body.id}`)).body.status, 'cancelled')
  t.equal((await del(receptionist, `/api/waitlist/${joined.body.id}`)).body.code, 'illegal-transition')
  t.equal((await get(stranger, `/api/waitlist/${joined.body.id}`)).status, 404)
  t.equal((await post(stranger, `/api/waitlist/${joined.body.id}/accept`)).status, 404)
  await del(receptionist, `/api/waitlist/${anybody.id}`)
})

t.test('a freed slot is offered in order, and accepted exactly once', async (t) => {
  const booked = await book(101, '2031-03-04T09:00:00Z')
  await book(103, '2031-03-04T09:10:00Z', 12)
  const ids: number[] = []
  for (const fields of [
    { patient_id: 102, from: '2031-03-04T10:00:00Z' },
    { patient_id: 102, duration_minutes: 60, to: '2031-03-04T09:40:00Z' },
    { patient_id: 102, doctor_id: 12 },
    { patient_id: 103 },
    { patient_id: 104, doctor_id: null },
    { patient_id: 105 },
  ]) {
    ids.push((await wait(fields)).body.id)
  }
  const [tooLate, tooLong, otherDoctor, busyThen, chosen, second] = ids as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  await cancel(booked.id)
  for (const id of [tooLate, tooLong, otherDoctor, busyThen, second]) t.equal((await entry(id)).status, 'waiting')
  const offered = await entry(chosen)
  t.match(offered, {
    status: 'offered',
    offer: { doctor_id: 11, appointment_date: '2031-03-04T09:00:00.000Z' },
    version: 2,
  })
  const minutes = (Date.parse(offered.offer.expires_at) - Date.now()) / 60_000
  t.ok(minutes > 118 && minutes <= 120, 'for two hours')

  const race = await Promise.all(Array.from({ length: 20 }, () => accept(chosen)))
  t.same(race.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)])
  const won = race.find(({ status }) => status === 201)?.body
  t.match(won, { patient_id: 104, doctor_id: 11, appointment_date: '2031-03-04T09:00:00.000Z', status: 'scheduled' })
  t.match(await entry(chosen), { status: 'accepted', appointment_id: won.id, offer: null })
  t.ok(race.filter(({ status }) => status === 409).every(({ body }) => body.code === 'offer-gone'))
  t.same(
    (await events('waitlist_entry', chosen)).map(({ verb }) => verb),
    ['joined', 'offered', 'accepted'],
  )

  await cancel(won.id)
  t.equal((await entry(second)).status, 'offered', 'freed once more: the next')
  t.match(await decline(second), { status: 200, body: { status: 'declined' } })
  t.equal((await accept(second)).body.code, 'offer-gone')
  const busy = await get(receptionist, '/api/appointments?patient_id=103&doctor_id=12')
  await patch(receptionist, `/api/appointments/${busy.body.data[0].id}`, 1, {
    appointment_date: '2031-03-04T12:00:00Z',
  })
  for (const id of ids) await del(receptionist, `/api/waitlist/${id}`)
})

t.test('declined: offered to the next; moved away: the old time is offered', async (t) => {
  const booked = await book(110, '2031-04-04T09:00:00Z')
  const window = { from: '2031-04-04T00:00:00Z', to: '2031-04-05T00:00:00Z' }
  const [one, two] = [
    (await wait({ patient_id: 111, ...window })).body.id,
    (await wait({ patient_id: 112, ...window })).body.id,
  ]
  await patch(receptionist, `/api/appointments/${booked.id}`, 1, { appointment_date: '2031-04-04T15:00:00Z' })
  t.equal((await entry(one)).status, 'offered')
  t.equal((await entry(two)).status, 'waiting')
  await decline(one)
  t.match(await entry(two), { status: 'offered', offer: { appointment_date: '2031-04-04T09:00:00.000Z' } })
  t.equal((await del(receptionist, `/api/waitlist/${two}`)).body.status, 'cancelled')
})

t.test('an offer holds nothing back', async (t) => {
  const booked = await book(115, '2031-05-04T09:00:00Z')
  const { body } = await wait({ patient_id: 116, from: '2031-05-04T00:00:00Z', to: '2031-05-05T00:00:00Z' })
  await cancel(booked.id)
  t.equal((await entry(body.id)).status, 'offered')
  t.ok(await book(117, '2031-05-04T09:15:00Z'))
  t.match(await entry(body.id), { status: 'waiting', offer: null }, 'it waits again')
  t.equal((await accept(body.id)).body.code, 'offer-gone')
  t.same(
    (await events('waitlist_entry', body.id)).map(({ verb }) => verb),
    ['joined', 'offered', 'offer_withdrawn'],
  )
  await del(receptionist, `/api/waitlist/${body.id}`)
})

t.test('two who wait for half of a long slot are both offered', async (t) => {
  const booked = await book(118, '2031-05-06T09:00:00Z', 11, { duration_minutes: 60 })
  const window = { from: '2031-05-06T00:00:00Z', to: '2031-05-07T00:00:00Z' }
  const [one, two] = [
    (await wait({ patient_id: 119, ...window })).body.id,
    (await wait({ patient_id: 120, ...window })).body.id,
  ]
  await cancel(booked.id)
  t.equal((await entry(one)).offer.appointment_date, '2031-05-06T09:00:00.000Z')
  t.equal((await entry(two)).offer.appointment_date, '2031-05-06T09:30:00.000Z')
  const both = await Promise.all([accept(one), accept(two)])
  t.same(
    both.map(({ status }) => status),
    [201, 201],
  )
})

t.test('time off that is taken back is offered', async (t) => {
  const away = await post(admin, '/api/doctors/14/time-off', {
    from: '2031-05-08T09:00:00Z',
    to: '2031-05-08T12:00:00Z',
  })
  const { body } = await wait({
    patient_id: 126,
    doctor_id: 14,
    from: '2031-05-08T10:00:00Z',
    to: '2031-05-08T12:00:00Z',
  })
  await del(admin, `/api/doctors/time-off/${away.body.id}`)
  t.match(await entry(body.id), { status: 'offered', offer: { appointment_date: '2031-05-08T10:00:00.000Z' } })
})

t.test('an offer that nobody answers expires and goes to the next', async (t) => {
  const { body: hospital } = await get(admin, '/api/hospital')
  await patch(admin, '/api/hospital', hospital.version, { offer_minutes: 10 })
  const booked = await book(121, '2031-06-04T09:00:00Z')
  const window = { from: '2031-06-04T00:00:00Z', to: '2031-06-05T00:00:00Z' }
  const [one, two] = [
    (await wait({ patient_id: 122, ...window })).body.id,
    (await wait({ patient_id: 123, ...window })).body.id,
  ]
  await cancel(booked.id)
  const round = (minutes: number) => makeRound(system.deps, 'hospital_a', new Date(Date.now() + minutes * 60_000))
  await round(9)
  t.equal((await entry(one)).status, 'offered')
  await Promise.all([round(11), round(11), round(11)])
  t.equal((await entry(one)).status, 'expired')
  t.equal((await entry(two)).status, 'offered')
  t.same(
    (await events('waitlist_entry', one)).map(({ verb }) => verb),
    ['joined', 'offered', 'expired'],
    'once, whoever makes the round',
  )
  system.setClock(new Date(Date.now() + 30 * 60_000).toISOString())
  t.equal((await accept(two)).body.code, 'offer-gone', 'too late is too late, also before the round')
  system.setClock(null)
})

t.test('who waited for a time that is over leaves the list', async (t) => {
  const { body } = await wait({ patient_id: 125, from: '2031-06-05T00:00:00Z', to: '2031-06-06T00:00:00Z' })
  await makeRound(system.deps, 'hospital_a', new Date('2031-06-05T23:00:00Z'))
  t.equal((await entry(body.id)).status, 'waiting')
  await makeRound(system.deps, 'hospital_a', new Date('2031-06-06T00:00:00Z'))
  t.equal((await entry(body.id)).status, 'expired')
})

t.test('reminders: 24 hours and 2 hours before, once for each time', async (t) => {
  const booked = await book(130, '2032-02-10T12:00:00Z')
  const late = await book(131, '2032-02-10T13:00:00Z')
  const round = (instant: string) => makeRound(system.deps, 'hospital_a', new Date(instant))
  const reminders = async (id: number) =>
    (await events('appointment', id))
      .filter(({ verb }) => verb === 'reminder_due')
      .map(({ data }) => [data['hours_before'], data['appointment_date']])
  await round('2032-02-09T11:59:00Z')
  t.same(await reminders(booked.id), [])
  await Promise.all([round('2032-02-09T12:01:00Z'), round('2032-02-09T12:01:00Z')])
  await round('2032-02-09T12:30:00Z')
  t.same(await reminders(booked.id), [[24, '2032-02-10T12:00:00.000Z']])
  await round('2032-02-10T10:30:00Z')
  await round('2032-02-10T10:31:00Z')
  t.same(await reminders(booked.id), [
    [24, '2032-02-10T12:00:00.000Z'],
    [2, '2032-02-10T12:00:00.000Z'],
  ])
  system.setClock('2032-02-09T14:00:00Z')
  await patch(receptionist, `/api/appointments/${late.id}`, 1, { appointment_date: '2032-02-10T13:30:00Z' })
  system.setClock(null)
  await round('2032-02-09T14:01:00Z')
  t.equal(
    (await reminders(late.id)).filter(([hours]) => hours === 24).length,
    1,
    'a time chosen later than a day before has no reminder of the day before',
  )
  await round('2032-02-10T11:31:00Z')
  t.same((await reminders(late.id)).at(-1), [2, '2032-02-10T13:30:00.000Z'])
  const gone = await book(132, '2032-02-20T12:00:00Z')
  await cancel(gone.id)
  await round('2032-02-19T12:30:00Z')
  t.same(await reminders(gone.id), [], 'nobody is reminded of a cancelled one')
})

t.test('who does not check in did not come, when the hospital says so', async (t) => {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000)
  const appointment = await book(140, at(-60).toISOString(), 12)
  const here = await book(141, at(-60).toISOString(), 14)
  await post(receptionist, `/api/appointments/${here.id}/confirm`)
  await post(receptionist, `/api/appointments/${here.id}/check-in`)
  const { body: hospital } = await get(admin, '/api/hospital')
  await patch(admin, '/api/hospital', hospital.version, { no_show_after_minutes: null })
  await makeRound(system.deps, 'hospital_a', at(300))
  t.equal(
    (await get(receptionist, `/api/appointments/${appointment.id}`)).body.status,
    'scheduled',
    'without a rule nothing happens',
  )
  await patch(admin, '/api/hospital', hospital.version + 1, { no_show_after_minutes: 60 })
  await makeRound(system.deps, 'hospital_a', at(29))
  t.equal((await get(receptionist, `/api/appointments/${appointment.id}`)).body.status, 'scheduled')
  await Promise.all([1, 2, 3].map(() => makeRound(system.deps, 'hospital_a', at(31))))
  t.match((await get(receptionist, `/api/appointments/${appointment.id}`)).body, { status: 'no_show', version: 2 })
  t.equal((await get(receptionist, `/api/appointments/${here.id}`)).body.status, 'checked_in')
  t.same(
    (await events('appointment', appointment.id)).map(({ verb }) => verb),
    ['booked', 'missed'],
  )
  const audit = await system.db.query(
    "SELECT actor_id FROM hospital_a.audit_events WHERE action = 'markNoShow' AND patient_id = 140",
  )
  t.same(audit, [{ actor_id: null }], 'the change is in the audit trail, once')
})
