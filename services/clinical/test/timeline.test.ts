import { listPatientAppointments, type RequestOf } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import t from 'tap'
import { listTests } from '../src/lab-tests/queries.ts'
import { listRecords } from '../src/medical-records/queries.ts'
import { listStored } from '../src/timeline/queries.ts'
import { admin, doctor, nurse, pharmacist, receptionist, startClinicalApp, technician } from './clinical-app.ts'

t.setTimeout(120_000)
const clinical = await startClinicalApp()
const { db, get, messaging } = clinical
t.teardown(() => clinical.stop())

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 10, n)).toISOString()
const path = (patientId: number, query = '') => `/api/patients/${patientId}/timeline${query}`

/** Three of each kind; every third minute all kinds at once, which is where an order can go wrong. */
async function fill(patientId: number) {
  for (const n of [0, 3, 6]) {
    await db.query(`SET search_path TO hospital_a;
      INSERT INTO medical_records (patient_id, doctor_id, visit_date, chief_complaint) VALUES (${patientId}, 11, '${minute(n)}', 'Visit ${n}');
      INSERT INTO prescriptions (patient_id, doctor_id, prescribed_date, medication_name, dosage) VALUES (${patientId}, 11, '${minute(n)}', 'Drug ${n}', '5 mg');
      INSERT INTO lab_tests (patient_id, ordered_by, ordered_date, test_name) VALUES (${patientId}, 12, '${minute(n)}', 'Test ${n}')`)
  }
}

/** Stands in for scheduling: its appointments, in its order. */
function schedule(patientId: number, appointments: { id: number; appointment_date: string }[]) {
  const asked: RequestOf<typeof listPatientAppointments>[] = []
  const responder = messaging.respond(listPatientAppointments, async (request) => {
    asked.push(request)
    const { before, limit } = request
    const rows = request.patient_id !== patientId || request.tenant_id !== 'hospital_a' ? [] : appointments
    const isLater = ({ appointment_date: at, id }: { appointment_date: string; id: number }) =>
      before === null || at < before.at || (at === before.at && id < before.id)
    const newestFirst = rows
      .filter(isLater)
      .toSorted((a, b) => b.appointment_date.localeCompare(a.appointment_date) || b.id - a.id)
    return {
      appointments: newestFirst
        .slice(0, limit)
        .map((row) => ({ ...row, appointment_type: 'Consultation', status: 'scheduled', doctor_id: 11 })),
    }
  })
  return { asked, close: () => responder.close() }
}

type Line = { kind: string; id: number; at: string; summary: string }

t.test('one list of all kinds, newest first, without gaps or repeats at any page size', async (t) => {
  const patientId = await clinical.newPatient()
  await fill(patientId)
  const scheduling = schedule(
    patientId,
    [0, 0, 3, 6, 90_000].map((n, i) => ({ id: i + 1, appointment_date: minute(n) })),
  )
  t.teardown(() => scheduling.close())
  const whole = await get(doctor, path(patientId, '?limit=100'))
  t.equal(whole.status, 200)
  t.same(whole.body.missing, [])
  const lines: Line[] = whole.body.data
  t.equal(lines.length, 14)
  t.same(
    lines.map(({ at }) => at),
    lines
      .map(({ at }) => at)
      .toSorted()
      .reverse(),
  )
  t.match(lines[0], { kind: 'appointment', id: 5, summary: 'Consultation', status: 'scheduled', doctor_id: 11 })
  t.same(
    lines.slice(1, 5).map(({ summary }) => summary),
    ['Visit 6', 'Drug 6 5 mg', 'Test 6', 'Consultation'],
  )
  t.same(
    lines.slice(-2).map(({ kind, id }) => [kind, id]),
    [
      ['appointment', 2],
      ['appointment', 1],
    ],
  )
  t.match(
    lines.find(({ kind }) => kind === 'lab_test'),
    { status: 'ordered', doctor_id: 12 },
  )
  for (const limit of [1, 2, 3, 5, 13]) {
    const seen: Line[] = []
    for (let cursor = ''; ; ) {
      const { body } = await get(doctor, path(patientId, `?limit=${limit}${cursor}`))
      seen.push(...body.data)
      if (body.page.next_cursor === null) break
      cursor = `&cursor=${body.page.next_cursor}`
    }
    t.same(seen, lines, `pages of ${limit}`)
  }
  t.match(scheduling.asked[0], { tenant_id: 'hospital_a', patient_id: patientId, before: null, limit: 101 })
})

t.test('a person sees only the kinds that their permissions allow', async (t) => {
  const patientId = await clinical.newPatient()
  await fill(patientId)
  const scheduling = schedule(patientId, [{ id: 1, appointment_date: minute(1) }])
  t.teardown(() => scheduling.close())
  const kindsFor = async (who: typeof doctor, query = '') => {
    const { body } = await get(who, path(patientId, query))
    return [...new Set(body.data.map(({ kind }: Line) => kind))].sort()
  }
  const all = ['appointment', 'lab_test', 'medical_record', 'prescription']
  for (const who of [admin, doctor, nurse]) t.same(await kindsFor(who), all, who.role)
  t.same(await kindsFor(receptionist), ['appointment'])
  t.same(await kindsFor(technician), ['lab_test'])
  t.same(await kindsFor(pharmacist), ['prescription'])
  t.same(await kindsFor(doctor, '?kind=lab_test'), ['lab_test'])
  t.same(await kindsFor(pharmacist, '?kind=lab_test'), [], 'asking for it does not allow it')
  const before = scheduling.asked.length
  await kindsFor(technician)
  t.equal(scheduling.asked.length, before, 'scheduling is not asked for what may not be seen')
  t.match(await get({ role: 'Manager', userId: 1 }, path(patientId)), {
    status: 403,
    body: { permission: 'patients.read' },
  })
})

t.test('when scheduling is down the answer says what is missing', async (t) => {
  const patientId = await clinical.newPatient()
  await fill(patientId)
  const answer = await get(doctor, path(patientId))
  t.match(answer, { status: 200, body: { missing: ['appointments'] } })
  t.equal(answer.body.data.length, 9)
  t.same((await get(technician, path(patientId))).body.missing, [], 'nothing is missing for who may not see it')
})

t.test('refusals, merged patients and other hospitals', async (t) => {
  const patientId = await clinical.newPatient()
  const scheduling = schedule(patientId, [])
  t.teardown(() => scheduling.close())
  t.match(await get(doctor, path(999_999)), { status: 404, body: { code: 'not-found' } })
  t.match(await get({ ...doctor, tenant: 'hospital_b' }, path(patientId)), { status: 404, body: { code: 'not-found' } })
  t.match(await get(doctor, path(patientId, '?kind=gossip')), { status: 400 })
  t.match(await get(doctor, path(patientId, '?limit=0')), { status: 400 })
  t.match(await get(doctor, path(patientId, '?cursor=x')), { status: 400, body: { code: 'invalid-cursor' } })
  const made = Buffer.from('["soon",1,1]').toString('base64url')
  t.match(await get(doctor, path(patientId, `?cursor=${made}`)), { status: 400, body: { code: 'invalid-cursor' } })
  t.match(await get(doctor, path(patientId)), {
    status: 200,
    body: { data: [], page: { next_cursor: null }, missing: [] },
  })

  const duplicate = await clinical.newPatient()
  await fill(patientId)
  await db.query(`UPDATE hospital_a.patients SET merged_into = ${patientId} WHERE id = ${duplicate}`)
  t.equal((await get(doctor, path(duplicate))).body.data.length, 9, 'the old id keeps resolving')
  t.equal(scheduling.asked.at(-1)?.patient_id, patientId)
  const rows = await db.query<{ patient_id: number }>(
    `SELECT patient_id FROM hospital_a.audit_events WHERE action = 'getPatientTimeline' AND outcome = 'success' ORDER BY id DESC LIMIT 2`,
  )
  t.same(rows.map((row) => row.patient_id).sort(), [patientId, duplicate].sort(), 'both ids are in the audit trail')
})

t.test('every list of records, lab tests and the timeline uses an index', async (t) => {
  const [patientId, other] = [await clinical.newPatient(), await clinical.newPatient()]
  const spread = `n % 40 + 1, 11, now() - n * interval '1 minute'`
  await db.query(`SET search_path TO hospital_a, extensions;
    INSERT INTO patients (patient_number, first_name, last_name, date_of_birth)
      SELECT 'F' || n, 'Filler', 'Number ' || n, '1980-01-01' FROM generate_series(1, 4000) n;
    INSERT INTO medical_records (patient_id, doctor_id, visit_date) SELECT ${spread} FROM generate_series(1, 20000) n;
    INSERT INTO prescriptions (patient_id, doctor_id, prescribed_date, medication_name) SELECT ${spread}, 'Filler' FROM generate_series(1, 20000) n;
    INSERT INTO lab_tests (patient_id, ordered_by, ordered_date, test_name) SELECT ${spread}, 'Filler' FROM generate_series(1, 20000) n`)
  for (const table of ['patients', 'medical_records', 'prescriptions', 'lab_tests'])
    await db.query(`ANALYZE hospital_a.${table}`)

  /** The plans of the statements that a list really sends. */
  const plansOf = (list: (tx: TenantTx) => Promise<unknown>) =>
    clinical.database.inTenant({ tenantId: 'hospital_a', userId: 11, requestId: 'plans' }, async (tx) => {
      const plans: string[] = []
      const any = async (query: ReturnType<typeof sql.unsafe>) => {
        const explain = { ...sql.unsafe`EXPLAIN SELECT 1`, sql: `EXPLAIN ${query.sql}`, values: query.values }
        plans.push(JSON.stringify(await tx.any(explain)))
        return []
      }
      await list({ ...tx, any } as TenantTx)
      return plans.join()
    })
  const after = { at: minute(5), id: 7 }
  const place = { at: minute(5), rank: 1, id: 7 }
  const lists: Record<string, (tx: TenantTx) => Promise<unknown>> = {}
  for (const filter of [
    {},
    { patient_id: other },
    { doctor_id: 11 },
    { from: minute(0), to: minute(9) },
    { patient_id: other, doctor_id: 11 },
  ]) {
    for (const from of [null, after]) {
      const name = `${JSON.stringify(filter)} ${from === null ? '' : 'after a cursor'}`
      lists[`records ${name}`] = (tx) => listRecords(tx, filter, from, 26, sql.fragment`TRUE`)
      lists[`lab tests ${name}`] = (tx) => listTests(tx, filter, from, 26, sql.fragment`TRUE`)
    }
  }
  lists['records by status'] = (tx) => listRecords(tx, { status: 'signed' }, null, 26, sql.fragment`TRUE`)
  lists['lab tests by status'] = (tx) => listTests(tx, { status: 'collected' }, null, 26, sql.fragment`TRUE`)
  lists['lab tests that wait'] = (tx) => listTests(tx, { critical: 'unacknowledged' }, null, 26, sql.fragment`TRUE`)
  for (const kind of ['medical_record', 'prescription', 'lab_test'] as const) {
    lists[`timeline ${kind}`] = (tx) => listStored(tx, kind, patientId, null, 26)
    lists[`timeline ${kind} after a cursor`] = (tx) => listStored(tx, kind, patientId, place, 26)
  }
  for (const [name, list] of Object.entries(lists)) {
    const plans = await plansOf(list)
    t.match(plans, /Index/, name)
    t.notMatch(plans, /Seq Scan on (patients|medical_records|prescriptions|lab_tests)/, name)
  }
})
