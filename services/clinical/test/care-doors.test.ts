import {
  allRoutes,
  chartAreaOf,
  hospitalRoles,
  isAllowed,
  type Permission,
  permissionsOfRoles,
  type RouteContract,
  worksOn,
} from '@hospital/contracts'
import { sampleOf } from '@hospital/testing'
import t from 'tap'
import { admin, doctor, startClinicalApp, technician } from './clinical-app.ts'

// Every operation that touches a chart, in every role, with and without a care relation.

t.setTimeout(300_000)
const clinical = await startClinicalApp()
const { db, get, post, patch, call } = clinical
t.teardown(clinical.stop)

/** People who have nothing to do with anybody here; staff and doctors in the tables, so that they could act. */
const strangers = {
  Doctor: 12,
  Nurse: 21,
  'Lab Technician': 32,
  Pharmacist: 51,
  Admin: 52,
  Receptionist: 41,
  Manager: 52,
}
await db.query("INSERT INTO hospital_a.staff (id, name) VALUES (52, 'Person 52')")
const stranger = (role: string) => ({ role, userId: strangers[role as keyof typeof strangers] })

const patient = await clinical.newPatient()
const other = await clinical.newPatient()
const must = async (answer: Promise<{ status: number; body: { id: number; patient_id: number } }>) => {
  const { status, body } = await answer
  if (status >= 300) throw new Error(JSON.stringify(body))
  return body
}
const record = await must(post(doctor, '/api/medical-records', { patient_id: patient, chief_complaint: 'headache' }))
const prescription = await must(
  post(doctor, '/api/prescriptions', { patient_id: patient, medication_name: 'Amoxicillin 500 mg', quantity: 21 }),
)
const test = await must(post(doctor, '/api/lab-tests', { patient_id: patient, test_name: 'Potassium' }))
const measured = await must(post(doctor, '/api/lab-tests', { patient_id: patient, test_name: 'Sodium' }))
await must(post(technician, `/api/lab-tests/${measured.id}/collect`, {}))
const critical = { name: 'Sodium', value: 108, unit: 'mmol/L', critical_low: 120 }
await must(post(technician, `/api/lab-tests/${measured.id}/results`, { results: [critical] }))
const allergy = await must(post(doctor, `/api/patients/${patient}/allergies`, { substance: 'Penicillin' }))
const alert = (await get(doctor, `/api/alerts?patient_id=${patient}`)).body.data[0]
const state = await must(post(doctor, `/api/patients/${patient}/states`, { state: 'breast_feeding' }))

const rows: Record<string, number> = {
  '/api/patient-states': state.id,
  '/api/medical-records': record.id,
  '/api/prescriptions': prescription.id,
  '/api/lab-tests': test.id,
  '/api/allergies': allergy.id,
  '/api/alerts': alert.id,
  '/api/patients': patient,
}
const idFor = (path: string) => Object.entries(rows).find(([prefix]) => path.startsWith(prefix))?.[1]

const send = (contract: RouteContract, who: { role: string; userId: number }, query = '') => {
  const body = contract.body ? (sampleOf(contract.body) as Record<string, unknown>) : undefined
  if (body && 'patient_id' in body) body['patient_id'] = patient
  if (contract.operationId === 'createMedicalRecord') Object.assign(body ?? {}, { doctor_id: doctor.userId })
  return call(
    who,
    contract.method,
    contract.path.replace(':id', String(idFor(contract.path))) + query,
    body,
    contract.ifMatch === 'required' ? { 'if-match': '*' } : {},
  )
}
const requireRelation = async (care_relation_required: boolean) => {
  const { body } = await get(admin, '/api/clinical-settings')
  await patch(admin, '/api/clinical-settings', body.version, { care_relation_required })
}
const relate = (userId: number, patientId = patient) =>
  db.query('INSERT INTO hospital_a.care_assignments (patient_id, user_id, created_by) VALUES ($1, $2, 1)', [
    patientId,
    userId,
  ])
const endRelations = () => db.query('UPDATE hospital_a.care_assignments SET ended_at = now() WHERE ended_at IS NULL')

const touching = allRoutes.filter(({ service, chart }) => service === 'clinical' && chart !== 'none')
const refusedForCare = ({ body }: { body: { code?: string } | null }) => body?.code === 'care-relation-required'
/** An order relates the bench, a prescription the pharmacy. */
const worksThere = (contract: RouteContract, role: string) => {
  const area = chartAreaOf(contract.access)
  const held = permissionsOfRoles([role])
  return area !== null && area !== 'records' && worksOn[area].some((permission) => held.includes(permission))
}

/** Who answers for an alert prescribes or dispenses, although the permission is reading (alerts/rules.ts). */
const mayUse = (contract: RouteContract, held: readonly Permission[]) =>
  isAllowed(contract.access, held) &&
  (contract.operationId !== 'acknowledgeAlert' ||
    held.some((permission) => permission === 'prescriptions.write' || permission === 'prescriptions.dispense'))

await requireRelation(true)

t.test('operations on charts are those behind permissions about charts', async (t) => {
  t.ok(touching.length >= 25)
  for (const contract of allRoutes.filter(({ service }) => service === 'clinical')) {
    const isAbout = chartAreaOf(contract.access) !== null && contract.patient !== 'none'
    t.equal(contract.chart !== 'none', isAbout || contract.operationId === 'getPatientTimeline', contract.operationId)
  }
})

for (const contract of touching) {
  t.test(`${contract.operationId}: closed without a relation, open with one`, async (t) => {
    const roles = hospitalRoles.filter(({ permissions }) => mayUse(contract, permissions))
    t.ok(roles.length > 0)
    const isWide = contract.method === 'GET' && !contract.path.includes('/:id')
    for (const { name, permissions } of roles) {
      const who = stranger(name)
      const holdsNone = permissions.every((permission) => chartAreaOf(permission) === null)
      const opens = worksThere(contract, name) || holdsNone
      const where = isWide ? `?patient_id=${patient}` : ''
      // The kinds that they may see at all; whose work is one kind asks for that one.
      const asked =
        contract.operationId === 'getPatientTimeline' && name === 'Pharmacist' ? '?kind=prescription' : where
      const isTheirKind =
        contract.operationId === 'getPatientTimeline' && ['Pharmacist', 'Lab Technician'].includes(name)
      const before = await send(contract, who, asked)
      t.equal(refusedForCare(before), !opens && !isTheirKind, `${name} without: ${before.status}`)
      if (refusedForCare(before)) {
        t.equal(before.status, 403)
        t.same(
          Object.keys(before.body).sort(),
          ['code', 'detail', 'request_id', 'status', 'title', 'type'],
          'says no more',
        )
      }
      if (isWide) {
        const wide = await send(contract, who)
        const isTheirs = (row: { created_by?: number; entered_by?: number }) =>
          row.created_by === who.userId || row.entered_by === who.userId
        const seen = wide.body.data.filter(
          (row: { patient_id: number; created_by?: number }) => row.patient_id === patient && !isTheirs(row),
        ).length
        t.equal(seen > 0, opens, `${name}: ${seen} rows in the wide list`)
      }
      await relate(who.userId)
      const after = await send(contract, who, asked)
      t.notOk(refusedForCare(after), `${name} with: ${after.status}`)
      t.ok(after.status < 500)
      await endRelations()
    }
  })
}

t.test('what a stranger writes makes no relation, and the author reads that row alone', async (t) => {
  await requireRelation(false)
  const own = await must(
    post(stranger('Doctor'), '/api/medical-records', { patient_id: other, chief_complaint: 'cough' }),
  )
  const draft = await must(
    post(stranger('Doctor'), '/api/prescriptions', { patient_id: other, medication_name: 'Ibuprofen' }),
  )
  const order = await must(post(stranger('Doctor'), '/api/lab-tests', { patient_id: other, test_name: 'Sodium' }))
  const theirs = await must(post(doctor, '/api/medical-records', { patient_id: other, chief_complaint: 'fever' }))
  await requireRelation(true)
  const who = stranger('Doctor')
  for (const url of [`/api/medical-records/${own.id}`, `/api/prescriptions/${draft.id}`, `/api/lab-tests/${order.id}`])
    t.equal((await get(who, url)).status, 200, `${url}: what they wrote`)
  t.equal((await get(who, `/api/medical-records/${own.id}/history`)).status, 200)
  t.equal((await patch(who, `/api/medical-records/${own.id}`, 1, { notes: 'finished' })).status, 200, 'and finish it')
  t.equal(
    (await post(who, `/api/prescriptions/${draft.id}/discontinue`, { reason: 'wrong' })).status,
    200,
    'or take it back',
  )
  t.ok(refusedForCare(await get(who, `/api/medical-records/${theirs.id}`)), 'not what others wrote')
  t.ok(refusedForCare(await get(who, `/api/medical-records?patient_id=${other}`)), 'not the chart')
  t.ok(refusedForCare(await post(who, `/api/prescriptions/${draft.id}/revise`, { quantity: 10, reason: 'more' })))
  t.ok(refusedForCare(await post(who, '/api/medical-records', { patient_id: other, chief_complaint: 'again' })))
  const wide = await get(who, '/api/medical-records?limit=100')
  t.same(
    wide.body.data
      .filter((row: { patient_id: number }) => row.patient_id === other)
      .map(({ id }: { id: number }) => id),
    [own.id],
    'in the wide list what they wrote',
  )
  t.equal((await call(who, 'POST', `/api/patients/${other}/care-team`, { user_id: who.userId })).status, 201)
  t.ok(refusedForCare(await get(who, `/api/medical-records/${theirs.id}`)), 'nor does assigning oneself')
  await db.query(
    "INSERT INTO hospital_a.care_appointments (appointment_id, patient_id, doctor_id, status, version, assigned_by) VALUES (1, $1, 12, 'scheduled', 1, 12)",
    [other],
  )
  t.ok(refusedForCare(await get(who, `/api/medical-records/${theirs.id}`)), 'nor booking for oneself')
  await db.query('UPDATE hospital_a.care_appointments SET assigned_by = 41')
  t.equal((await get(who, `/api/medical-records/${theirs.id}`)).status, 200, 'booked by the front desk it does')
  await db.query('DELETE FROM hospital_a.care_appointments')
  await endRelations()
})

t.test('entered by another one to answer for, it relates', async (t) => {
  const responsible = await clinical.newPatient()
  await relate(21, responsible)
  await must(
    post({ role: 'Nurse', userId: 21 }, '/api/medical-records', { patient_id: responsible, doctor_id: 12, notes: 'x' }),
  )
  t.equal((await get(stranger('Doctor'), `/api/medical-records?patient_id=${responsible}`)).body.data.length, 1)
})

t.test('pages are full: the rule is asked in the list itself', async (t) => {
  const ours = await clinical.newPatient()
  await relate(12, ours)
  const at = (i: number) => new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString()
  for (let i = 0; i < 60; i++) {
    await db.query(
      'INSERT INTO hospital_a.medical_records (patient_id, doctor_id, visit_date, created_by) VALUES ($1, 11, $2, 11)',
      [i % 3 === 0 ? ours : patient, at(i)],
    )
  }
  const first = await get(stranger('Doctor'), '/api/medical-records?limit=15')
  t.equal(first.body.data.length, 15)
  t.ok(first.body.page.next_cursor)
  const rest = await get(stranger('Doctor'), `/api/medical-records?limit=15&cursor=${first.body.page.next_cursor}`)
  const seen = [...first.body.data, ...rest.body.data].filter((row: { patient_id: number }) => row.patient_id === ours)
  t.equal(seen.length, 20)
  t.equal(rest.body.page.next_cursor, null)
  t.ok((await get(technician, '/api/lab-tests?status=ordered')).body.data.length > 0, 'the bench has its worklist')
  await db.query(
    "INSERT INTO hospital_a.prescriptions (patient_id, doctor_id, medication_name, entered_by) VALUES ($1, 11, 'Ibuprofen', 11)",
    [patient],
  )
  const pharmacy = await get(stranger('Pharmacist'), '/api/prescriptions?status=active')
  t.ok(pharmacy.body.data.length > 0, 'and the pharmacy')
})

t.test('clinical text on the patient is chart, who the patient is is not', async (t) => {
  const chart = { medical_history: 'asthma', allergies: 'nuts', current_medications: 'salbutamol' }
  const who = { role: 'Doctor', userId: 12 }
  const registered = await post(who, '/api/patients', {
    first_name: 'Ida',
    last_name: 'Chart',
    date_of_birth: '1999-01-01',
    ...chart,
  })
  t.match(registered, { status: 201, body: chart }, 'who registers sees what they wrote')
  const url = `/api/patients/${registered.body.id}`
  const shown = (body: object) => Object.keys(chart).filter((field) => field in body)
  const read = await get(who, url)
  t.match(read, { status: 200, body: { last_name: 'Chart' } })
  t.same(shown(read.body), [])
  const found = await get(who, '/api/patients?q=Ida%20Chart')
  t.match(found.body.data, [{ last_name: 'Chart' }])
  t.same(shown(found.body.data[0]), [])
  t.ok(refusedForCare(await patch(who, url, 1, { allergies: 'none' })), 'not overwritten unseen')
  const changed = await patch(who, url, 1, { phone: '555-0100' })
  t.match(changed, { status: 200, body: { phone: '555-0100' } })
  t.same(shown(changed.body), [])
  await relate(12, registered.body.id)
  t.match((await get(who, url)).body, chart)
  t.equal((await patch(who, url, 2, { allergies: 'nuts, latex' })).status, 200)
  await endRelations()
  const pharmacist = { role: 'Pharmacist', userId: 51 }
  t.same(shown((await get(pharmacist, url)).body), [], 'nothing is prescribed')
  await db.query(
    "INSERT INTO hospital_a.prescriptions (patient_id, doctor_id, medication_name, entered_by) VALUES ($1, 11, 'Salbutamol', 11)",
    [registered.body.id],
  )
  t.same(
    shown((await get(pharmacist, url)).body),
    ['allergies', 'current_medications'],
    'a prescription opens what it needs',
  )
})
