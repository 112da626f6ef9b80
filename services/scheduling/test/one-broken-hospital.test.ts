import { listPatientFacts, listUserFacts } from '@hospital/contracts'
import { outboxReader, provisionTenant } from '@hospital/database'
import { backgroundOf, createTroubles } from '@hospital/service'
import {
  commonJobs,
  type JobCase,
  proveOneBrokenHospital,
  provisioningBreak,
  schemaBreaks,
  temporaryFolder,
} from '@hospital/testing'
import t from 'tap'
import { buildScheduling } from '../src/app.ts'
import { startScheduling } from './scheduling-system.ts'

const service = 'scheduling'
const system = await startScheduling({ lockTimeoutMs: 300 })
const { db, messaging } = system
await provisionTenant(db.ownerUrl, service, 'hospital_c', { prefix: db.prefix })
const reader = outboxReader(system.deps.database)
const folder = await temporaryFolder()
t.teardown(async () => {
  await reader.close()
  await system.stop()
  await folder.remove()
})

/** What identity and clinical have more than our copies; a new person each time. */
let newest = 5_000
messaging.respond(listUserFacts, async () => ({
  users: [
    { id: newest, name: 'New', email: 'new@example.org', status: 'active' as const, is_doctor: true, version: 1 },
  ],
  checksum: '',
}))
const newPatient = { first_name: '', last_name: 'New', status: 'active' as const, merged_into: null, version: 1 }
messaging.respond(listPatientFacts, async () => ({
  patients: [{ id: newest, patient_number: `N${newest}`, ...newPatient }],
  checksum: '',
}))
const isThere = async (text: string, values: unknown[] = []) => (await db.query(text, values)).length > 0
const knowsNewest = (table: string): JobCase => ({
  arrange: async () => {
    newest += 1
  },
  isDone: (tenant) => isThere(`SELECT FROM ${tenant}.${table} WHERE id = $1`, [newest]),
})

let starts = 0
proveOneBrokenHospital(t, {
  service,
  db,
  publish: messaging.publish,
  async start() {
    const deps = { ...system.deps, troubles: createTroubles(system.deps.log) }
    const { start } = buildScheduling(deps, { ownerUrl: db.ownerUrl, publicUrl: '' })
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
    'scheduling-users': {},
    'scheduling-patients': {},
    'scheduling-hospital': {},
    'scheduling-tenants': { breaks: [provisioningBreak(db)] },
  },
  jobs: {
    ...commonJobs(service, db, system.deps.database),
    'reconcile users': knowsNewest('staff'),
    'reconcile patients': knowsNewest('patients'),
    rounds: {
      arrange: async (tenant) => {
        await db.query(`
          INSERT INTO ${tenant}.patients (id, patient_number, first_name, last_name) VALUES (77, 'P77', 'A', 'B')
            ON CONFLICT DO NOTHING;
          INSERT INTO ${tenant}.waitlist (patient_id, starts_at, ends_at)
            VALUES (77, now() - '2 h'::interval, now() - '1 h'::interval)`)
      },
      isDone: async (tenant) =>
        !(await isThere(`SELECT FROM ${tenant}.waitlist WHERE status = 'waiting' AND ends_at < now()`)),
    },
  },
})
