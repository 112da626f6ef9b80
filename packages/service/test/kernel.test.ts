import { Closed, IdParams, Line, ListQuery, MergePatch, Page, problem, route } from '@hospital/contracts'
import { createDatabase, type Database, sql } from '@hospital/database'
import { connectMessaging, type Messaging } from '@hospital/messaging'
import { startNats, testDatabase, testGateway } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import { createServiceApp, createTroubles, decodeCursor, errorForLog, handle, toPage } from '../src/index.ts'

// A feature as small as a feature can be: notes about patients, one field of which only prescribers may read.
const Note = Type.Object({
  id: Type.Integer(),
  patient_id: Type.Integer(),
  text: Type.String(),
  secret: Type.Optional(Type.String()),
  version: Type.Integer(),
})
const shared = {
  service: 'clinical',
  fields: { secret: ['prescriptions.write'] },
  patient: 'answer.patient_id',
} as const
const listNotes = route({
  ...shared,
  operationId: 'listNotes',
  method: 'GET',
  path: '/api/notes',
  summary: 'Notes',
  access: 'records.read',
  query: ListQuery({ text: Type.Optional(Line()) }),
  status: 200,
  answer: Page(Note),
})
const createNote = route({
  ...shared,
  operationId: 'createNote',
  method: 'POST',
  path: '/api/notes',
  summary: 'New note',
  access: 'records.write',
  body: Closed({ patient_id: Type.Integer(), text: Line(20), secret: Type.Optional(Line()) }),
  status: 201,
  answer: Note,
})
const changeNote = route({
  ...shared,
  operationId: 'changeNote',
  method: 'PATCH',
  path: '/api/notes/:id',
  summary: 'Change',
  access: 'records.write',
  params: IdParams,
  body: MergePatch(Closed({ text: Line(20), secret: Line() })),
  status: 200,
  answer: Note,
})
const closeNote = route({
  ...shared,
  operationId: 'closeNote',
  method: 'POST',
  path: '/api/notes/:id/close',
  summary: 'Refuses',
  access: 'records.write',
  params: IdParams,
  status: 200,
  answer: Note,
})

/** Lets through what its own SQL cannot take. */
const misreadNote = route({
  ...shared,
  operationId: 'misreadNote',
  method: 'POST',
  path: '/api/notes/misread',
  summary: 'Makes a date out of text',
  access: 'records.write',
  body: Closed({ day: Line() }),
  status: 200,
  answer: null,
})

let release: () => void = () => {}
let gate: Promise<void> = Promise.resolve()

const routes = [
  handle(listNotes, async (tx, { query }) => {
    const after = decodeCursor(query.cursor, ['number'])
    const rows = await tx.any(
      sql.type(
        Note,
      )`SELECT id, patient_id, text, secret, version FROM notes WHERE id > ${after?.[0] ?? 0} ORDER BY id LIMIT ${query.limit + 1}`,
    )
    return toPage(rows, query.limit, (row) => [row.id])
  }),
  handle(createNote, async (tx, { body }) => {
    await gate
    return tx.one(
      sql.type(
        Note,
      )`INSERT INTO notes (patient_id, text, secret) VALUES (${body.patient_id}, ${body.text}, ${body.secret ?? 'none'}) RETURNING id, patient_id, text, secret, version`,
    )
  }),
  handle(changeNote, {
    load: (tx, { params }) =>
      tx.maybeOne(
        sql.type(Note)`SELECT id, patient_id, text, secret, version FROM notes WHERE id = ${params.id} FOR UPDATE`,
      ),
    work: (tx, { params, body, current }) =>
      tx.one(
        sql.type(
          Note,
        )`UPDATE notes SET text = ${body.text ?? current.text}, version = version + 1 WHERE id = ${params.id} RETURNING id, patient_id, text, secret, version`,
      ),
  }),
  handle(misreadNote, async (tx, { body }) => {
    await tx.query(sql.unsafe`SELECT ${body.day}::date`)
  }),
  handle(closeNote, {
    load: (tx, { params }) =>
      tx.maybeOne(
        sql.type(Note)`SELECT id, patient_id, text, secret, version FROM notes WHERE id = ${params.id} FOR UPDATE`,
      ),
    work: async () => {
      throw problem('illegal-transition')
    },
  }),
]

const logged: string[] = []
const log = pino(
  { level: 'error', serializers: { err: errorForLog } },
  { write: (line: string) => void logged.push(line) },
)
const gateway = testGateway()
let app: FastifyInstance
let database: Database
let messaging: Messaging
const db = await testDatabase('clinical')
const nats = await startNats()

t.before(async () => {
  const [role] = await db.query<{ name: string }>(
    `SELECT nspacl::text AS name FROM pg_namespace WHERE nspname = 'hospital_a'`,
  )
  const tenantRole = /(t_[0-9a-f]{16}_hospital_a)=/.exec(role?.name ?? '')?.[1]
  await db.query(
    'CREATE TABLE hospital_a.notes (id INTEGER GENERATED ALWAYS AS IDENTITY, patient_id INTEGER, text TEXT, secret TEXT, version INTEGER NOT NULL DEFAULT 1)',
  )
  await db.query(`GRANT ALL ON hospital_a.notes TO "${tenantRole}"`)
  database = await createDatabase({ url: db.url, service: 'clinical', schema: 'clinical' })
  messaging = await connectMessaging({ url: nats.url, name: 'clinical', log })
  app = createServiceApp(
    'clinical',
    {
      database,
      messaging,
      log,
      troubles: createTroubles(log),
      gatewayPublicKey: gateway.publicKey,
      clock: () => new Date(),
    },
    routes,
  )
  await app.ready()
})
t.teardown(async () => {
  await app.close()
  await messaging.close()
  await database.close()
  await nats.stop()
  await db.close()
})

type Call = InjectOptions & { role?: string; tenant?: string }
async function call({ role = 'Doctor', tenant = 'hospital_a', ...options }: Call) {
  const authorization = gateway.bearer('clinical', { tenantId: tenant, roles: [role], userId: 7 })
  const response = await app.inject({ ...options, headers: { authorization, ...options.headers } })
  return { status: response.statusCode, headers: response.headers, body: response.body === '' ? null : response.json() }
}
const audit = (action: string) =>
  db.query<{ outcome: string; patient_id: number | null; problem: string | null; actor_id: number }>(
    'SELECT outcome, patient_id, problem, actor_id FROM hospital_a.audit_events WHERE action = $1 ORDER BY id',
    [action],
  )
const create = (text: string, headers = {}) =>
  call({ method: 'POST', url: '/api/notes', payload: { patient_id: 5, text }, headers })

t.test('nothing without a valid context token', async (t) => {
  const none = await app.inject({ method: 'GET', url: '/api/notes' })
  t.equal(none.statusCode, 401)
  t.match(none.headers['content-type'], 'application/problem+json')
  t.match(none.json(), { code: 'unauthenticated', type: '/docs/errors/unauthenticated', status: 401 })
  const forOther = gateway.bearer('scheduling', { tenantId: 'hospital_a', roles: ['Doctor'] })
  t.equal((await app.inject({ url: '/api/notes', headers: { authorization: forOther } })).statusCode, 401)
  const anotherGateway = testGateway().bearer('clinical', { tenantId: 'hospital_a', roles: ['Doctor'] })
  t.equal((await app.inject({ url: '/api/notes', headers: { authorization: anotherGateway } })).statusCode, 401)
})

t.test('create: entity, ETag, one audit row', async (t) => {
  const made = await create('first')
  t.equal(made.status, 201)
  t.equal(made.headers['etag'], '"1"')
  t.match(made.body, { patient_id: 5, text: 'first', version: 1 })
  t.match(await audit('createNote'), [{ outcome: 'success', patient_id: 5, actor_id: 7 }])
})

t.test('a denial is recorded and named', async (t) => {
  const denied = await call({ role: 'Receptionist', url: '/api/notes' })
  t.match(denied, { status: 403, body: { code: 'forbidden', permission: 'records.read' } })
  t.match(await audit('listNotes'), [{ outcome: 'denied', problem: 'forbidden' }])
})

t.test('data that the database cannot take is our fault: 500, logged without the value, counted', async (t) => {
  const payload = { day: '0000-05-17' }
  t.match(await call({ method: 'POST', url: '/api/notes/misread', payload }), {
    status: 500,
    body: { code: 'internal-error' },
  })
  const line = logged.find((text) => text.includes('22008')) ?? ''
  t.match(line, /request failed/)
  t.notMatch(line, payload.day)
  t.match((await app.inject('/metrics')).body, /hospital_faults_total\{operation="misreadNote",code="22008"\} 1/)
})

t.test('a made-up cursor never reaches the database', async (t) => {
  const cursor = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url')
  for (const position of [[2_147_483_648], [1.5], ['1'], [null], [], [1, 2], {}, 'x'])
    t.match(await call({ url: `/api/notes?cursor=${cursor(position)}` }), {
      status: 400,
      body: { code: 'invalid-cursor' },
    })
  for (const instant of ['2026-02-31T00:00:00.000Z', '0000-01-01T00:00:00.000Z', 'infinity', 'now', '\u0000'])
    t.throws(() => decodeCursor(cursor([instant]), ['instant']), { code: 'invalid-cursor' })
})

t.test('input is validated: every wrong place is named', async (t) => {
  const wrong = await call({ method: 'POST', url: '/api/notes?x=1', payload: { text: '', id: 4 } })
  t.equal(wrong.status, 400)
  t.same(wrong.body.errors.map((e: { pointer: string }) => e.pointer).sort(), [
    '/id',
    '/patient_id',
    '/text',
    'query:x',
  ])
  t.match(
    await call({
      method: 'POST',
      url: '/api/notes',
      payload: '{"a":',
      headers: { 'content-type': 'application/json' },
    }),
    { status: 400, body: { code: 'malformed-json' } },
  )
  t.match(
    await call({
      method: 'POST',
      url: '/api/notes',
      payload: 'a=1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    { status: 415 },
  )
  for (const [payload, detail] of [
    [`${'['.repeat(65)}${']'.repeat(65)}`, /nests deeper than 64 levels/],
    [`{"text":[${'{},'.repeat(5_000)}{}]}`, /more than 5000 values/],
  ] as const) {
    const headers = { 'content-type': 'application/json' }
    const tooMuch = await call({ method: 'POST', url: '/api/notes', payload, headers })
    t.match(tooMuch, { status: 400, body: { code: 'invalid-request', errors: [{ pointer: '', detail }] } })
  }
  t.match(await call({ method: 'POST', url: '/api/notes', payload: { patient_id: 1, text: 'a\u0000b' } }), {
    status: 400,
    body: { errors: [{ pointer: '/text' }] },
  })
  t.match(await call({ method: 'POST', url: '/api/notes', payload: { patient_id: '1', text: 'x' } }), {
    status: 400,
    body: { errors: [{ pointer: '/patient_id' }] },
  })
  t.match(await call({ url: '/api/notes?cursor=nonsense' }), { status: 400, body: { code: 'invalid-cursor' } })
  t.match(await call({ url: '/api/notes?limit=101' }), { status: 400, body: { errors: [{ pointer: 'query:limit' }] } })
  t.match(await call({ url: '/api/nowhere' }), { status: 404, body: { code: 'route-not-found' } })
})

t.test('changes need the version that was read', async (t) => {
  const { body } = await create('change me')
  const url = `/api/notes/${body.id}`
  const patch = (headers: Record<string, string>) =>
    call({ method: 'PATCH', url, payload: { text: 'changed' }, headers })
  t.match(await patch({}), { status: 428, body: { code: 'if-match-required' } })
  t.match(await patch({ 'if-match': '"9"' }), { status: 412, body: { code: 'stale-version', current_version: 1 } })
  t.match(await patch({ 'if-match': 'nonsense' }), { status: 400 })
  t.match(await patch({ 'if-match': '"1"' }), {
    status: 200,
    headers: { etag: '"2"' },
    body: { text: 'changed', version: 2 },
  })
  t.match(await patch({ 'if-match': '"1"', 'content-type': 'application/merge-patch+json' }), { status: 412 })
  t.match(await call({ method: 'POST', url: `${url}/close`, headers: { 'if-match': '"1"' } }), { status: 412 })
  t.match(await call({ method: 'POST', url: `${url}/close` }), { status: 409, body: { code: 'illegal-transition' } })
  t.match(
    (await audit('closeNote')).map((row) => row.problem),
    ['stale-version', 'illegal-transition'],
  )
  t.match(
    await call({ method: 'PATCH', url: '/api/notes/999999', payload: { text: 'x' }, headers: { 'if-match': '"1"' } }),
    { status: 404 },
  )
})

t.test('field rules: absent in answers, refused in changes', async (t) => {
  const { body } = await create('with secret')
  t.equal(body.secret, 'none')
  const seen = await call({ role: 'Nurse', url: '/api/notes?limit=1' })
  t.notOk('secret' in seen.body.data[0])
  const hidden = await call({
    role: 'Nurse',
    method: 'PATCH',
    url: `/api/notes/${body.id}`,
    payload: { secret: 'x' },
    headers: { 'if-match': '"1"' },
  })
  t.match(hidden, { status: 403, body: { errors: [{ pointer: '/secret' }] } })
})

t.test('pages: nothing skipped or repeated', async (t) => {
  for (let i = 0; i < 5; i++) await create(`page ${i}`)
  const seen: number[] = []
  for (let cursor = ''; ; ) {
    const { body } = await call({ url: `/api/notes?limit=3${cursor}` })
    seen.push(...body.data.map((note: { id: number }) => note.id))
    if (body.page.next_cursor === null) break
    cursor = `&cursor=${body.page.next_cursor}`
  }
  const all = await db.query<{ id: number }>('SELECT id FROM hospital_a.notes ORDER BY id')
  t.same(
    seen,
    all.map((row) => row.id),
  )
})

t.test('idempotency: one work for one key, however often and at once', async (t) => {
  const key = { 'idempotency-key': 'abc' }
  gate = new Promise((resolve) => {
    release = resolve
  })
  const first = create('once', key)
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.match(await create('once', key), {
    status: 409,
    headers: { 'retry-after': '1' },
    body: { code: 'idempotency-in-progress' },
  })
  release()
  const made = await first
  t.equal(made.status, 201)
  const again = await create('once', key)
  t.same(again.body, made.body)
  t.match(again, { status: 201, headers: { 'idempotent-replayed': 'true', etag: '"1"' } })
  t.match(await create('other', key), { status: 422, body: { code: 'idempotency-key-reused' } })
  t.equal((await db.query(`SELECT FROM hospital_a.notes WHERE text = 'once'`)).length, 1)
  const second = (await create('another row')).body.id
  const change = (id: number) =>
    call({
      method: 'PATCH',
      url: `/api/notes/${id}`,
      body: { text: 'changed' },
      headers: { 'idempotency-key': 'change', 'if-match': '*' },
    })
  t.equal((await change(made.body.id)).status, 200)
  t.match(await change(second), { status: 422, body: { code: 'idempotency-key-reused' } }, 'a key is for one row')
  t.match(await create('', { 'idempotency-key': 'refused' }), { status: 400 })
  t.equal((await db.query(`SELECT FROM hospital_a.idempotency_keys WHERE key = 'refused'`)).length, 0)
})

t.test('a hospital that is not there is a part of the system that is down', async (t) => {
  t.match(await call({ tenant: 'hospital_c', url: '/api/notes' }), {
    status: 503,
    body: { code: 'service-unavailable' },
  })
})

t.test('what cannot be recorded does not happen', async (t) => {
  await db.query('ALTER TABLE hospital_a.audit_events RENAME TO gone')
  const refused = await create('unrecorded')
  t.equal(refused.status, 503)
  t.equal(refused.body.code, 'audit-unavailable')
  t.equal((await db.query(`SELECT FROM hospital_a.notes WHERE text = 'unrecorded'`)).length, 0)
  t.match(await call({ role: 'Receptionist', url: '/api/notes' }), { status: 503 })
  await db.query('ALTER TABLE hospital_a.gone RENAME TO audit_events')
})
