import { clinicalAudit, getPatientFacts, recordDenial, schedulingAudit } from '@hospital/contracts'
import t from 'tap'
import { startIdentity } from './identity-system.ts'

const identity = await startIdentity()
t.teardown(identity.stop)
const { get, newUser, outside } = identity
const manager = (await newUser({ role: 'Manager' })).asker
const nurse = await newUser({ role: 'Nurse' })

t.test('a refusal at the gateway is in the trail of the hospital, once', async (t) => {
  const denial = {
    tenant_id: 'hospital_a',
    user_id: nurse.id,
    user_name: 'Nora',
    roles: ['Nurse'],
    address: '192.0.2.7',
    action: 'listPatients',
    problem: 'tenant-mismatch',
    request_id: 'denied-1',
  }
  t.same(await outside.request(recordDenial, denial), { recorded: true })
  const rows = await identity.audit('listPatients')
  t.match(rows, [{ actor_id: nurse.id, outcome: 'denied', problem: 'tenant-mismatch' }])
  t.same(await identity.audit('listPatients', 'hospital_b'), [])
})

t.test('the access log of a patient: from every service that has something, newest first', async (t) => {
  const patient = {
    id: 7,
    patient_number: 'P007',
    first_name: 'Ada',
    last_name: 'Byron',
    status: 'active' as const,
    merged_into: null,
    version: 1,
  }
  const row = {
    actor_id: 1,
    actor_name: 'Dr. No',
    roles: ['Doctor'],
    patient_id: 7,
    outcome: 'success' as const,
    problem: null,
    request_id: 'r',
    address: null,
    purpose: null,
  }
  const asked: (number | undefined)[] = []
  outside.respond(getPatientFacts, async ({ patient_id }) => (patient_id === 7 ? patient : null))
  outside.respond(clinicalAudit, async ({ patient_id }) => {
    asked.push(patient_id)
    return {
      events: [
        {
          ...row,
          id: 'clinical:0000000000000000001',
          at: '2030-01-01T00:00:00.000Z',
          service: 'clinical',
          action: 'getPatient',
        },
      ],
    }
  })
  outside.respond(schedulingAudit, async () => ({
    events: [
      {
        ...row,
        id: 'scheduling:0000000000000000001',
        at: '2030-01-02T00:00:00.000Z',
        service: 'scheduling',
        action: 'bookAppointment',
      },
    ],
  }))
  const log = await get(manager, '/api/patients/7/access-log')
  t.equal(log.status, 200)
  t.match(
    (log.body['data'] as { action: string }[]).map(({ action }) => action),
    ['bookAppointment', 'getPatient'],
  )
  t.same(asked, [7], 'asked for this patient alone')
  t.match(
    await identity.audit('listAccessLog'),
    [{ actor_id: manager.userId, outcome: 'success' }],
    'reading it is on record too',
  )
  t.match(await get(manager, '/api/patients/8/access-log'), { status: 404 })
  t.match(await get(nurse.asker, '/api/patients/7/access-log'), { status: 403 })
})
