import t from 'tap'
import { makeRound } from '../src/rounds.ts'
import {
  admin,
  doctor,
  nurse,
  otherDoctor,
  pharmacist,
  receptionist,
  startClinicalApp,
  technician,
} from './clinical-app.ts'

t.setTimeout(120_000)
const clinical = await startClinicalApp()
const { db, get, post, patch, deps, setClock } = clinical
t.teardown(() => clinical.stop())

const path = '/api/lab-tests'
const list = '/api/critical-results'
const limits = { reference_low: 3.5, reference_high: 5.1, critical_low: 2.5, critical_high: 6.5 }
const potassium = (value: number) => ({ name: 'Potassium', value, unit: 'mmol/L', ...limits })
const enter = (id: number, value: number, reason?: string) =>
  post(technician, `${path}/${id}/results`, { results: [potassium(value)], ...(reason ? { reason } : {}) })

/** A test with a result; answers its id. */
async function resulted(value: number, fields: object = {}): Promise<number> {
  const body = { patient_id: await clinical.newPatient(), test_name: 'Potassium', ...fields }
  const { body: test } = await post(doctor, path, body)
  await post(nurse, `${path}/${test.id}/collect`)
  const answer = await enter(test.id, value)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return test.id
}
const of = async (id: number) => (await get(doctor, `${list}?lab_test_id=${id}`)).body.data
const latest = async (id: number) => (await of(id))[0]
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000)
const round = (minutes: number) => makeRound(deps, 'hospital_a', later(minutes))

t.test('a critical value asks the orderer by name, until that one says what was done', async (t) => {
  setClock('2031-05-01T10:00:00Z')
  const id = await resulted(7.2)
  const asked = await latest(id)
  t.match(asked, {
    lab_test_id: id,
    test_name: 'Potassium',
    kind: 'critical',
    status: 'open',
    recipient: { id: 11, name: 'Person 11' },
    opened_at: '2031-05-01T10:00:00.000Z',
    due_at: '2031-05-01T10:30:00.000Z',
    escalated_at: null,
    acknowledged_by: null,
    action: null,
    calls: [],
    version: 1,
  })
  t.ok(
    (await get(nurse, `${list}?status=open&recipient=11`)).body.data.some((row: { id: number }) => row.id === asked.id),
  )
  t.same((await get(nurse, `${list}?status=open&recipient=12`)).body.data, [])
  for (const who of [receptionist, pharmacist]) t.match(await get(who, list), { status: 403 })
  t.match(await post(doctor, `${path}/${id}/acknowledge`, { action: 'Calcium given, ECG asked for' }), {
    status: 200,
    body: { critical: 'acknowledged' },
  })
  t.match(await latest(id), {
    status: 'acknowledged',
    acknowledged_by: { id: 11, name: 'Person 11' },
    acknowledged_at: '2031-05-01T10:00:00.000Z',
    action: 'Calcium given, ECG asked for',
  })
  t.match(await post(doctor, `${path}/${id}/acknowledge`, {}), { status: 409 })

  const silent = await resulted(7.2)
  await post(doctor, `${path}/${silent}/acknowledge`)
  t.match(await latest(silent), { status: 'acknowledged', action: null })
  const missing = (await get(doctor, `${list}?action=missing`)).body.data.map(
    (row: { lab_test_id: number }) => row.lab_test_id,
  )
  t.ok(missing.includes(silent) && !missing.includes(id), 'that nobody said what was done is on a list')
  t.same(await of(await resulted(4)), [], 'what is not critical asks nobody')
  setClock(null)
})

t.test('pages hold each once', async (t) => {
  const patient_id = await clinical.newPatient()
  const ids = [await resulted(7, { patient_id }), await resulted(8, { patient_id }), await resulted(2, { patient_id })]
  const first = await get(doctor, `${list}?patient_id=${patient_id}&limit=2`)
  const second = await get(doctor, `${list}?patient_id=${patient_id}&limit=2&cursor=${first.body.page.next_cursor}`)
  t.same(
    [...first.body.data, ...second.body.data].map((row: { lab_test_id: number }) => row.lab_test_id),
    ids.toReversed(),
  )
  t.equal(second.body.page.next_cursor, null)
  t.same((await get({ ...doctor, tenant: 'hospital_b' }, list)).body.data, [], 'another hospital sees none of it')
  t.match(await get(doctor, `${list}?status=late`), { status: 400 })
})

t.test('calls are logged by ward and bench, and close nothing', async (t) => {
  const id = await resulted(7.2)
  const url = `${path}/${id}/calls`
  t.match(await post(technician, url, { spoke_to: 'Ward 3, nobody at the desk', outcome: 'not-reached' }), {
    status: 200,
    body: {
      lab_test_id: id,
      status: 'open',
      calls: [{ outcome: 'not-reached', called_by: { id: 31 }, results_version: 1 }],
    },
  })
  const told = await post(nurse, url, { recipient: 12, outcome: 'told-and-read-back', note: 'on the stairs' })
  t.match(told.body.calls[1], {
    recipient: { id: 12, name: 'Person 12' },
    spoke_to: null,
    outcome: 'told-and-read-back',
    note: 'on the stairs',
    called_by: { id: 21, name: 'Person 21' },
    at: /Z$/,
  })
  t.match(await get(doctor, `${path}/${id}`), { body: { critical: 'unacknowledged' } })
  t.match(await post(nurse, url, { outcome: 'told' }), { status: 422, body: { errors: [{ pointer: '/spoke_to' }] } })
  t.match(await post(nurse, url, { recipient: 9999, outcome: 'told' }), {
    status: 422,
    body: { code: 'unknown-reference', errors: [{ pointer: '/recipient' }] },
  })
  t.match(await post(nurse, url, { spoke_to: 'x', outcome: 'heard' }), { status: 400 })
  t.match(await post(nurse, url, { spoke_to: 'x', outcome: 'told', by: 3 }), { status: 400 })
  for (const who of [admin, receptionist, pharmacist])
    t.match(await post(who, url, { spoke_to: 'x', outcome: 'told' }), { status: 403 }, who.role)
  t.match(await post({ ...nurse, tenant: 'hospital_b' }, url, { spoke_to: 'x', outcome: 'told' }), { status: 404 })
  t.match(await post(nurse, `${path}/${await resulted(4)}/calls`, { spoke_to: 'x', outcome: 'told' }), {
    status: 409,
    body: { code: 'illegal-transition' },
  })
  await post(doctor, `${path}/${id}/acknowledge`, { action: 'Dialysis' })
  t.equal((await post(nurse, url, { spoke_to: 'Dr Eleven', outcome: 'told' })).body.calls.length, 3, 'afterwards too')
})

t.test('correcting a critical value asks again, and so does a change of what was verified', async (t) => {
  const id = await resulted(7.2)
  await post(doctor, `${path}/${id}/acknowledge`, { action: 'Insulin and glucose' })
  await enter(id, 4.1, 'Haemolysed')
  t.match(await of(id), [
    { kind: 'corrected', status: 'open', recipient: { id: 11 } },
    { kind: 'critical', status: 'acknowledged', action: 'Insulin and glucose' },
  ])
  t.match((await clinical.events('lab_test', id)).at(-1), { type: 'hospital.clinical.lab_test.critical.v1' })
  await post(doctor, `${path}/${id}/acknowledge`, { action: 'Insulin stopped' })

  const verified = await resulted(4)
  await post(technician, `${path}/${verified}/verify`)
  t.same(await of(verified), [])
  await enter(verified, 4, 'the same')
  t.same(await of(verified), [], 'the same once more changes nothing')
  await enter(verified, 5, 'Wrong tube')
  t.match(await of(verified), [{ kind: 'corrected', status: 'open' }])
  t.match(await get(doctor, `${path}/${verified}`), { body: { critical: 'unacknowledged', status: 'resulted' } })

  const open = await resulted(7.2)
  await post(nurse, `${path}/${open}/calls`, { spoke_to: 'Dr Eleven', outcome: 'told' })
  await enter(open, 2.1, 'Wrong patient')
  t.match(
    await of(open),
    [{ kind: 'corrected', status: 'open', calls: [{ results_version: 1 }] }],
    'one question a test',
  )
})

t.test('when the time runs out a role is asked that somebody has', async (t) => {
  const id = await resulted(7.2)
  await round(29)
  t.match(await latest(id), { status: 'open' })
  await round(31)
  const escalated = await latest(id)
  t.match(escalated, { status: 'escalated', escalated_role: 'Doctor', recipient: { id: 11 }, version: 2 })
  await round(31)
  t.same(
    (await clinical.events('critical_result', escalated.id)).map(({ type, data }) => [type, data['escalated_role']]),
    [['hospital.clinical.critical_result.escalated.v1', 'Doctor']],
    'it is told once',
  )
  const [audit] = await db.query<{ patient_id: string }>(
    `SELECT patient_id FROM hospital_a.audit_events WHERE action = 'escalateCriticalResult' ORDER BY id DESC LIMIT 1`,
  )
  t.equal(Number(audit?.patient_id), escalated.patient_id)
  t.ok((await get(nurse, `${list}?status=escalated`)).body.data.some((row: { id: number }) => row.id === escalated.id))
  t.match(await post(otherDoctor, `${path}/${id}/acknowledge`, { reason: 'on duty', action: 'Seen at the bed' }), {
    status: 200,
  })
  t.match(await latest(id), { status: 'acknowledged', escalated_role: 'Doctor', acknowledge_reason: 'on duty' })

  await patch(admin, '/api/clinical-settings', 1, {
    critical_minutes: 5,
    critical_escalation_roles: ['Head Nurse', 'Nurse'],
  })
  const other = await resulted(7.2)
  await round(6)
  t.match(await latest(other), { status: 'open', escalated_role: null }, 'nobody has either role')
  await db.query(`UPDATE hospital_a.staff SET roles = '{Nurse}' WHERE id = 21`)
  await Promise.all([round(6), round(6)])
  t.match(await latest(other), { status: 'escalated', escalated_role: 'Nurse', version: 2 }, 'once, by two at once')
  const settings = (await get(admin, '/api/clinical-settings')).body
  t.match(await patch(admin, '/api/clinical-settings', settings.version, { critical_minutes: 0 }), { status: 400 })
  t.match(await patch(admin, '/api/clinical-settings', settings.version, { critical_escalation_roles: [] }), {
    status: 400,
  })
  const usual = { critical_minutes: 30, critical_escalation_roles: ['Doctor', 'Nurse', 'Lab Technician', 'Admin'] }
  await patch(admin, '/api/clinical-settings', settings.version, usual)
})

t.test('an orderer who left hands over: to the care team, else at once to a role', async (t) => {
  const patient_id = await clinical.newPatient()
  const [cared, alone] = [await resulted(7.2, { patient_id }), await resulted(7.2)]
  await db.query(`INSERT INTO hospital_a.care_assignments (patient_id, user_id, created_by) VALUES ($1, 12, 1)`, [
    patient_id,
  ])
  await db.query(`UPDATE hospital_a.doctors SET status = 'inactive' WHERE id = 11`)
  await round(0)
  const handedOver = await latest(cared)
  t.match(handedOver, { status: 'open', recipient: { id: 12, name: 'Person 12' } })
  t.match(await clinical.events('critical_result', handedOver.id), [
    { type: 'hospital.clinical.critical_result.handed_over.v1', data: { recipient_id: 12 } },
  ])
  t.match(await latest(alone), { status: 'escalated', recipient: null, escalated_role: 'Doctor' })
  await enter(cared, 2, 'Diluted')
  t.match(
    await post(otherDoctor, `${path}/${cared}/acknowledge`, { action: 'Seen' }),
    { status: 200 },
    'who is asked answers',
  )

  const { body: late } = await post(otherDoctor, path, { patient_id, test_name: 'Potassium', ordered_by: 12 })
  await post(nurse, `${path}/${late.id}/collect`)
  await db.query(`UPDATE hospital_a.doctors SET status = 'inactive' WHERE id = 12`)
  await enter(late.id, 7.2)
  const unasked = await latest(late.id)
  t.match(unasked, { status: 'open', recipient: null })
  t.equal(unasked.due_at, unasked.opened_at, 'there is nobody to wait for')
  await db.query(`UPDATE hospital_a.doctors SET status = 'active' WHERE id IN (11, 12)`)
})

t.test('the role that is asked may open the chart while it waits', async (t) => {
  const id = await resulted(7.2)
  const settings = (await get(admin, '/api/clinical-settings')).body
  await patch(admin, '/api/clinical-settings', settings.version, { care_relation_required: true })
  await db.query(`UPDATE hospital_a.staff SET roles = '{Doctor}' WHERE id = 12`)
  const seen = async () =>
    (await get(otherDoctor, list)).body.data.some((row: { lab_test_id: number }) => row.lab_test_id === id)
  t.equal(await seen(), false)
  t.match(await get(otherDoctor, `${path}/${id}`), { status: 403 })
  await round(31)
  t.equal(await seen(), true)
  t.match(await get(otherDoctor, `${path}/${id}`), { status: 200 })
  t.match(await post(otherDoctor, `${path}/${id}/acknowledge`, { reason: 'on duty', action: 'Seen' }), { status: 200 })
  t.match(await get(otherDoctor, `${path}/${id}`), { status: 403 }, 'and not afterwards')
  const now = (await get(admin, '/api/clinical-settings')).body
  await patch(admin, '/api/clinical-settings', now.version, { care_relation_required: false })
})

t.test('whatever the door, a critical value asks and only a person closes it', async (t) => {
  const id = await resulted(7.2)
  const refused = (change: string) =>
    t.rejects(db.query(`BEGIN; SET LOCAL search_path TO hospital_a; ${change}; COMMIT`), { code: '23514' }, change)
  await refused(`UPDATE lab_tests SET critical = NULL WHERE id = ${id}`)
  await refused(`UPDATE critical_results SET acknowledged_at = now() WHERE lab_test_id = ${id}`)
  const answers = await Promise.all([1, 2].map(() => post(doctor, `${path}/${id}/acknowledge`, { action: 'Seen' })))
  t.same(answers.map(({ status }) => status).sort(), [200, 409], 'once, by two at once')
})
