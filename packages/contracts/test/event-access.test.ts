import t from 'tap'
import { allEvents, eventAccess, eventType, mayKnowEvent, permissions } from '../src/index.ts'

t.test('every event says who may know of it', async (t) => {
  t.ok(allEvents.length > 20)
  const kinds = new Set(allEvents.map(({ service, entity }) => `${service}.${entity}`))
  t.same(
    [...kinds].filter((kind) => !Object.hasOwn(eventAccess, kind)),
    [],
    'add these to eventAccess',
  )
})

t.test('an event is known to holders of its permission alone', async (t) => {
  const patientUpdated = 'hospital.clinical.patient.updated.v1'
  t.ok(mayKnowEvent(patientUpdated, ['labs.read', 'patients.read']))
  t.notOk(mayKnowEvent(patientUpdated, ['labs.read']))
  t.notOk(mayKnowEvent(patientUpdated, []))
  for (const type of ['identity.session.ended', 'identity.tenant.updated', 'clinical.tenant.provisioned'])
    t.notOk(mayKnowEvent(`hospital.${type}.v1`, permissions), type)
})

t.test('what is not listed nobody knows', async (t) => {
  for (const type of ['hospital.clinical.diary.read.v1', 'hospital.constructor', '', 'toString.__proto__'])
    t.notOk(mayKnowEvent(type, permissions), type)
  t.ok(allEvents.some((event) => mayKnowEvent(eventType(event), permissions)))
})
