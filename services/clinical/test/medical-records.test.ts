import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '@hospital/testing'
import t from 'tap'
import { canonicalJson } from '../src/medical-records/signature-rules.ts'
import { admin, doctor, nurse, otherDoctor, pharmacist, receptionist, startClinicalApp } from './clinical-app.ts'

t.setTimeout(120_000)
const clinical = await startClinicalApp()
const { db, get, post, patch } = clinical
t.teardown(() => clinical.stop())

const path = '/api/medical-records'
const create = async (body: object = {}, who = doctor) => {
  const answer = await post(who, path, { patient_id: await clinical.newPatient(), ...body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
const calm = {
  systolic: 120,
  diastolic: 80,
  heart_rate: 70,
  respiratory_rate: 16,
  temperature_c: 36.8,
  oxygen_saturation: 98,
  on_oxygen: false,
  consciousness: 'A',
} as const

t.test('a record is a draft of the signed-in doctor and is found again', async (t) => {
  const patientId = await clinical.newPatient()
  const created = await post(doctor, path, {
    patient_id: patientId,
    chief_complaint: 'Headache',
    diagnosis: 'Tension headache',
    diagnoses: [{ code: 'G44.2', description: 'Tension-type headache' }],
    vital_signs: { ...calm, weight_kg: 71.5, pain_score: null },
    prescriptions: [{ name: 'Ibuprofen' }],
    lab_results: { crp: 3 },
    follow_up_date: '2999-01-01',
  })
  t.equal(created.status, 201)
  t.equal(created.headers['etag'], '"1"')
  t.match(created.body, {
    patient_id: patientId,
    doctor_id: 11,
    status: 'draft',
    follow_up_required: false,
    news2: { score: 0, risk: 'low' },
    signature: null,
    addenda: [],
    version: 1,
    created_by: 11,
  })
  t.same(created.body.vital_signs, { ...calm, weight_kg: 71.5 })
  t.match(created.body.visit_date, /^\d{4}-.*\.\d{3}Z$/)
  t.same((await get(nurse, `${path}/${created.body.id}`)).body, created.body)
  const [event] = await clinical.events('medical_record', created.body.id)
  t.match(event, { type: 'hospital.clinical.medical_record.created.v1', data: { id: created.body.id, version: 1 } })
  t.notMatch(JSON.stringify(event), /headache/i)
})

t.test('creating refuses', async (t) => {
  const patientId = await clinical.newPatient()
  const archived = await clinical.newPatient({ status: 'inactive' })
  const refuse = async (who: typeof doctor, body: object, status: number, code: string, pointer?: string) => {
    const answer = await post(who, path, body)
    t.match(
      answer,
      { status, body: { code, ...(pointer ? { errors: [{ pointer }] } : {}) } },
      `${code} ${pointer ?? ''}`,
    )
  }
  await refuse(nurse, { patient_id: patientId }, 422, 'validation-failed', '/doctor_id')
  await refuse(doctor, {}, 400, 'invalid-request', '/patient_id')
  await refuse(doctor, { patient_id: patientId, status: 'signed' }, 400, 'invalid-request', '/status')
  await refuse(
    doctor,
    { patient_id: patientId, diagnoses: [{ code: 'headache' }] },
    400,
    'invalid-request',
    '/diagnoses/0/code',
  )
  await refuse(
    doctor,
    { patient_id: patientId, vital_signs: { heart_rate: 900 } },
    400,
    'invalid-request',
    '/vital_signs/heart_rate',
  )
  await refuse(doctor, { patient_id: patientId, vital_signs: { mood: 3 } }, 400, 'invalid-request', '/vital_signs/mood')
  await refuse(
    doctor,
    { patient_id: patientId, vital_signs: { systolic: 80, diastolic: 90 } },
    422,
    'validation-failed',
    '/vital_signs/diastolic',
  )
  await refuse(
    doctor,
    { patient_id: patientId, visit_date: '2026-05-02T10:00:00Z', follow_up_date: '2026-05-01' },
    422,
    'validation-failed',
    '/follow_up_date',
  )
  await refuse(doctor, { patient_id: 999_999 }, 422, 'unknown-reference', '/patient_id')
  await refuse(nurse, { patient_id: patientId, doctor_id: 21 }, 422, 'unknown-reference', '/doctor_id')
  await refuse(nurse, { patient_id: patientId, doctor_id: 13 }, 422, 'unknown-reference', '/doctor_id')
  await refuse(doctor, { patient_id: archived }, 409, 'patient-archived')
  await refuse(receptionist, { patient_id: patientId, doctor_id: 11 }, 403, 'forbidden')
  await refuse(pharmacist, { patient_id: patientId, doctor_id: 11 }, 403, 'forbidden')
})

t.test('a list is filtered, newest visit first, and paged without gaps', async (t) => {
  const patientId = await clinical.newPatient()
  const dates = [
    '2026-01-02T00:00:00.000Z',
    '2026-01-04T00:00:00.000Z',
    '2026-01-04T00:00:00.000Z',
    '2026-01-03T00:00:00.000Z',
  ]
  for (const visit_date of dates) await create({ patient_id: patientId, visit_date })
  const other = await create({ patient_id: patientId, doctor_id: 12, visit_date: '2026-01-01T00:00:00Z' }, nurse)
  const seen: string[] = []
  let cursor = ''
  do {
    const { body } = await get(nurse, `${path}?patient_id=${patientId}&limit=2${cursor}`)
    seen.push(...body.data.map((item: { visit_date: string }) => item.visit_date))
    cursor = body.page.next_cursor === null ? '' : `&cursor=${body.page.next_cursor}`
  } while (cursor !== '')
  t.same(seen, [...dates, '2026-01-01T00:00:00.000Z'].sort().reverse())
  const byDoctor = await get(nurse, `${path}?patient_id=${patientId}&doctor_id=12&status=draft`)
  t.same(
    byDoctor.body.data.map((item: { id: number }) => item.id),
    [other.id],
  )
  t.same((await get(nurse, `${path}?patient_id=${patientId}&status=signed`)).body.data, [])
  const third = await get(nurse, `${path}?patient_id=${patientId}&from=2026-01-03T00:00:00Z&to=2026-01-04T00:00:00Z`)
  t.same(
    third.body.data.map((item: { visit_date: string }) => item.visit_date),
    ['2026-01-03T00:00:00.000Z'],
  )
  t.match(await get(nurse, `${path}?cursor=bogus`), { status: 400, body: { code: 'invalid-cursor' } })
  const made = Buffer.from('["yesterday",1]').toString('base64url')
  t.match(await get(nurse, `${path}?cursor=${made}`), { status: 400, body: { code: 'invalid-cursor' } })
  t.match(await get(pharmacist, path), { status: 403 })
})

t.test('a draft is changed by merge patch, field differences are kept', async (t) => {
  const record = await create({ vital_signs: { ...calm, pain_score: 4 }, notes: 'first', diagnosis: 'Migraine' })
  const changed = await patch(nurse, `${path}/${record.id}`, 1, {
    vital_signs: { pain_score: null, heart_rate: 95 },
    notes: null,
    follow_up_required: true,
  })
  t.equal(changed.status, 200)
  t.match(changed.body, { version: 2, notes: null, diagnosis: 'Migraine', updated_by: 21, news2: { score: 1 } })
  t.same(changed.body.vital_signs, { ...calm, heart_rate: 95 })
  t.match(await patch(nurse, `${path}/${record.id}`, 1, { notes: 'x' }), {
    status: 412,
    body: { code: 'stale-version', current_version: 2 },
  })
  t.match(await clinical.call(nurse, 'PATCH', `${path}/${record.id}`, { notes: 'x' }), { status: 428 })
  t.match(await patch(nurse, `${path}/${record.id}`, 2, { patient_id: 1 }), { status: 400 })
  t.match(await patch(nurse, `${path}/${record.id}`, 2, { doctor_id: 13 }), {
    status: 422,
    body: { code: 'unknown-reference' },
  })
  t.match(await patch(nurse, `${path}/${record.id}`, 2, { vital_signs: { diastolic: 130 } }), { status: 422 })

  const { body } = await get(doctor, `${path}/${record.id}/history`)
  t.match(body.data[0], { action: 'changed', version: 2, actor: { id: 21, name: 'Person 21' } })
  t.same(
    body.data[0].changes.find((item: { field: string }) => item.field === 'notes'),
    { field: 'notes', from: 'first', to: null },
  )
  t.same(
    body.data[0].changes.map((item: { field: string }) => item.field),
    ['follow_up_required', 'notes', 'vital_signs.heart_rate', 'vital_signs.pain_score'],
  )
  t.match(body.data[1], { action: 'created', actor: { id: 11 } })
  const first = await get(doctor, `${path}/${record.id}/history?limit=1`)
  const second = await get(doctor, `${path}/${record.id}/history?limit=1&cursor=${first.body.page.next_cursor}`)
  t.same([first.body.data[0], second.body.data[0]], body.data)
  t.equal((await get(receptionist, `${path}/${record.id}/history`)).status, 403)
})

t.test('a signed record refuses every change and takes addenda', async (t) => {
  const record = await create({ notes: 'final', vital_signs: calm, visit_date: '2026-05-01T10:00:00.123+02:00' })
  const url = `${path}/${record.id}`
  t.match(await post(doctor, `${url}/addenda`, { text: 'x', reason: 'y' }), {
    status: 409,
    body: { code: 'record-not-signed' },
  })
  for (const who of [admin, nurse])
    t.match(await post(who, `${url}/sign`), { status: 403, body: { permission: 'records.sign' } })
  t.match(await post(doctor, `${url}/sign`, undefined, { 'if-match': '"9"' }), { status: 412 })
  const signed = await post(otherDoctor, `${url}/sign`)
  t.match(signed, { status: 200, body: { status: 'signed', version: 2, signed_by: 12, digest: /^[0-9a-f]{64}$/ } })
  t.match(await post(doctor, `${url}/sign`), { status: 409, body: { code: 'record-signed' } })
  t.match(await patch(doctor, url, 2, { notes: 'other' }), { status: 409, body: { code: 'record-signed' } })
  t.match(await post(doctor, `${url}/addenda`, { text: ' ', reason: 'y' }), { status: 400 })
  t.match(await post(doctor, `${url}/addenda`, { text: 'x' }), { status: 400 })
  t.match(await post(receptionist, `${url}/addenda`, { text: 'x', reason: 'y' }), { status: 403 })
  const amended = await post(nurse, `${url}/addenda`, { text: 'Allergy noted later', reason: 'Forgotten' })
  t.match(amended, {
    status: 201,
    body: {
      version: 2,
      addenda: [{ text: 'Allergy noted later', reason: 'Forgotten', created_by: 21, created_by_name: 'Person 21' }],
    },
  })
  t.same({ ...amended.body, addenda: [] }, signed.body)
  const { body: history } = await get(nurse, `${url}/history`)
  t.same(
    history.data.map((entry: { action: string }) => entry.action),
    ['addendum', 'signed', 'created'],
  )
  t.same(
    (await clinical.events('medical_record', record.id)).map(({ type }) => type.split('.')[3]),
    ['created', 'signed', 'amended'],
  )
})

t.test('the database itself keeps signed records: no SQL of the runtime role changes them', async (t) => {
  const record = await create({ notes: 'final' })
  await post(doctor, `${path}/${record.id}/sign`)
  await post(doctor, `${path}/${record.id}/addenda`, { text: 'more', reason: 'why' })
  const [role] = await db.query<{ name: string }>(
    `SELECT grantee AS name FROM information_schema.role_table_grants
     WHERE table_schema = 'hospital_a' AND table_name = 'medical_records' AND grantee LIKE 't\\_%' LIMIT 1`,
  )
  const attempt = async (statement: string) => {
    try {
      await db.query(
        `DO $$ BEGIN SET LOCAL ROLE "${role?.name}"; SET LOCAL search_path TO hospital_a; ${statement}; END $$`,
      )
      return 'done'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  const id = record.id
  t.equal(await attempt('PERFORM 1 FROM medical_records'), 'done', 'the attempts themselves work')
  const other = await clinical.newPatient()
  for (const change of [
    `UPDATE medical_records SET notes = 'other' WHERE id = ${id}`,
    `UPDATE medical_records SET status = 'draft' WHERE id = ${id}`,
    `UPDATE medical_records SET patient_id = ${other} WHERE id = ${id}`,
    `UPDATE medical_records SET version = version + 1 WHERE id = ${id}`,
    `UPDATE medical_records SET created_by = 12 WHERE id = ${id}`,
    `INSERT INTO medical_records (id, patient_id, doctor_id, notes) VALUES (${id}, ${other}, 11, 'x') ON CONFLICT (id) DO UPDATE SET notes = excluded.notes`,
  ]) {
    t.equal(await attempt(change), '23001', change)
  }
  for (const change of [
    `DELETE FROM medical_records WHERE id = ${id}`,
    'TRUNCATE medical_records CASCADE',
    `DELETE FROM medical_record_signatures WHERE medical_record_id = ${id}`,
    `UPDATE medical_record_signatures SET signed_by = 12 WHERE medical_record_id = ${id}`,
    `UPDATE medical_record_addenda SET text = 'x' WHERE medical_record_id = ${id}`,
    `DELETE FROM medical_record_addenda WHERE medical_record_id = ${id}`,
    `DELETE FROM medical_record_history WHERE medical_record_id = ${id}`,
    `UPDATE medical_record_history SET actor_id = 1 WHERE medical_record_id = ${id}`,
    `INSERT INTO medical_record_history (medical_record_id, version, action, changes) VALUES (${id}, 1, 'changed', '[]')`,
    'ALTER TABLE medical_records DISABLE TRIGGER ALL',
    'DROP TRIGGER medical_records_protect_signed ON medical_records',
  ]) {
    t.equal(await attempt(change), '42501', change)
  }
  const draft = await create()
  t.equal(
    await attempt(`UPDATE medical_records SET status = 'signed' WHERE id = ${draft.id}; SET CONSTRAINTS ALL IMMEDIATE`),
    '23514',
    'signed without a signature',
  )
  t.equal(
    await attempt(
      `INSERT INTO medical_record_addenda (medical_record_id, text, reason, created_by, digest) VALUES (${draft.id}, 'x', 'x', 11, 'x')`,
    ),
    '23514',
  )
  t.equal(await attempt(`DELETE FROM medical_records WHERE id = ${draft.id}`), '42501', 'drafts are not deleted either')
  t.match((await get(doctor, `${path}/${id}`)).body, { notes: 'final', status: 'signed', doctor_id: 11 })
})

t.test('a signed record follows its patient into a merge, and still verifies', async (t) => {
  const record = await create({ notes: 'final' })
  await post(doctor, `${path}/${record.id}/sign`)
  const survivor = await clinical.newPatient()
  const merge = (verb: string) =>
    post(admin, `/api/patients/${survivor}/${verb}`, { duplicate_id: record.patient_id, reason: 'The same person' })
  t.equal((await merge('merge')).status, 200)
  const moved = await get(doctor, `${path}/${record.id}`)
  t.match(moved.body, { patient_id: survivor, version: 2, signature: { patient_id: record.patient_id } })
  t.same(
    (await get(doctor, `${path}?patient_id=${record.patient_id}`)).body.data,
    [moved.body],
    'the old id keeps resolving',
  )
  t.match(await verify(moved.body), { code: 0, stdout: /intact/ })
  t.match((await get(doctor, `${path}/${record.id}/history`)).body.data[0], { action: 'moved' })
  t.equal((await merge('unmerge')).status, 200)
  const back = await get(doctor, `${path}/${record.id}`)
  t.match(back.body, { patient_id: record.patient_id, version: 2 })
  t.match(await verify(back.body), { code: 0, stdout: /intact/ })
})

const run = promisify(execFile)
const script = join(import.meta.dirname, '../src/verify-records.ts')
const folder = await temporaryFolder()
t.teardown(() => folder.remove())
async function verify(content: unknown) {
  const file = join(folder.path, 'records.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return run(process.execPath, [script, file]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

t.test('a signature is verified offline', async (t) => {
  const record = await create({
    notes: 'Final — “quoted”',
    vital_signs: calm,
    prescriptions: [{ b: 1, a: { d: 2.5, c: null } }],
  })
  await post(doctor, `${path}/${record.id}/sign`)
  await post(doctor, `${path}/${record.id}/addenda`, { text: 'more', reason: 'why' })
  const { body } = await get(doctor, `${path}/${record.id}`)
  t.match(await verify(body), { code: 0, stdout: `record ${record.id}: intact` })
  t.match(await verify({ data: [body, await create()], page: {} }), { code: 0, stdout: /intact[\s\S]*not signed yet/ })
  t.match(await verify([{ ...body, notes: 'Final' }]), { code: 1, stdout: /ALTERED: record differs/ })
  t.match(await verify({ ...body, signature: { ...body.signature, signed_by: 12 } }), {
    code: 1,
    stdout: /ALTERED: record/,
  })
  const forged = [{ ...body.addenda[0], text: 'less' }]
  t.match(await verify({ ...body, addenda: forged }), { code: 1, stdout: /ALTERED: addendum \d+ differs/ })
  t.match(await verify('{'), { code: 2 })
  t.match(await verify({ id: 1 }), { code: 2, stderr: /not medical records/ })
  t.equal(canonicalJson({ b: [1, { d: undefined, c: 'ü' }], a: null }), '{"a":null,"b":[1,{"c":"ü"}]}')
})

t.test('another hospital sees nothing', async (t) => {
  const record = await create()
  const stranger = { ...doctor, tenant: 'hospital_b' }
  const theirs = await clinical.newPatient({ tenant: 'hospital_b' })
  for (const url of [`${path}/${record.id}`, `${path}/${record.id}/history`])
    t.equal((await get(stranger, url)).status, 404)
  t.equal((await patch(stranger, `${path}/${record.id}`, 1, { notes: 'x' })).status, 404)
  t.equal((await post(stranger, `${path}/${record.id}/sign`)).status, 404)
  t.equal((await post(stranger, `${path}/${record.id}/addenda`, { text: 'x', reason: 'y' })).status, 404)
  t.same((await get(stranger, path)).body.data, [])
  t.ok(theirs > 0)
})

t.test('two who sign at once: one signature', async (t) => {
  const record = await create()
  const answers = await Promise.all(
    [doctor, otherDoctor, doctor, otherDoctor].map((who) => post(who, `${path}/${record.id}/sign`)),
  )
  t.same(answers.map(({ status }) => status).sort(), [200, 409, 409, 409])
})
