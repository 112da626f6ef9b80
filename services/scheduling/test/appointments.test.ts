import t from 'tap'
import {
  type Answer,
  doctor,
  manager,
  pharmacist,
  receptionist,
  startScheduling,
  stranger,
} from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { get, post, patch, call, events } = system

const at = (day: number, clock: string) => `2031-03-${String(day).padStart(2, '0')}T${clock}:00.000Z`
const book = (fields: Record<string, unknown>, who = receptionist): Promise<Answer> =>
  post(who, '/api/appointments', { patient_id: 101, doctor_id: 11, ...fields })
const codes = (answers: Answer[]) => answers.map(({ body, status }) => body.code ?? status)

t.test('book, read, list', async (t) => {
  const made = await book({
    appointment_date: '2031-03-04T10:00:00+01:00',
    appointment_type: 'General Checkup',
    notes: 'first',
  })
  t.equal(made.status, 201)
  t.equal(made.headers['etag'], '"1"')
  t.match(made.body, {
    patient_id: 101,
    patient_name: 'First101 Last101',
    doctor_id: 11,
    doctor_name: 'Ann Archer',
    appointment_date: at(4, '09:00'),
    duration_minutes: 30,
    appointment_type: 'General Checkup',
    status: 'scheduled',
    notes: 'first',
    overbook_reason: null,
    created_by: 41,
    version: 1,
  })
  t.same((await get(receptionist, `/api/appointments/${made.body.id}`)).body, made.body)
  t.match(await events('appointment', made.body.id), [
    { verb: 'booked', data: { id: made.body.id, patient_id: 101, doctor_id: 11, status: 'scheduled', version: 1 } },
  ])
  const seenByManager = await get(manager, `/api/appointments/${made.body.id}`)
  t.equal(seenByManager.status, 200)
  t.notOk('patient_name' in seenByManager.body, 'no names without patients.read')
  t.equal((await get(stranger, `/api/appointments/${made.body.id}`)).status, 404, "another hospital's row is not there")
  t.equal((await get(pharmacist, '/api/appointments')).status, 403)
  t.equal((await get(receptionist, '/api/appointments/2147480000')).status, 404)
})

t.test('what a booking is refused for', async (t) => {
  const when = at(5, '09:00')
  t.match(await book({ patient_id: 9999, appointment_date: when }), {
    status: 422,
    body: { code: 'unknown-reference', errors: [{ pointer: '/patient_id' }] },
  })
  t.match(await book({ doctor_id: 9999, appointment_date: when }), {
    status: 422,
    body: { code: 'unknown-reference', errors: [{ pointer: '/doctor_id' }] },
  })
  t.match(await book({ doctor_id: 41, appointment_date: when }), { status: 422, body: { code: 'unknown-reference' } })
  t.match(await book({ doctor_id: 13, appointment_date: when }), {
    status: 422,
    body: { code: 'doctor-unavailable', errors: [{ pointer: '/doctor_id' }] },
  })
  t.match(await book({ patient_id: 199, appointment_date: when }), { status: 409, body: { code: 'patient-archived' } })
  const yesterday = new Date(Date.now() - 25 * 3_600_000).toISOString()
  t.match(await book({ appointment_date: yesterday }), {
    status: 422,
    body: { code: 'validation-failed', errors: [{ pointer: '/appointment_date' }] },
  })
  t.match(await book({ appointment_date: '2099-01-01T00:00:00Z' }), {
    status: 422,
    body: { code: 'validation-failed' },
  })
  t.match(await book({ appointment_date: '9999-12-31T23:59:59.999Z' }), {
    status: 422,
    body: { code: 'validation-failed' },
  })
  t.match(await book({ appointment_date: '0001-01-01T00:00:00Z' }), {
    status: 422,
    body: { code: 'validation-failed' },
  })
  const walkIn = await book({ appointment_date: new Date(Date.now() - 3_600_000).toISOString() })
  t.equal(walkIn.status, 201, 'a walk-in is written down afterwards')
  for (const wrong of [
    { appointment_date: 'tomorrow' },
    { appointment_date: '2031-02-30T09:00:00Z' },
    { appointment_date: when, duration_minutes: 4 },
    { appointment_date: when, duration_minutes: 1441 },
    { appointment_date: when, status: 'confirmed' },
    { appointment_date: when, patient_id: '101' },
    { appointment_date: when, notes: 'a\u0000b' },
  ]) {
    t.equal((await book(wrong)).status, 400, JSON.stringify(wrong))
  }
  t.equal((await book({ appointment_date: when }, manager)).status, 403, 'a manager reads only')
})

t.test('a doctor or patient that was made a moment ago is asked for', async (t) => {
  const facts = { name: 'Nora New', email: 'nora@example.org', status: 'active', is_doctor: true, version: 1 } as const
  system.newcomers.set(77, { id: 77, ...facts })
  system.newPatients.set(177, {
    id: 177,
    patient_number: 'P177',
    first_name: 'Paul',
    last_name: 'Present',
    status: 'active',
    merged_into: null,
    version: 1,
  })
  const made = await book({ patient_id: 177, doctor_id: 77, appointment_date: at(4, '09:00') })
  t.match(made, { status: 201, body: { doctor_name: 'Nora New', patient_name: 'Paul Present' } })
})

t.test('a busy doctor, with the nearest free times', async (t) => {
  t.equal((await book({ appointment_date: at(6, '09:00') })).status, 201)
  const taken = await book({ patient_id: 102, appointment_date: at(6, '09:15') })
  t.match(taken, { status: 409, body: { code: 'slot-taken' } })
  t.match(taken.headers['content-type'], 'application/problem+json')
  const starts = taken.body.alternatives.map(({ start }: { start: string }) => start)
  t.same(starts, [at(6, '09:30'), at(6, '08:30'), at(6, '10:00')])
  const [first] = taken.body.alternatives
  const { doctor_id, appointment_date, duration_minutes } = first
  t.equal(
    (await book({ patient_id: 102, doctor_id, appointment_date, duration_minutes })).status,
    201,
    'and it is free',
  )
  t.match(await book({ doctor_id: 12, appointment_date: at(6, '09:20') }), {
    status: 409,
    body: { code: 'patient-busy' },
  })
  t.equal(
    (await book({ patient_id: 103, appointment_date: at(6, '08:30') })).status,
    201,
    'times that touch do not overlap',
  )
})

t.test('overbooking', async (t) => {
  t.equal((await book({ appointment_date: at(7, '09:00') })).status, 201)
  const asked = { patient_id: 102, appointment_date: at(7, '09:00'), overbook_reason: 'emergency' }
  t.match(await book(asked), { status: 403, body: { code: 'forbidden' } })
  const over = await book(asked, doctor)
  t.match(over, { status: 201, body: { overbook_reason: 'emergency' } })
  t.equal((await book({ appointment_date: at(7, '09:10'), patient_id: 103 })).status, 409, 'and counts as busy')
  const moved = await patch(receptionist, `/api/appointments/${over.body.id}`, 1, { appointment_date: at(7, '12:00') })
  t.match(moved, { status: 200, body: { overbook_reason: null } }, 'moved to a free time it is an ordinary one')
  t.equal((await book({ ...asked, overbook_reason: '  ' }, doctor)).status, 400)
})

t.test('change and reschedule', async (t) => {
  const { body: first } = await book({ appointment_date: at(8, '09:00') })
  const { body: second } = await book({ patient_id: 102, appointment_date: at(8, '10:00') })
  const path = `/api/appointments/${second.id}`
  t.equal((await call(receptionist, 'PATCH', path, { notes: 'x' })).status, 428)
  t.match(await patch(receptionist, path, 7, { notes: 'x' }), {
    status: 412,
    body: { code: 'stale-version', current_version: 1 },
  })
  t.equal((await patch(receptionist, path, 1, {})).status, 400)
  t.equal((await patch(receptionist, path, 1, { status: 'confirmed' })).status, 400)
  t.equal((await patch(receptionist, path, 1, { patient_id: 101 })).status, 400)
  t.match(await patch(receptionist, path, 1, { appointment_date: at(8, '09:10') }), {
    status: 409,
    body: { code: 'slot-taken' },
  })
  t.match(await patch(receptionist, path, 1, { doctor_id: 13 }), { status: 422, body: { code: 'doctor-unavailable' } })
  t.match(await patch(receptionist, path, 1, { doctor_id: 9999 }), { status: 422, body: { code: 'unknown-reference' } })
  const noted = await patch(receptionist, path, 1, { notes: 'bring the letter', appointment_type: null })
  t.match(noted, { status: 200, body: { notes: 'bring the letter', version: 2 } })
  const longer = await patch(receptionist, path, 2, { duration_minutes: 60, appointment_date: at(8, '10:15') })
  t.match(
    longer,
    { status: 200, body: { duration_minutes: 60, appointment_date: at(8, '10:15'), version: 3 } },
    'over its own old time',
  )
  t.equal((await patch(receptionist, path, 3, { doctor_id: 12, notes: null })).status, 200)
  t.same(
    (await events('appointment', second.id)).map(({ verb }) => verb),
    ['booked', 'updated', 'rescheduled', 'rescheduled'],
  )
  t.equal((await book({ patient_id: 104, appointment_date: at(8, '10:15') })).status, 201, 'the old time is free')
  await post(receptionist, `/api/appointments/${first.id}/cancel`, { reason: 'ill' })
  t.match(await patch(receptionist, `/api/appointments/${first.id}`, 2, { appointment_date: at(9, '09:00') }), {
    status: 409,
    body: { code: 'illegal-transition', current_status: 'cancelled', allowed_steps: [] },
  })
  t.equal((await patch(receptionist, `/api/appointments/${first.id}`, 2, { notes: 'called' })).status, 200)
  t.equal((await patch(stranger, path, 4, { notes: 'x' })).status, 404)
})

t.test('the steps of an appointment', async (t) => {
  const { body: made } = await book({ appointment_date: at(10, '09:00') })
  const step = (name: string, body?: unknown) => post(receptionist, `/api/appointments/${made.id}/${name}`, body)
  t.same(
    codes([await step('check-in'), await step('start'), await step('complete')]),
    Array(3).fill('illegal-transition'),
  )
  t.match((await step('start')).body, {
    current_status: 'scheduled',
    allowed_steps: ['confirm', 'cancel', 'no-show', 'reschedule'],
  })
  t.equal((await step('cancel')).status, 400, 'a cancellation has a reason')
  t.equal((await step('confirm', { surprise: 1 })).status, 400)
  for (const [name, status] of [
    ['confirm', 'confirmed'],
    ['check-in', 'checked_in'],
    ['start', 'in_progress'],
    ['complete', 'completed'],
  ]) {
    t.match(await step(name as string), { status: 200, body: { status } })
  }
  t.equal((await get(receptionist, `/api/appointments/${made.id}`)).body.version, 5)
  t.same(
    codes([await step('confirm'), await step('cancel', { reason: 'x' }), await step('no-show')]),
    Array(3).fill('illegal-transition'),
  )
  t.same(
    (await events('appointment', made.id)).map(({ verb }) => verb),
    ['booked', 'confirmed', 'checked_in', 'started', 'completed'],
  )

  const { body: other } = await book({ appointment_date: at(10, '10:00') })
  const gone = await post(
    receptionist,
    `/api/appointments/${other.id}/cancel`,
    { reason: 'moved away' },
    { 'if-match': '"1"' },
  )
  t.match(gone, { status: 200, body: { status: 'cancelled', cancel_reason: 'moved away', version: 2 } })
  t.equal(
    (await post(receptionist, `/api/appointments/${other.id}/confirm`, undefined, { 'if-match': '"1"' })).status,
    412,
  )
  t.equal((await book({ patient_id: 105, appointment_date: at(10, '10:00') })).status, 201, 'the time is free again')
  const { body: missed } = await book({ appointment_date: at(10, '11:00') })
  t.match(await post(receptionist, `/api/appointments/${missed.id}/no-show`), { body: { status: 'no_show' } })
  t.equal((await post(manager, `/api/appointments/${missed.id}/confirm`)).status, 403)
  t.equal((await post(receptionist, '/api/appointments/2147480000/confirm')).status, 404)
  t.equal((await post(stranger, `/api/appointments/${missed.id}/confirm`)).status, 404)
})

t.test('lists: filters, order, pages without gaps', async (t) => {
  for (let minute = 0; minute < 12; minute++) {
    const clock = `${String(8 + Math.floor(minute / 2)).padStart(2, '0')}:${minute % 2 ? '30' : '00'}`
    t.equal(
      (await book({ patient_id: 110 + (minute % 3), doctor_id: 14, appointment_date: at(12, clock) })).status,
      201,
    )
  }
  const window = `doctor_id=14&from=${at(12, '00:00')}&to=${at(13, '00:00')}`
  const all = await get(receptionist, `/api/appointments?${window}`)
  t.equal(all.body.data.length, 12)
  t.equal(all.body.page.next_cursor, null)
  const ids: number[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Answer = await get(
      receptionist,
      `/api/appointments?${window}&limit=5${cursor ? `&cursor=${cursor}` : ''}`,
    )
    ids.push(...page.body.data.map(({ id }: { id: number }) => id))
    cursor = page.body.page.next_cursor
    // Somebody books an earlier time between two pages.
    if (ids.length === 5) await book({ patient_id: 120, doctor_id: 14, appointment_date: at(12, '01:00') })
  }
  t.same(
    ids,
    all.body.data.map(({ id }: { id: number }) => id),
  )
  const backwards = await get(receptionist, `/api/appointments?${window}&order=desc&limit=3`)
  t.same(
    backwards.body.data.map(({ id }: { id: number }) => id),
    ids.toReversed().slice(0, 3),
  )
  const next = await get(
    receptionist,
    `/api/appointments?${window}&order=desc&limit=3&cursor=${backwards.body.page.next_cursor}`,
  )
  t.same(
    next.body.data.map(({ id }: { id: number }) => id),
    ids.toReversed().slice(3, 6),
  )
  t.equal((await get(receptionist, '/api/appointments?patient_id=111&doctor_id=14')).body.data.length, 4)
  const cancelled = await get(receptionist, '/api/appointments?status=cancelled')
  t.ok(cancelled.body.data.length > 0)
  t.ok(cancelled.body.data.every(({ status }: { status: string }) => status === 'cancelled'))
  t.same((await get(receptionist, '/api/appointments?patient_id=2147480000')).body.data, [])
  t.same(
    [
      await get(receptionist, '/api/appointments?cursor=bm9uc2Vuc2U'),
      await get(receptionist, `/api/appointments?cursor=${Buffer.from('["soon",1]').toString('base64url')}`),
      await get(receptionist, '/api/appointments?status=lost'),
      await get(receptionist, '/api/appointments?limit=101'),
      await get(receptionist, '/api/appointments?from=yesterday'),
      await get(receptionist, '/api/appointments?color=red'),
    ].map(({ status }) => status),
    Array(6).fill(400),
  )
})

t.test('an Idempotency-Key books once', async (t) => {
  const body = { patient_id: 130, doctor_id: 12, appointment_date: at(14, '09:00') }
  const keyed = () => post(receptionist, '/api/appointments', body, { 'idempotency-key': 'k-1' })
  const [first, again] = [await keyed(), await keyed()]
  t.equal(first.status, 201)
  t.equal(again.headers['idempotent-replayed'], 'true')
  t.same(again.body, first.body)
})
