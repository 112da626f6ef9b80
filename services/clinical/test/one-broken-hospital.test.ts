import { listUserFacts } from '@hospital/contracts'
import { outboxReader, provisionTenant } from '@hospital/database'
import { connectMessaging } from '@hospital/messaging'
import { backgroundOf, createTroubles } from '@hospital/service'
import { commonJobs, proveOneBrokenHospital, provisioningBreak, schemaBreaks, temporaryFolder } from '@hospital/testing'
import t from 'tap'
import { buildClinical } from '../src/app.ts'
import { startClinicalApp } from './clinical-app.ts'

const service = 'clinical'
const system = await startClinicalApp({ lockTimeoutMs: 300 })
const { db, database } = system
await provisionTenant(db.ownerUrl, service, 'hospital_c', { prefix: db.prefix })
const reader = outboxReader(database)
// Stands in for the other services: makes their streams, sends their events, answers for them.
const outside = await connectMessaging({ url: system.natsUrl, name: 'test', log: system.deps.log })
await outside.ensureStreams()
const folder = await temporaryFolder()
t.teardown(async () => {
  await outside.close()
  await reader.close()
  await system.stop()
  await folder.remove()
})

/** Whom identity has more than our copy; a new person each time. */
let newest = 5_000
outside.respond(listUserFacts, async () => ({
  users: [
    { id: newest, name: 'New', email: 'new@example.org', status: 'active' as const, is_doctor: true, version: 1 },
  ],
  checksum: '',
}))

let starts = 0
proveOneBrokenHospital(t, {
  service,
  db,
  publish: outside.publish,
  async start() {
    const deps = { ...system.deps, troubles: createTroubles(system.deps.log) }
    const { start } = buildClinical(deps, { ownerUrl: db.ownerUrl })
    const dataDir = `${folder.path}/${++starts}`
    const background = backgroundOf(
      { service, ownerUrl: db.ownerUrl, appPassword: db.appPassword, dataDir },
      deps,
      reader,
    )
    return { parts: [...start(), ...background], troubles: deps.troubles }
  },
  breaks: schemaBreaks(service, db),
  well: ['hospital_b', 'hospital_c'],
  consumers: {
    'clinical-users': {},
    'clinical-care-appointments': {},
    'clinical-alerts': {},
    'clinical-tenants': { breaks: [provisioningBreak(db)] },
  },
  jobs: {
    ...commonJobs(service, db, database),
    rounds: {
      arrange: async (tenant) => {
        await db.query(`
          SET search_path TO ${tenant};
          INSERT INTO doctors (id, name) VALUES (77, 'Orderer'), (78, 'Other') ON CONFLICT DO NOTHING;
          INSERT INTO patients (id, patient_number, first_name, last_name, date_of_birth) OVERRIDING SYSTEM VALUE
            VALUES (77, 'P77', 'A', 'B', '1980-01-01') ON CONFLICT DO NOTHING;
          INSERT INTO lab_tests (patient_id, ordered_by, test_name, status, results, critical, updated_at)
            VALUES (77, 77, 'Potassium', 'resulted', '[]', 'unacknowledged', now() - '1 h'::interval);
          RESET search_path`)
      },
      isDone: async (tenant) =>
        (await db.query(`SELECT FROM ${tenant}.critical_results WHERE escalated_at IS NULL AND due_at < now()`))
          .length === 0,
    },
    'reconcile users': {
      arrange: async () => {
        newest += 1
      },
      isDone: async (tenant) => (await db.query(`SELECT FROM ${tenant}.staff WHERE id = $1`, [newest])).length > 0,
    },
  },
})
