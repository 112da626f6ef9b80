import { Closed, Line, problem, route, userUpdated } from '@hospital/contracts'
import { appendEvent, createDatabase, type Database, sql } from '@hospital/database'
import { connectMessaging, type Messaging } from '@hospital/messaging'
import { startNats, testDatabase, testGateway } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import { createServiceApp, createTroubles, handleConstant, handlePublic, standingRefusal } from '../src/index.ts'

// Guests who ring at the door of a hospital: nobody is signed in. What they do is a new name of the hospital.
const body = Closed({ name: Line(50), hospitals: Type.Optional(Type.Array(Line(50))) })
const shared = { service: 'identity', method: 'POST', access: 'public', summary: 'Guests' } as const
const ring = route({
  ...shared,
  operationId: 'ring',
  path: '/api/guests',
  body,
  status: 200,
  answer: Type.Object({ heard: Type.Integer() }),
  problems: ['conflict', 'forbidden'],
})
const whisper = route({
  ...shared,
  operationId: 'whisper',
  path: '/api/whispers',
  body,
  status: 200,
  answer: Type.Object({ token: Type.String() }),
  secretAnswer: true,
})
const hours = route({
  ...shared,
  operationId: 'getHours',
  method: 'GET',
  path: '/api/hours',
  status: 200,
  answer: Type.Object({ open: Type.Boolean() }),
})

let heard = 0
let finished = 0
/** What the next `prepare` waits for. */
let holdOne: Promise<void> | null = null
const used = new Set<string>()
const rename = (name: string) => sql.unsafe`UPDATE tenants SET name = ${name} WHERE id = 'hospital_a'`
const facts = { id: 1, name: 'x', email: 'x@example.org', status: 'active' as const, is_doctor: false, version: 1 }

const routes = [
  handlePublic(ring, {
    prepare: async ({ body: { name, hospitals = [] }, audit }) => {
      audit.about = hospitals.map((tenant_id) => ({ tenant_id, id: 7, name: 'Guest' }))
      const held = holdOne
      holdOne = null
      await held
      if (name === 'stranger' || used.has(name)) throw problem('conflict')
      return name.length
    },
    work: async (tx, { body: { name }, prepared }) => {
      heard++
      if (name === 'once') used.add(name)
      await tx.query(rename(name))
      if (name === 'refused') throw problem('forbidden')
      if (name === 'stays') return standingRefusal(problem('conflict'))
      if (name === 'undeclared') throw problem('slot-taken')
      if (name === 'tells') await appendEvent(tx, userUpdated, { id: 1, data: facts })
      return { heard: prepared }
    },
    finish: () => {
      finished++
    },
    refusalsTakeMs: 60,
  }),
  handlePublic(whisper, { work: async () => ({ token: 'secret' }) }),
  handleConstant(hours, () => ({ open: true })),
]

const log = pino({ level: 'silent' })
const gateway = testGateway()
let app: FastifyInstance
let database: Database
let messaging: Messaging
const db = await testDatabase('identity')
const nats = await startNats()

t.before(async () => {
  await db.query("INSERT INTO tenants (id, name) VALUES ('hospital_a', 'A'), ('hospital_b', 'B')")
  database = await createDatabase({ url: db.url, service: 'identity', schema: 'public' })
  messaging = await connectMessaging({ url: nats.url, name: 'identity', log })
  const troubles = createTroubles(log)
  const { publicKey: gatewayPublicKey } = gateway
  const deps = { database, messaging, log, troubles, gatewayPublicKey, clock: () => new Date(), holdsContracts: true }
  app = createServiceApp('identity', deps, routes)
  await app.ready()
})
t.teardown(async () => {
  await app.close()
  await messaging.close()
  await database.close()
  await nats.stop()
  await db.close()
})

async function post(url: string, payload: object, headers: Record<string, string> = {}) {
  const authorization = gateway.anonymous('identity')
  const response = await app.inject({ method: 'POST', url, payload, headers: { authorization, ...headers } })
  return { status: response.statusCode, headers: response.headers, body: response.json() }
}
const guest = (name: string, hospitals: string[] = [], headers = {}) =>
  post('/api/guests', { name, hospitals }, headers)
const trail = async () => {
  const rows = await db.query<{ tenant_id: string; outcome: string; problem: string | null; actor_id: number | null }>(
    "DELETE FROM audit_events WHERE action = 'ring' RETURNING tenant_id, outcome, problem, actor_id, id",
  )
  return rows.map(({ tenant_id, outcome, problem, actor_id }) => [tenant_id, problem ?? outcome, actor_id]).sort()
}
const nameOfA = async () =>
  (await db.query<{ name: string }>("SELECT name FROM tenants WHERE id = 'hospital_a'"))[0]?.name

t.test('success and refusal are on record without the handler, in the trails of whom they are about', async (t) => {
  t.match(await guest('hello', ['hospital_a']), { status: 200, body: { heard: 5 } })
  t.same(await trail(), [['hospital_a', 'success', 7]])
  t.equal((await guest('nobody')).status, 200)
  t.same(await trail(), [['platform', 'success', null]], 'nobody here is meant')
  t.equal((await guest('stranger', ['hospital_a', 'hospital_b'])).status, 409)
  t.same(await trail(), [
    ['hospital_a', 'conflict', 7],
    ['hospital_b', 'conflict', 7],
  ])
  t.equal((await guest('stranger')).status, 409)
  t.same(await trail(), [['platform', 'conflict', null]])
})

t.test('work sees the hospital that is meant and no other; a refusal undoes it, unless it stands', async (t) => {
  await guest('by nobody')
  await guest('by b', ['hospital_b'])
  t.equal(await nameOfA(), 'hello', 'row-level security')
  t.equal((await guest('refused', ['hospital_a'])).status, 403)
  t.equal(await nameOfA(), 'hello')
  t.equal((await guest('stays', ['hospital_a'])).status, 409)
  t.equal(await nameOfA(), 'stays')
  t.same((await trail()).slice(0, 2), [
    ['hospital_a', 'conflict', 7],
    ['hospital_a', 'forbidden', 7],
  ])
  t.equal((await guest('which?', ['hospital_a', 'hospital_b'])).status, 500, 'several hospitals are none')
})

t.test('every refusal takes its time, and what was begun is finished whatever comes', async (t) => {
  const before = finished
  for (const name of ['stranger', 'refused', 'stays']) {
    const startedAt = performance.now()
    await guest(name, ['hospital_a'])
    t.ok(performance.now() - startedAt >= 59, name)
  }
  await guest('hello', ['hospital_a'])
  t.equal(finished - before, 4)
  await trail()
})

t.test('contracts are held', async (t) => {
  t.equal((await guest('undeclared', ['hospital_a'])).status, 500)
  t.equal((await guest('tells', ['hospital_a'])).status, 500)
  await trail()
})

t.test('what cannot be recorded does not happen and is not answered', async (t) => {
  await db.query('ALTER TABLE audit_events RENAME TO gone')
  t.match(await guest('unseen', ['hospital_a']), { status: 503, body: { code: 'audit-unavailable' } })
  t.match(await guest('stranger', ['hospital_a']), { status: 503, body: { code: 'audit-unavailable' } })
  await db.query('ALTER TABLE gone RENAME TO audit_events')
  t.not(await nameOfA(), 'unseen')
})

t.test('a key: one work for one request, however often and at once', async (t) => {
  const key = { 'idempotency-key': 'mine' }
  heard = 0
  const first = await guest('keyed', ['hospital_a'], key)
  t.equal(first.status, 200)
  const again = await guest('keyed', ['hospital_a'], key)
  t.match(again, { status: 200, headers: { 'idempotent-replayed': 'true' } })
  t.same(again.body, first.body)
  t.equal(heard, 1)
  t.same(
    await trail(),
    [
      ['hospital_a', 'success', null],
      ['hospital_a', 'success', 7],
    ],
    'the repeat is on record in the same trail',
  )
  t.equal((await guest('other', ['hospital_a'], key)).body.heard, 5, 'of a stranger, for all we know')
  await guest('stranger', [], { 'idempotency-key': 'refused' })
  t.equal((await db.query("SELECT FROM idempotency_keys WHERE operation = 'ring'")).length, 2, 'refusals are not kept')
  const text = JSON.stringify(await db.query('SELECT * FROM idempotency_keys'))
  t.notOk(text.includes('mine') || text.includes('keyed'), 'neither key nor body can be read there')
  heard = 0
  const many = await Promise.all(Array.from({ length: 8 }, () => guest('at once', ['hospital_a'], key)))
  t.equal(heard, 1)
  t.ok(many.every(({ status, body: { code } }) => status === 200 || code === 'idempotency-in-progress'))
})

t.test('who is refused because the twin was faster gets the twin’s answer', async (t) => {
  const key = { 'idempotency-key': 'twins' }
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  holdOne = held
  const late = guest('once', ['hospital_a'], key)
  while (holdOne !== null) await new Promise(setImmediate)
  t.equal((await guest('once', ['hospital_a'], key)).status, 200)
  letGo()
  t.match(await late, { status: 200, headers: { 'idempotent-replayed': 'true' }, body: { heard: 4 } })
  t.equal((await guest('once', ['hospital_a'])).status, 409, 'without the key it is refused')
})

t.test('no key where the answer is a secret', async (t) => {
  t.match(await post('/api/whispers', { name: 'x' }, { 'idempotency-key': 'k' }), {
    status: 400,
    body: { errors: [{ pointer: 'header:Idempotency-Key' }] },
  })
  t.same((await post('/api/whispers', { name: 'x' })).body, { token: 'secret' })
})

t.test('what is the same for everybody needs no database and leaves no record', async (t) => {
  const response = await app.inject({
    url: '/api/hours',
    headers: { authorization: gateway.anonymous('identity') },
  })
  t.same(response.json(), { open: true })
  t.equal((await db.query("SELECT FROM audit_events WHERE action = 'getHours'")).length, 0)
})
