import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type CloudEvent, type EventContract, eventSubject, eventType, type ServiceName } from '@hospital/contracts'
import { type AuditRow, appendAuditRows, type Database, provisionTenant, withOwner } from '@hospital/database'
import type { Test } from 'tap'
import type { TestDatabase } from './database.ts'
import { sampleOf } from './sample.ts'

/** One way for a hospital to be broken; the others are well. */
export interface Break {
  name: string
  /** The hospital that is broken. */
  tenant: string
  /** It never worked, so there is nothing yet that work could be made of. */
  isNew?: boolean
  break(): Promise<void>
  mend(): Promise<void>
}

/** What a service has running; consumers and jobs say their names. */
interface Part {
  durable?: string
  events?: readonly EventContract[]
  job?: string
  turn?(): Promise<void>
  close(): Promise<void> | void
}

/** A consumer's proof. Without anything: the inbox says that an event was handled. */
interface ConsumerCase {
  /** The data of an event of the hospital, where the smallest sample will not do. */
  data?: (tenant: string) => Promise<object>
  isHandled?: (tenant: string, event: CloudEvent) => Promise<boolean>
  /** What breaks it, where it is not what breaks the others. */
  breaks?: readonly Break[]
}

/** A job's or round's proof. */
export interface JobCase {
  /** Makes work for the hospital. */
  arrange(tenant: string): Promise<void>
  isDone(tenant: string): Promise<boolean>
  /** False where nothing is done hospital by hospital, so that none can fail. */
  isReported?: boolean
  /** Ways of being broken that leave no work to fail at. */
  except?: readonly string[]
}

interface BrokenHospitalSubject {
  service: ServiceName
  db: TestDatabase
  /** Everything that the process runs, from the functions that the process calls. */
  start(): Promise<{
    parts: readonly object[]
    troubles: { list(): readonly { part: string; tenant: string | null }[] }
  }>
  publish(row: { id: string; subject: string; envelope: CloudEvent }): Promise<void>
  breaks: readonly Break[]
  /** Hospitals that are well. */
  well: readonly [string, string]
  consumers: Record<string, ConsumerCase>
  jobs: Record<string, JobCase>
}

async function until(isSo: () => Promise<boolean>, ms = 15_000): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await delay(50)) if (await isSo()) return true
  return false
}

/** Locks that another session holds until it lets go. */
export async function holdLocks(ownerUrl: string, statements: readonly string[]): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const session = withOwner(ownerUrl, async (client) => {
    await client.query('BEGIN')
    for (const statement of statements) await client.query(statement)
    held.resolve()
    await letGo.promise
  })
  session.catch(held.reject)
  await held.promise
  return async () => {
    letGo.resolve()
    await session
  }
}

/** A hospital whose schema cannot be made: somebody has put a table there. What breaks provisioning, and it alone. */
export function provisioningBreak(db: TestDatabase): Break {
  const tenant = `hospital_${randomBytes(5).toString('hex')}`
  return {
    name: 'its schema cannot be made',
    tenant,
    break: async () => {
      await db.query(`CREATE SCHEMA ${tenant}; CREATE TABLE ${tenant}.staff ()`)
    },
    mend: async () => {
      await db.query(`DROP SCHEMA ${tenant} CASCADE`)
    },
  }
}

/** The ways in which a hospital with a schema of its own can be broken. */
export function schemaBreaks(service: ServiceName, db: TestDatabase): Break[] {
  const provision = (tenant: string) => provisionTenant(db.ownerUrl, service, tenant, { prefix: db.prefix })
  const [tenant] = db.tenants
  const tables = async () =>
    (
      await db.query<{ name: string }>(
        `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = '${tenant}'::regnamespace`,
      )
    ).map(({ name }) => name)
  const renew = async () => {
    await db.query(`DROP SCHEMA IF EXISTS ${tenant} CASCADE`)
    await provision(tenant)
  }
  const newcomer = `hospital_${randomBytes(5).toString('hex')}`
  let letGo = async () => {}
  return [
    {
      name: 'never had a schema',
      tenant: newcomer,
      isNew: true,
      break: async () => {
        await db.query(`INSERT INTO ${service}.tenants (id) VALUES ('${newcomer}')`)
      },
      mend: () => provision(newcomer),
    },
    {
      name: 'its schema is gone',
      tenant,
      break: async () => {
        await db.query(`DROP SCHEMA ${tenant} CASCADE`)
      },
      mend: renew,
    },
    {
      name: 'its tables are gone',
      tenant,
      break: async () => {
        await db.query(`DROP TABLE ${(await tables()).join(', ')} CASCADE`)
      },
      mend: renew,
    },
    {
      name: 'its tables are locked',
      tenant,
      break: async () => {
        letGo = await holdLocks(db.ownerUrl, [`LOCK TABLE ${(await tables()).join(', ')} IN ACCESS EXCLUSIVE MODE`])
      },
      mend: () => letGo(),
    },
  ]
}

const auditRow: AuditRow = {
  ...{ actor_id: null, actor_name: 'system', roles: [], action: 'test', patient_id: null, outcome: 'success' },
  ...{ problem: null, request_id: 'test', address: null, purpose: null, details: null },
}

/** The jobs that every service has, over hospitals with a schema of their own. */
export function commonJobs(service: ServiceName, db: TestDatabase, database: Database): Record<string, JobCase> {
  const isGone = async (text: string, values: unknown[] = []) => (await db.query(text, values)).length === 0
  return {
    'prune events': {
      arrange: async (tenant) => {
        await db.query(
          `INSERT INTO ${service}.inbox VALUES ($1, 'old', gen_random_uuid(), now() - '91 days'::interval)`,
          [tenant],
        )
      },
      isDone: (tenant) => isGone(`SELECT FROM ${service}.inbox WHERE consumer = 'old' AND tenant_id = $1`, [tenant]),
      isReported: false,
    },
    'prune stored replies': {
      arrange: async (tenant) => {
        await db.query(`
          INSERT INTO ${tenant}.idempotency_keys (user_id, operation, key, body_hash, created_at)
          VALUES (1, 'x', gen_random_uuid(), '', now() - '2 days'::interval)`)
      },
      isDone: (tenant) => isGone(`SELECT FROM ${tenant}.idempotency_keys`),
    },
    'seal audit trails': {
      arrange: (tenant) =>
        database.inTenant({ tenantId: tenant, userId: 0, requestId: 'test' }, (tx) =>
          appendAuditRows(tx, tenant, [auditRow]),
        ),
      isDone: (tenant) =>
        isGone(`SELECT FROM ${tenant}.audit_events e
          WHERE NOT EXISTS (SELECT FROM ${tenant}.audit_seals WHERE event_id = e.id)`),
      except: ['never had a schema'],
    },
  }
}

const envelopeOf = (contract: EventContract, tenant: string, data: object): CloudEvent => ({
  specversion: '1.0',
  id: randomUUID(),
  source: `/hospital/${contract.service}`,
  type: eventType(contract),
  subject: '1',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  tenantid: tenant,
  requestid: 'one-broken-hospital',
  actorid: '0',
  data,
})

/** More than a consumer has lanes. */
const eventsOfTheBroken = 6

/**
 * One broken hospital stops no other: proved for every consumer, job and round that the service's process starts, in every
 * way that a hospital can be broken. A consumer or job without a case fails, and so does a case without one.
 */
export function proveOneBrokenHospital(t: Test, subject: BrokenHospitalSubject): void {
  const { breaks, consumers } = subject
  t.test('every consumer and job has its case', async (t) => {
    const { parts } = await subject.start()
    const place = `services/${subject.service}/test/one-broken-hospital.test.ts`
    const names = (of: 'durable' | 'job') =>
      (parts as Part[]).flatMap((part) => (part[of] === undefined ? [] : [part[of]])).sort()
    t.same(names('durable'), Object.keys(consumers).sort(), `one for each consumer in \`consumers\` of ${place}`)
    t.same(names('job'), Object.keys(subject.jobs).sort(), `one for each job in \`jobs\` of ${place}`)
    await closeAll(parts as Part[])
  })
  const special = Object.values(consumers).flatMap((consumer) => consumer.breaks ?? [])
  for (const broken of [...breaks, ...special]) {
    t.test(`a hospital is broken: ${broken.name}`, async (t) => {
      const isGeneral = breaks.includes(broken)
      if (isGeneral) await arrangeJobs(subject, broken)
      await broken.break()
      const { parts, troubles } = await subject.start()
      try {
        const proof = { t, subject, broken, parts: parts as Part[], troubles }
        if (isGeneral) await proveJobs(proof)
        await proveConsumers(proof)
      } finally {
        await closeAll(parts as Part[])
      }
    })
  }
}

const closeAll = async (parts: readonly Part[]): Promise<void> => {
  await Promise.all(parts.map((part) => part.close()))
}

async function arrangeJobs({ jobs, well }: BrokenHospitalSubject, { isNew, tenant }: Break): Promise<void> {
  for (const { arrange } of Object.values(jobs)) {
    for (const hospital of isNew ? well : [...well, tenant]) await arrange(hospital)
  }
}

interface Proof {
  t: Test
  subject: BrokenHospitalSubject
  broken: Break
  parts: readonly Part[]
  troubles: { list(): readonly { part: string; tenant: string | null }[] }
}

const isInTrouble = ({ troubles, broken }: Proof, part: string): boolean =>
  troubles.list().some((trouble) => trouble.part === part && trouble.tenant === broken.tenant)

async function proveJobs(proof: Proof): Promise<void> {
  const { t, subject, broken, parts } = proof
  const jobs = parts.flatMap(({ job, turn }) => (job === undefined ? [] : [{ job, turn }]))
  await Promise.all(jobs.map(({ turn }) => turn?.()))
  for (const { job } of jobs) {
    const { isDone, isReported = true, except = [] } = subject.jobs[job] as JobCase
    const areDone = async () => (await Promise.all(subject.well.map(isDone))).every(Boolean)
    t.ok(await until(areDone), `${job}: done for the others`)
    if (isReported && !except.includes(broken.name))
      t.ok(await until(async () => isInTrouble(proof, job)), `${job}: and it is said for whom it is not`)
  }
}

async function proveConsumers(proof: Proof): Promise<void> {
  const { t, subject, broken, parts } = proof
  const consumers = parts.filter(({ durable }) => {
    if (durable === undefined) return false
    return (subject.consumers[durable]?.breaks ?? subject.breaks).includes(broken)
  })
  let isMended = false
  try {
    const sent = await Promise.all(consumers.map((consumer) => sendTo(subject, consumer, broken.tenant)))
    for (const { durable, ofTheWell } of sent) {
      t.ok(await until(() => every(subject, durable, ofTheWell)), `${durable}: the others' events are handled`)
      t.ok(await until(async () => isInTrouble(proof, `events ${durable}`)), `${durable}: and it is said whose are not`)
    }
    isMended = true
    await broken.mend()
    for (const { durable, ofTheBroken } of sent) {
      t.ok(await until(() => every(subject, durable, ofTheBroken)), `${durable}: what waited is handled in the end`)
      t.ok(
        await until(async () => !isInTrouble(proof, `events ${durable}`)),
        `${durable}: and nothing is wrong any more`,
      )
    }
  } finally {
    if (!isMended) await broken.mend()
  }
}

async function sendTo(subject: BrokenHospitalSubject, { durable = '', events = [] }: Part, broken: string) {
  const [contract] = events
  if (contract === undefined) throw new Error(`${durable} hears nothing`)
  const send = async (tenant: string) => {
    const data = (await subject.consumers[durable]?.data?.(tenant)) ?? (sampleOf(contract.data) as object)
    const envelope = envelopeOf(contract, tenant, data)
    await subject.publish({ id: envelope.id, subject: eventSubject(contract, tenant), envelope })
    return envelope
  }
  const ofTheBroken: CloudEvent[] = []
  for (let n = 0; n < eventsOfTheBroken; n++) ofTheBroken.push(await send(broken))
  const ofTheWell: CloudEvent[] = []
  for (const tenant of subject.well) ofTheWell.push(await send(tenant))
  return { durable, ofTheBroken, ofTheWell }
}

async function every(subject: BrokenHospitalSubject, durable: string, events: readonly CloudEvent[]): Promise<boolean> {
  const isHandled = subject.consumers[durable]?.isHandled ?? ((_, event) => isInInbox(subject, durable, event))
  for (const event of events) if (!(await isHandled(event.tenantid, event))) return false
  return true
}

async function isInInbox({ service, db }: BrokenHospitalSubject, durable: string, event: CloudEvent): Promise<boolean> {
  const schema = service === 'identity' ? 'public' : service
  const rows = await db.query(`SELECT FROM ${schema}.inbox WHERE consumer = $1 AND event_id = $2`, [durable, event.id])
  return rows.length > 0
}
