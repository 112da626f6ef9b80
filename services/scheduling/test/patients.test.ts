import {
  type DataOf,
  listPatientAppointments,
  listPatientFacts,
  type patientUpdated,
  type tenantUpdated,
} from '@hospital/contracts'
import { reconcile } from '@hospital/service'
import fc from 'fast-check'
import t from 'tap'
import { respondPatientAppointments } from '../src/appointments/responders.ts'
import { consumeHospital } from '../src/hospital/consumers.ts'
import { consumePatients, patientCopies } from '../src/patient-copies/consumers.ts'
import { moveToSurvivor, patientTables, returnToDuplicate } from '../src/patient-copies/merge-work.ts'
import { admin, contextOf, receptionist, startScheduling } from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { db, deps, get, post, messaging, events } = system
consumePatients(deps)
consumeHospital(deps)
respondPatientAppointments(deps)

type Facts = DataOf<typeof patientUpdated>
const facts = (id: number, version: number, change: Partial<Facts> = {}): Facts => ({
  id,
  patient_number: `P${id}`,
  first_name: `First${id}`,
  last_name: `Last${id}`,
  status: 'active',
  merged_into: null,
  version,
  ...change,
})

let sent = 0
const publish = (stream: string, type: string, data: object, id = `event-${++sent}`) =>
  messaging.publish({
    id,
    subject: `${stream}.hospital_a.${type}.v1`,
    envelope: {
      specversion: '1.0',
      id,
      source: `/hospital/${stream}`,
      type: `hospital.${stream}.${type}.v1`,
      subject: '1',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      tenantid: 'hospital_a',
      requestid: 'test',
      actorid: '1',
      data,
    },
  })
const tell = (data: Facts) => publish('clinical', 'patient.updated', data)

async function until(check: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (await check()) return true
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return false
}
const knows = (id: number, version: number) =>
  until(
    async () =>
      (await db.query('SELECT FROM hospital_a.patients WHERE id = $1 AND version = $2', [id, version])).length === 1,
  )

const book = async (patient_id: number, appointment_date: string, doctor_id = 11) =>
  (await post(receptionist, '/api/appointments', { patient_id, doctor_id, appointment_date })).body
const patientOf = async (id: number) => (await get(receptionist, `/api/appointments/${id}`)).body.patient_id

t.test('the copy follows events by version', async (t) => {
  const appointment = await book(150, '2031-03-04T09:00:00Z')
  await tell(facts(150, 3, { first_name: 'Renamed' }))
  t.ok(await knows(150, 3))
  await tell(facts(150, 2, { first_name: 'Older' }))
  await tell(facts(151, 2))
  t.ok(await knows(151, 2))
  t.equal((await get(receptionist, `/api/appointments/${appointment.id}`)).body.patient_name, 'Renamed Last150')
  await tell(facts(151, 3, { status: 'deceased' }))
  t.ok(await knows(151, 3))
  t.equal(
    (
      await post(receptionist, '/api/appointments', {
        patient_id: 151,
        doctor_id: 11,
        appointment_date: '2031-03-05T09:00:00Z',
      })
    ).body.code,
    'patient-archived',
  )
})

t.test('merged patients: everything moves, new bookings too, and all of it goes back', async (t) => {
  const own = await book(101, '2031-03-10T09:00:00Z')
  const moved = await book(102, '2031-03-10T09:15:00Z', 12)
  const waits = (
    await post(receptionist, '/api/waitlist', {
      patient_id: 102,
      from: '2031-04-01T00:00:00Z',
      to: '2031-04-02T00:00:00Z',
    })
  ).body
  system.newPatients.set(300, facts(300, 1))
  await tell(facts(102, 2, { merged_into: 101 }))
  t.ok(await knows(102, 2))
  t.equal(await patientOf(moved.id), 101, 'although the two overlap')
  t.equal((await get(receptionist, `/api/waitlist/${waits.id}`)).body.patient_id, 101)
  t.match((await events('appointment', moved.id)).at(-1), { verb: 'updated', data: { patient_id: 101, version: 2 } })
  const later = await book(102, '2031-03-11T09:00:00Z')
  t.equal(later.patient_id, 101, 'the old id keeps resolving')
  t.equal(
    (
      await post(receptionist, '/api/appointments', {
        patient_id: 101,
        doctor_id: 14,
        appointment_date: '2031-03-10T09:20:00Z',
      })
    ).body.code,
    'patient-busy',
  )
  await tell(facts(102, 3))
  t.ok(await knows(102, 3))
  t.same([await patientOf(own.id), await patientOf(moved.id), await patientOf(later.id)], [101, 102, 102])
  t.equal((await get(receptionist, `/api/waitlist/${waits.id}`)).body.patient_id, 102)
  await tell(facts(103, 2, { merged_into: 300 }))
  t.ok(await knows(103, 2))
  t.ok(await knows(300, 1), 'a survivor that has not arrived is asked for')
})

t.test('merging and parting in any order of a chain puts every row back', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(110, 111, 112), { minLength: 1, maxLength: 6 }), async (owners) => {
      const ids: number[] = []
      for (const owner of owners) {
        const minutes = await db.query<{ count: string }>('SELECT count(*) FROM hospital_a.appointments')
        const at = new Date(Date.parse('2031-08-01T00:00Z') + Number(minutes[0]?.count) * 1_800_000).toISOString()
        ids.push((await book(owner, at)).id)
      }
      const rows = () =>
        db.query('SELECT id, patient_id, merged_from FROM hospital_a.appointments WHERE id = ANY($1) ORDER BY id', [
          ids,
        ])
      const before = await rows()
      await deps.database.inTenant(contextOf('Admin'), async (tx) => {
        await moveToSurvivor(tx, 110, 111)
        await moveToSurvivor(tx, 111, 112)
      })
      const together = await rows()
      if (together.some(({ patient_id }) => patient_id !== 112)) return false
      await deps.database.inTenant(contextOf('Admin'), async (tx) => {
        await returnToDuplicate(tx, 111)
        await returnToDuplicate(tx, 110)
      })
      t.same(await rows(), before)
      return (
        (await db.query('SELECT FROM hospital_a.patient_moves WHERE from_patient_id = ANY($1)', [[110, 111]]))
          .length === 0
      )
    }),
    { numRuns: 8, seed: 7 },
  )
})

t.test('every table that refers to patients is known to the merge', async (t) => {
  const references = await db.query<{ name: string }>(`
    SELECT DISTINCT c.conrelid::regclass::text AS name FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.contype = 'f' AND c.confrelid = 'hospital_a.patients'::regclass AND a.attname = 'patient_id' ORDER BY 1`)
  t.same(
    references.map(({ name }) => name.split('.')[1]).sort(),
    [...patientTables].sort(),
    'name each in patientTables of services/scheduling/src/patient-copies/merge-work.ts',
  )
})

t.test('a copy that missed events catches up', async (t) => {
  const known = await db.query<Facts>(
    'SELECT id, patient_number, first_name, last_name, status, merged_into, version FROM hospital_a.patients ORDER BY id',
  )
  const patients = [
    ...known.map((patient) => ({ ...patient, version: patient.id === 140 ? 9 : patient.version })),
    facts(500, 1),
  ]
  const responder = messaging.respond(listPatientFacts, async ({ after_id, limit }) => ({
    patients: patients.filter(({ id }) => id > after_id).slice(0, limit),
    checksum: 'of-other-rows',
  }))
  t.ok((await reconcile(deps, patientCopies(deps), 'hospital_a')) > 0)
  t.ok((await knows(500, 1)) && (await knows(140, 9)))
  await responder.close()
})

t.test("clinical's timeline asks for the appointments of a patient", async (t) => {
  const made = [
    await book(120, '2031-05-01T09:00:00Z'),
    await book(120, '2031-05-02T09:00:00Z'),
    await book(120, '2031-05-03T09:00:00Z'),
  ]
  const ask = (before: { at: string; id: number } | null, limit: number) =>
    messaging.request(listPatientAppointments, { tenant_id: 'hospital_a', patient_id: 120, before, limit })
  const newest = await ask(null, 2)
  t.match(newest.appointments, [
    { id: made[2].id, appointment_date: '2031-05-03T09:00:00.000Z', status: 'scheduled', doctor_id: 11 },
    { id: made[1].id },
  ])
  const older = await ask({ at: '2031-05-02T09:00:00.000Z', id: made[1].id }, 2)
  t.same(
    older.appointments.map(({ id }) => id),
    [made[0].id],
  )
  const other = await messaging.request(listPatientAppointments, {
    tenant_id: 'hospital_b',
    patient_id: 120,
    before: null,
    limit: 5,
  })
  t.same(other.appointments, [])
})

t.test("the hospital's time zone comes from identity, until it is set here", async (t) => {
  const zone = async () => (await get(admin, '/api/hospital')).body.timezone
  const tenant = (timezone: string, version: number): DataOf<typeof tenantUpdated> => ({
    id: 'hospital_a',
    name: 'A',
    status: 'active',
    timezone,
    version,
  })
  await publish('identity', 'tenant.updated', tenant('Europe/Paris', 1))
  t.ok(await until(async () => (await zone()) === 'Europe/Paris'))
  const { body } = await get(admin, '/api/hospital')
  t.equal((await system.patch(admin, '/api/hospital', body.version, { timezone: 'Asia/Tokyo' })).status, 200)
  await publish('identity', 'tenant.updated', tenant('Europe/Paris', 2))
  await publish('identity', 'tenant.updated', tenant('Europe/Atlantis', 3))
  await publish('identity', 'tenant.updated', tenant('Europe/Rome', 4))
  t.ok(await until(async () => (await zone()) === 'Europe/Rome'), 'a change there counts')
  const suspended = { ...tenant('Europe/Rome', 5), status: 'suspended' }
  const { body: feed } = await post(admin, '/api/doctors/11/calendar-token', {})
  const read = () =>
    system.app.inject({ url: feed.url, headers: { authorization: system.gateway.anonymous('scheduling') } })
  t.equal((await read()).statusCode, 200)
  await publish('identity', 'tenant.updated', suspended)
  t.ok(await until(async () => (await read()).statusCode === 404), 'a suspended hospital has no feeds')
})
