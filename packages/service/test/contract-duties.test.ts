import {
  type ChartArea,
  Closed,
  chartAreas,
  event,
  fieldsUnder,
  IdParams,
  Line,
  problem,
  type RequestContext,
  route,
} from '@hospital/contracts'
import { announce, createDatabase, sql, type TenantTx } from '@hospital/database'
import { connectMessaging } from '@hospital/messaging'
import { startNats, testDatabase, testGateway } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import { pino } from 'pino'
import t from 'tap'
import { createServiceApp, createTroubles, errorForLog, handle } from '../src/index.ts'

// What follows from a contract without a line in a handler: its refusals and events are held, its people are known, its
// key is taken or refused.
const Slip = Type.Object({
  id: Type.Integer(),
  patient_id: Type.Integer(),
  text: Type.String(),
  secret: Type.Optional(Type.String()),
  pages: Type.Array(Type.Object({ no: Type.Integer(), secret: Type.Optional(Type.String()) })),
  version: Type.Integer(),
})
const slipWritten = event({
  service: 'clinical',
  entity: 'slip',
  verb: 'written',
  version: 1,
  data: Type.Object({ id: Type.Integer(), version: Type.Integer() }),
})
const shared = { service: 'clinical', method: 'POST', access: 'records.write' } as const
const Body = Closed({ patient_id: Type.Integer(), text: Line(40), colleague_id: Type.Optional(Type.Integer()) })
const writeSlip = route({
  ...shared,
  operationId: 'writeSlip',
  path: '/api/slips',
  summary: 'Declares what it does',
  body: Body,
  status: 201,
  answer: Slip,
  problems: ['conflict'],
  events: [slipWritten],
  fields: { secret: ['prescriptions.write'], ...fieldsUnder('pages', { secret: ['prescriptions.write'] }) },
  patient: 'answer.patient_id',
  people: { staff: 'body.colleague_id' },
})
const whisperSlip = route({
  ...shared,
  operationId: 'whisperSlip',
  path: '/api/slips/whisper',
  summary: 'Declares neither refusal nor event',
  body: Body,
  status: 201,
  answer: Slip,
})
const readSlip = route({
  ...shared,
  operationId: 'readSlip',
  method: 'GET',
  path: '/api/slips/:id',
  summary: 'Asks for nobody',
  access: 'records.read',
  params: IdParams,
  status: 200,
  answer: Slip,
})
const makeToken = route({
  ...shared,
  operationId: 'makeToken',
  path: '/api/slips/token',
  summary: 'Its answer is a secret',
  status: 201,
  answer: Type.Object({ token: Type.String() }),
  secretAnswer: true,
})

const columns = sql.fragment`id, patient_id, text, 'of the prescriber' AS secret,
  '[{"no": 1, "secret": "of the prescriber"}]'::jsonb AS pages, version`
async function write(tx: TenantTx, { patient_id, text }: { patient_id: number; text: string }) {
  if (text === 'refuse') throw problem('conflict')
  const slip = await tx.one(
    sql.type(Slip)`INSERT INTO slips (patient_id, text) VALUES (${patient_id}, ${text}) RETURNING ${columns}`,
  )
  return text === 'quiet' ? slip : announce(tx, slipWritten, slip)
}
let tokens = 0
const routes = [
  handle(writeSlip, (tx, { body }) => write(tx, body)),
  handle(whisperSlip, (tx, { body }) => write(tx, body)),
  handle(readSlip, {
    load: (tx, { params }) => tx.maybeOne(sql.type(Slip)`SELECT ${columns} FROM slips WHERE id = ${params.id}`),
    work: async (_tx, { current }) => current,
  }),
  handle(makeToken, async () => ({ token: `secret ${++tokens}` })),
]

const [db, nats] = await Promise.all([testDatabase('clinical'), startNats()])
const [schema] = await db.query<{ acl: string }>(
  `SELECT nspacl::text AS acl FROM pg_namespace WHERE nspname = 'hospital_a'`,
)
await db.query(
  'CREATE TABLE hospital_a.slips (id INTEGER GENERATED ALWAYS AS IDENTITY, patient_id INTEGER, text TEXT, version INTEGER NOT NULL DEFAULT 1)',
)
await db.query(`GRANT ALL ON hospital_a.slips TO "${/(t_[0-9a-f]{16}_hospital_a)=/.exec(schema?.acl ?? '')?.[1]}"`)

const logged: string[] = []
const log = pino(
  { level: 'error', serializers: { err: errorForLog } },
  { write: (line: string) => void logged.push(line) },
)
const gateway = testGateway()
const own = await createDatabase({ url: db.url, service: 'clinical', schema: 'clinical' })
let transactions = 0
const database: typeof own = {
  ...own,
  inTenant: (context, work) => {
    transactions++
    return own.inTenant(context, work)
  },
}
const messaging = await connectMessaging({ url: nats.url, name: 'clinical', log })
/** Whom the other service was asked for. */
const asked: number[] = []
const fetchStaff = async ({ tenantId }: RequestContext, id: number) => {
  asked.push(id)
  if (id !== 404) await db.query(`INSERT INTO ${tenantId}.staff (id, name) VALUES ($1, 'Somebody')`, [id])
}
/** The charts that are closed to everybody. */
const closed = new Set<number>()
const openAreas = (patientId: number): ReadonlySet<ChartArea> => new Set(closed.has(patientId) ? [] : chartAreas)
const parts = {
  database,
  messaging,
  log,
  troubles: createTroubles(log),
  gatewayPublicKey: gateway.publicKey,
  clock: () => new Date(),
  holdsContracts: true,
}
const app = createServiceApp('clinical', parts, routes, {
  careGuard: async (_tx, _context, ids) => new Map(ids.map((id) => [id, { areas: openAreas(id), brokenGlass: false }])),
  fetchPeople: { staff: fetchStaff },
})
await app.ready()
t.teardown(async () => {
  await app.close()
  await messaging.close()
  await own.close()
  await nats.stop()
  await db.close()
})

interface Call {
  userId?: number
  role?: string
  key?: string
}
async function post(url: string, payload: object | undefined, { userId = 7, role = 'Doctor', key }: Call = {}) {
  const authorization = gateway.bearer('clinical', { tenantId: 'hospital_a', roles: [role], userId })
  const headers = { authorization, ...(key === undefined ? {} : { 'idempotency-key': key }) }
  const response = await app.inject({ method: 'POST', url, headers, ...(payload ? { payload } : {}) })
  return { status: response.statusCode, headers: response.headers, body: response.json() }
}
const texts = async (text: string) => (await db.query('SELECT FROM hospital_a.slips WHERE text = $1', [text])).length
const slip = { patient_id: 5, text: 'a slip' }

t.test('what a contract does not declare fails in tests, and nothing is written', async (t) => {
  t.match(await post('/api/slips', { ...slip, text: 'refuse' }), { status: 409, body: { code: 'conflict' } })
  t.equal((await post('/api/slips', { ...slip, text: 'told' })).status, 201)
  t.equal((await post('/api/slips/whisper', { ...slip, text: 'quiet' })).status, 201, 'telling less is no breach')

  t.match(await post('/api/slips/whisper', { ...slip, text: 'refuse' }), {
    status: 500,
    body: { code: 'internal-error' },
  })
  t.match(logged.at(-1), /whisperSlip answers the problem conflict, which is not among the problems of its contract/)
  t.match(await post('/api/slips/whisper', { ...slip, text: 'loud' }), { status: 500 })
  t.match(
    logged.at(-1),
    /whisperSlip tells hospital\.clinical\.slip\.written\.v1, which is not among the events of its/,
  )
  t.equal(await texts('loud'), 0)
})

t.test('people are asked for once: then it is remembered, by hospital, that they are here', async (t) => {
  const send = async (body: object, call?: Call) => {
    asked.length = 0
    transactions = 0
    t.equal((await post('/api/slips', { ...slip, ...body }, call)).status, 201)
    return { asked: [...asked], transactions }
  }
  const operation = 1
  const lookUp = 1
  t.same(await send({ colleague_id: 22 }, { userId: 21 }), { asked: [21, 22], transactions: operation + lookUp })
  t.same(
    await send({ colleague_id: 22 }, { userId: 21 }),
    { asked: [], transactions: operation + lookUp },
    'found here',
  )
  t.same(await send({ colleague_id: 22 }, { userId: 21 }), { asked: [], transactions: operation }, 'remembered')
  t.same(await send({ colleague_id: 21 }, { userId: 22 }), { asked: [], transactions: operation }, 'whoever they are')
  t.same(await send({}, { userId: 21 }), { asked: [], transactions: operation }, 'nobody is named')
  t.same(await send({ colleague_id: 404 }, { userId: 21 }), { asked: [404], transactions: operation + lookUp })
  t.same(
    await send({ colleague_id: 404 }, { userId: 21 }),
    { asked: [404], transactions: operation + lookUp },
    'may come',
  )

  asked.length = 0
  const authorization = gateway.bearer('clinical', { tenantId: 'hospital_a', roles: ['Doctor'], userId: 77 })
  t.equal((await app.inject({ url: '/api/slips/1', headers: { authorization } })).statusCode, 200)
  t.same(asked, [], 'who only reads is not looked up')
})

t.test('a secret answer is kept nowhere: the key is refused, and nothing is done', async (t) => {
  t.match(await post('/api/slips/token', undefined, { key: 'k' }), {
    status: 400,
    body: { code: 'invalid-request', errors: [{ pointer: 'header:Idempotency-Key' }] },
  })
  t.equal(tokens, 0)
  t.match(await post('/api/slips/token', undefined), { status: 201, body: { token: 'secret 1' } })
  t.match(await post('/api/slips/token', undefined), { body: { token: 'secret 2' } })
  t.same(await db.query("SELECT FROM hospital_a.idempotency_keys WHERE operation = 'makeToken'"), [])
})

t.test('a repeated request shows what was answered, as far as it is still open to the person', async (t) => {
  const body = { patient_id: 8, text: 'once' }
  const first = await post('/api/slips', body, { key: 'once' })
  t.match(first, { status: 201, body: { secret: 'of the prescriber' } })
  const again = await post('/api/slips', body, { key: 'once' })
  t.match(again, { status: 201, headers: { 'idempotent-replayed': 'true' } })
  t.same(again.body, first.body)

  const asNurse = await post('/api/slips', body, { key: 'once', role: 'Nurse' })
  t.match(asNurse, { status: 201, headers: { 'idempotent-replayed': 'true' }, body: { text: 'once' } })
  t.notOk('secret' in asNurse.body, 'a field that this role may not read')
  t.same(asNurse.body.pages, [{ no: 1 }], 'nor where it stands deeper')

  closed.add(8)
  t.match(await post('/api/slips', body, { key: 'once' }), { status: 403, body: { code: 'care-relation-required' } })
  closed.delete(8)
  t.same((await post('/api/slips', body, { key: 'once' })).body, first.body)
  t.equal(await texts('once'), 1)
})
