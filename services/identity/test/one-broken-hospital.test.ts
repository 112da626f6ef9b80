import { systemContext } from '@hospital/contracts'
import { type AuditRow, appendAuditRows } from '@hospital/database'
import { connectMessaging } from '@hospital/messaging'
import { backgroundOf, createTroubles } from '@hospital/service'
import { type Break, holdLocks, type JobCase, proveOneBrokenHospital, temporaryFolder } from '@hospital/testing'
import t from 'tap'
import { buildIdentity } from '../src/app.ts'
import { startIdentity } from './identity-system.ts'

const service = 'identity'
const system = await startIdentity({ lockTimeoutMs: 300, isIdle: true })
const { db, database } = system
const outside = await connectMessaging({ url: system.natsUrl, name: 'test', log: system.deps.log })
await outside.ensureStreams()
const folder = await temporaryFolder()
t.teardown(async () => {
  await outside.close()
  await system.stop()
  await folder.remove()
})

const broken = 'hospital_a'
const well = ['hospital_b', 'hospital_c'] as const
await db.query("INSERT INTO tenants (id, name) VALUES ('hospital_c', 'Hospital C')")
await db.query(
  `INSERT INTO users (tenant_id, name, email, status)
   SELECT t, 'Invited', 'person' || n || '@' || t || '.org', 'invited' FROM unnest($1::text[]) t, generate_series(1, 20) n`,
  [[broken, ...well]],
)

/** Identity's tables are shared: a hospital is broken when somebody holds its rows. */
const rowsAreHeld = (): Break => {
  const owned = ['users', 'sessions', 'user_verification', 'idempotency_keys']
  const locks = owned.map((table) => `SELECT FROM ${table} WHERE tenant_id = '${broken}' FOR UPDATE`)
  let letGo = async () => {}
  return {
    name: 'its rows are held',
    tenant: broken,
    break: async () => {
      letGo = await holdLocks(db.ownerUrl, [`SELECT FROM tenants WHERE id = '${broken}' FOR UPDATE`, ...locks])
    },
    mend: () => letGo(),
  }
}

const isThere = async (text: string, values: unknown[]) => (await db.query(text, values)).length > 0
const auditRow: AuditRow = {
  ...{ actor_id: 1, actor_name: 'Ada', roles: [], action: 'login', patient_id: null, outcome: 'success' },
  ...{ problem: null, request_id: 'test', address: null, purpose: null, details: null },
}
/** A job over a shared table: rows of every hospital that are old are gone afterwards. */
const forgets = (table: string, insert: string): JobCase => ({
  arrange: async (tenant) => {
    await db.query(insert, [tenant])
  },
  isDone: async (tenant) => !(await isThere(`SELECT FROM ${table} WHERE tenant_id = $1`, [tenant])),
  isReported: false,
})

let invited = 0
let starts = 0
proveOneBrokenHospital(t, {
  service,
  db,
  publish: outside.publish,
  async start() {
    const deps = { ...system.deps, troubles: createTroubles(system.deps.log) }
    const { start } = await buildIdentity(deps, system.settings)
    const config = {
      service,
      ownerUrl: db.ownerUrl,
      appPassword: db.appPassword,
      dataDir: `${folder.path}/${++starts}`,
    } as const
    return { parts: [...start(), ...backgroundOf(config, deps, system.reader)], troubles: deps.troubles }
  },
  breaks: [rowsAreHeld()],
  well,
  consumers: {
    'identity-clinical-provisioned': { data: async (id) => ({ id }) },
    'identity-scheduling-provisioned': { data: async (id) => ({ id }) },
    'identity-invitations': {
      data: async (tenant) => {
        const [user] = await db.query<{ id: number; email: string }>(
          'SELECT id, email FROM users WHERE tenant_id = $1 ORDER BY id OFFSET $2 LIMIT 1',
          [tenant, invited++],
        )
        return { ...user, name: 'Invited', status: 'invited', is_doctor: false, version: 1 }
      },
      isHandled: async (_tenant, { data }) =>
        system.mails().some((mail) => mail.includes((data as { email: string }).email)),
    },
  },
  jobs: {
    'ask again for late schemas': {
      arrange: async (tenant) => {
        await db.query(
          "UPDATE tenants SET status = 'provisioning', created_at = now() - '1 h'::interval WHERE id = $1",
          [tenant],
        )
      },
      isDone: (tenant) => isThere('SELECT FROM outbox WHERE subject = $1', [`identity.${tenant}.tenant.created.v1`]),
    },
    'forget what has expired': forgets(
      'sessions',
      `INSERT INTO sessions (tenant_id, user_id, expires_at)
       SELECT $1::varchar, min(id), now() - '31 days'::interval FROM users WHERE tenant_id = $1`,
    ),
    'prune events': forgets(
      'inbox',
      `INSERT INTO inbox (tenant_id, consumer, event_id, received_at)
       VALUES ($1::varchar, 'old', gen_random_uuid(), now() - '91 days'::interval)`,
    ),
    'prune stored replies': forgets(
      'idempotency_keys',
      `INSERT INTO idempotency_keys (tenant_id, user_id, operation, key, body_hash, created_at)
       VALUES ($1, 1, 'x', gen_random_uuid(), '', now() - '2 days'::interval)`,
    ),
    'seal audit trails': {
      arrange: (tenant) =>
        database.inTenant(systemContext(tenant, 'test'), (tx) => appendAuditRows(tx, tenant, [auditRow])),
      isDone: async (tenant) =>
        !(await isThere(
          `SELECT FROM audit_events e WHERE tenant_id = $1
           AND NOT EXISTS (SELECT FROM audit_seals s WHERE s.event_id = e.id)`,
          [tenant],
        )),
      // Reading rows needs none of those locks.
      isReported: false,
    },
  },
})
