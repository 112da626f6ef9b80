import { confirmPassword, problem } from '@hospital/contracts'
import { connectMessaging } from '@hospital/messaging'
import { createLog } from '@hospital/service'
import t from 'tap'
import { consumeCareAppointments } from '../src/care/consumers.ts'
import { admin, doctor, nurse, otherDoctor, receptionist, startClinicalApp } from './clinical-app.ts'

const clinical = await startClinicalApp()
const { get, post, patch, db } = clinical
t.teardown(clinical.stop)
clinical.messaging.respond(confirmPassword, async ({ password }) => {
  if (password !== 'right') throw problem('wrong-password')
  return { confirmed: true }
})
const manager = { role: 'Manager', userId: 51 }

const patient = await clinical.newPatient()
const other = await clinical.newPatient()
const newRecord = (patient_id: number) =>
  post(doctor, '/api/medical-records', { patient_id, doctor_id: doctor.userId, chief_complaint: 'headache' })
const record = (await newRecord(patient)).body

const require = async (care_relation_required: boolean) => {
  const { body } = await get(admin, '/api/clinical-settings')
  return patch(admin, '/api/clinical-settings', body.version, { care_relation_required })
}
const auditOf = (action: string, userId: number) =>
  db.query<{
    outcome: string
    problem: string | null
    patient_id: number
    details: object | null
    purpose: string | null
  }>(
    `SELECT outcome, problem, patient_id, details, purpose FROM hospital_a.audit_events
     WHERE action = $1 AND actor_id = $2 ORDER BY id DESC LIMIT 1`,
    [action, userId],
  )

t.test('without the rule the permission is enough', async (t) => {
  t.equal((await get(nurse, `/api/medical-records/${record.id}`)).status, 200)
  t.match(await require(true), { status: 200, body: { care_relation_required: true } })
})

t.test('with the rule a chart opens to those who care for the patient', async (t) => {
  t.equal((await get(doctor, `/api/medical-records/${record.id}`)).status, 200, 'a record of one’s own')
  const refused = await get(nurse, `/api/medical-records/${record.id}`)
  t.match(refused, { status: 403, body: { code: 'care-relation-required' } })
  t.match(await auditOf('getMedicalRecord', nurse.userId), [
    { outcome: 'denied', problem: 'care-relation-required', patient_id: patient },
  ])
  for (const url of [
    `/api/medical-records?patient_id=${patient}`,
    `/api/prescriptions?patient_id=${patient}`,
    `/api/lab-tests?patient_id=${patient}`,
    `/api/patients/${patient}/timeline`,
    `/api/patients/${patient}/allergies`,
  ]) {
    t.match(await get(nurse, url), { status: 403, body: { code: 'care-relation-required' } }, url)
  }
  t.match(await get(nurse, '/api/medical-records'), { status: 200, body: { data: [] } }, 'a wide list leaves it out')
  t.equal((await get(nurse, `/api/patients/${patient}`)).status, 200, 'who the patient is, is no chart')
})

t.test('an assignment opens it and its end closes it', async (t) => {
  t.match(await post(receptionist, `/api/patients/${patient}/care-team`, { user_id: nurse.userId }), { status: 403 })
  t.match(await post(doctor, `/api/patients/${patient}/care-team`, { user_id: 999 }), {
    status: 422,
    body: { code: 'unknown-reference', errors: [{ pointer: '/user_id' }] },
  })
  const { status, body } = await post(doctor, `/api/patients/${patient}/care-team`, { user_id: nurse.userId })
  t.equal(status, 201)
  t.match(await post(doctor, `/api/patients/${patient}/care-team`, { user_id: nurse.userId }), { status: 409 })
  t.equal((await get(nurse, `/api/medical-records/${record.id}`)).status, 200)
  t.match(await get(nurse, `/api/patients/${patient}/care-team`), { body: { data: [{ user_id: nurse.userId }] } })
  t.equal((await clinical.call(doctor, 'DELETE', `/api/care-assignments/${body.id}`)).status, 200)
  t.match(await clinical.call(doctor, 'DELETE', `/api/care-assignments/${body.id}`), {
    status: 409,
    body: { code: 'illegal-transition', current_status: 'ended', allowed_steps: [] },
  })
  t.equal((await get(nurse, `/api/medical-records/${record.id}`)).status, 403)
})

t.test('an appointment is a relation until it is cancelled', async (t) => {
  await newRecord(other)
  const log = createLog('scheduling', 'silent')
  const scheduling = await connectMessaging({ url: clinical.natsUrl, name: 'scheduling', log })
  await scheduling.ensureStreams()
  const consumer = consumeCareAppointments(clinical.deps)
  const tell = async (verb: string, version: number, status: string) => {
    const id = crypto.randomUUID()
    const data = {
      id: 7,
      patient_id: other,
      doctor_id: otherDoctor.userId,
      appointment_date: '2031-03-04T09:00:00.000Z',
      duration_minutes: 30,
      status,
      series_id: null,
      version,
    }
    await scheduling.publish({
      id,
      subject: `scheduling.hospital_a.appointment.${verb}.v1`,
      envelope: {
        specversion: '1.0',
        id,
        source: '/hospital/scheduling',
        type: `hospital.scheduling.appointment.${verb}.v1`,
        subject: '7',
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        tenantid: 'hospital_a',
        requestid: 'test',
        actorid: '1',
        data,
      },
    })
  }
  const url = `/api/medical-records?patient_id=${other}`
  const becomes = async (status: number) => {
    for (let tries = 0; tries < 100; tries++) {
      if ((await get(otherDoctor, url)).status === status) return true
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return false
  }
  t.equal((await get(otherDoctor, url)).status, 403)
  await tell('booked', 1, 'scheduled')
  t.ok(await becomes(200), 'booked: open')
  await tell('cancelled', 2, 'cancelled')
  t.ok(await becomes(403), 'cancelled: closed')
  await consumer.close()
  await scheduling.close()
})

t.test('in an emergency the glass is broken, with a reason and the password, for an hour, and reviewed', async (t) => {
  const url = `/api/patients/${patient}/break-glass`
  t.match(await post(nurse, url, { reason: 'unconscious', password: 'wrong' }), {
    status: 403,
    body: { code: 'wrong-password' },
  })
  t.match(await post(nurse, url, { reason: ' ', password: 'right' }), { status: 400 })
  t.match(await post(nurse, '/api/patients/999999/break-glass', { reason: 'x', password: 'right' }), { status: 404 })
  const opened = await post(nurse, url, { reason: 'unconscious', password: 'right' })
  t.match(opened, { status: 201, body: { patient_id: patient, user_id: nurse.userId, reason: 'unconscious' } })
  t.equal(Date.parse(opened.body.expires_at) - Date.parse(opened.body.opened_at), 3_600_000)
  t.match(await auditOf('breakGlass', nurse.userId), [{ patient_id: patient, purpose: 'unconscious' }])

  t.equal((await get(nurse, `/api/medical-records/${record.id}`)).status, 200)
  t.match(await auditOf('getMedicalRecord', nurse.userId), [
    { outcome: 'success', details: { break_glass: [patient] } },
  ])
  t.equal((await get(otherDoctor, `/api/medical-records/${record.id}`)).status, 403, 'nobody else came in')

  const list = await get(manager, '/api/break-glass?reviewed=false')
  t.match(list.body.data, [{ id: opened.body.id, user_name: 'Person 21' }])
  t.match(await post(manager, `/api/break-glass/${opened.body.id}/review`, { note: 'justified' }), {
    status: 200,
    body: { reviewed_by: manager.userId, review_note: 'justified' },
  })
  t.match(await post(manager, `/api/break-glass/${opened.body.id}/review`, { note: 'again' }), {
    status: 409,
    body: { code: 'illegal-transition', current_status: 'reviewed', allowed_steps: [] },
  })
  t.match(await get(manager, '/api/break-glass?reviewed=false'), { body: { data: [] } })

  await db.query(
    `UPDATE hospital_a.break_glass_accesses SET opened_at = opened_at - interval '2 hours', expires_at = expires_at - interval '2 hours'`,
  )
  t.equal((await get(nurse, `/api/medical-records/${record.id}`)).status, 403, 'closed after the hour')
  const own = await post(doctor, url, { reason: 'own', password: 'right' })
  t.equal(own.status, 201)
  const asAuditor = { ...doctor, role: 'Manager' }
  t.match(await post(asAuditor, `/api/break-glass/${own.body.id}/review`, { note: 'fine' }), {
    status: 422,
    body: { code: 'same-person' },
  })
})
