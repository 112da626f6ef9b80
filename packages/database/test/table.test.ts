import { event, eventType } from '@hospital/contracts'
import {
  announce,
  announceAll,
  createDatabase,
  eventsToldIn,
  sql,
  type TenantContext,
  type TenantTx,
  table,
  toTell,
} from '@hospital/database'
import { testDatabase } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import t from 'tap'

const Thing = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  dose: Type.Union([Type.String(), Type.Null()]),
  weight: Type.Union([Type.Number(), Type.Null()]),
  day: Type.Union([Type.String({ format: 'date' }), Type.Null()]),
  at: Type.String({ format: 'date-time' }),
  detail: Type.Unknown(),
  codes: Type.Array(Type.String()),
  updated_at: Type.String({ format: 'date-time' }),
  version: Type.Integer(),
})
const things = table('things', Thing, {
  made: ['id', 'updated_at', 'version'],
  readAs: { dose: 'decimal', weight: 'number' },
})

const own = await testDatabase('clinical')
const database = await createDatabase({ url: own.url, service: 'clinical', schema: 'clinical' })
t.teardown(async () => {
  await database.close()
  await own.close()
})
t.before(async () => {
  const [schema] = await own.query<{ acl: string }>(
    `SELECT nspacl::text AS acl FROM pg_namespace WHERE nspname = 'hospital_a'`,
  )
  const role = /(t_[0-9a-f]{16}_hospital_a)=/.exec(schema?.acl ?? '')?.[1]
  await own.query(`
    CREATE TABLE hospital_a.things (
      id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name TEXT NOT NULL,
      dose NUMERIC(12, 6),
      weight NUMERIC,
      day DATE,
      at TIMESTAMPTZ NOT NULL,
      detail JSONB,
      codes TEXT[] NOT NULL,
      unlisted TEXT NOT NULL DEFAULT 'the table knows more columns than the schema',
      updated_at TIMESTAMPTZ NOT NULL DEFAULT '2020-01-01',
      version INTEGER NOT NULL DEFAULT 1,
      CONSTRAINT things_name_key UNIQUE (name)
    )`)
  await own.query(`GRANT ALL ON hospital_a.things TO "${role}"`)
})
t.beforeEach(() => own.query('TRUNCATE hospital_a.things'))

const context: TenantContext = { tenantId: 'hospital_a', userId: 7, requestId: 'request-1' }
const inside = <T>(work: (tx: TenantTx) => Promise<T>): Promise<T> => database.inTenant(context, work)
const plain = {
  name: 'first',
  dose: '0.250000',
  weight: 70.25,
  day: '1985-03-15',
  at: '2026-11-23T10:00:00.123+01:00',
  detail: { a: [1, null, 'ß "quoted" \\'] },
  codes: ['A', 'b,"c"', ''],
}
const Kind = Type.Object({ kind: Type.Union([Type.String(), Type.Null()]) })

t.test(
  'what is inserted comes back as it is read: decimals exact, instants in UTC, documents and lists whole',
  async (t) => {
    const row = await inside((tx) => things.insert(tx, plain))
    t.match(row, { ...plain, dose: '0.25', at: '2026-11-23T09:00:00.123Z', version: 1 })
    t.same(Object.keys(row), Object.keys(Thing.properties), 'the columns of the schema and no other')
    const again = await inside((tx) => tx.one(sql.type(Thing)`SELECT ${things.columns('x')} FROM things x`))
    t.same(again, row, 'the same under an alias')
  },
)

t.test('null is a null of the database, in a document column too', async (t) => {
  const empty = { ...plain, dose: null, weight: null, day: null, detail: null }
  t.match(await inside((tx) => things.insert(tx, empty)), { dose: null, weight: null, day: null, detail: null })
  t.same(await inside((tx) => tx.any(sql.type(Kind)`SELECT jsonb_typeof(detail) AS kind FROM things`)), [
    { kind: null },
  ])
})

t.test('an expression is worked out by the database, beside plain values', async (t) => {
  const values = {
    ...plain,
    name: sql.fragment`upper(${'second'})`,
    at: sql.fragment`${plain.at}::timestamptz - interval '1 hour'`,
  }
  t.match(await inside((tx) => things.insert(tx, values)), {
    name: 'SECOND',
    at: '2026-11-23T08:00:00.123Z',
    dose: '0.25',
  })
})

t.test('a column that the schema does not name is refused before the database is asked', async (t) => {
  const strange = { ...plain, unlisted: 'x' }
  await t.rejects(
    inside((tx) => things.insert(tx, strange)),
    { message: 'unlisted is no column of the table' },
  )
  const row = await inside((tx) => things.insert(tx, plain))
  await t.rejects(
    inside((tx) => things.update(tx, row, { unlisted: 'x' } as object)),
    { message: 'unlisted is no column of the table' },
  )
  await t.rejects(
    inside((tx) => things.insertMany(tx, [strange])),
    { message: 'unlisted is no column of the table' },
  )
})

t.test(
  'insertUnless: null and nothing written where the constraint holds such a row; other constraints still refuse',
  async (t) => {
    const first = await inside((tx) => things.insertUnless(tx, 'things_name_key', plain))
    t.match(first, { name: 'first', version: 1 })
    t.equal(await inside((tx) => things.insertUnless(tx, 'things_name_key', { ...plain, dose: '9' })), null)
    t.match(await inside((tx) => tx.any(sql.type(Thing)`SELECT ${things.columns()} FROM things`)), [{ dose: '0.25' }])
    await t.rejects(
      inside((tx) => things.insertUnless(tx, 'things_pkey', plain)),
      { message: 'Query violates a unique integrity constraint.' },
    )
  },
)

t.test('insertMany: every row with its own values, and with ids that were taken before', async (t) => {
  t.same(await inside((tx) => things.insertMany(tx, [])), [])
  const names = Array.from({ length: 500 }, (_, n) => `thing ${n}`)
  const rows = await inside((tx) =>
    things.insertMany(
      tx,
      names.map((name, n) => ({ ...plain, name, dose: `${n}.5` })),
    ),
  )
  t.equal(rows.length, 500)
  t.ok(rows.every(({ name, dose }) => name === `thing ${dose?.split('.')[0]}`))
  const taken = 1_000_000
  t.match(await inside((tx) => things.insertMany(tx, [{ ...plain, id: taken }])), [{ id: taken, name: 'first' }])
  await t.rejects(
    inside((tx) =>
      things.insertMany(tx, [
        { ...plain, name: 'one' },
        { ...plain, name: 'one' },
      ]),
    ),
    { message: 'Query violates a unique integrity constraint.' },
  )
  t.equal((await own.query(`SELECT FROM hospital_a.things WHERE name = 'one'`)).length, 0, 'all or nothing')
  await t.rejects(
    inside((tx) => things.insertMany(tx, [plain, { ...plain, id: 5 }])),
    { message: 'Rows of one statement have the same columns' },
    'else a value of the second would be dropped',
  )
})

t.test('update: the named columns, one version on, with the time unless it is named', async (t) => {
  const row = await inside((tx) => things.insert(tx, plain))
  t.equal(row.updated_at, '2020-01-01T00:00:00.000Z')
  const before = Date.now()
  const changed = await inside((tx) => things.update(tx, row, { dose: '1.50', detail: null, day: undefined } as object))
  t.match(changed, { ...plain, at: row.at, dose: '1.5', detail: null, version: 2 })
  t.ok(Date.parse(changed.updated_at) >= before - 1000, 'now')
  const named = { name: sql.fragment`things.name || ' again'`, updated_at: '2026-01-02T03:04:05.678Z' }
  t.match(await inside((tx) => things.update(tx, changed, named)), {
    name: 'first again',
    updated_at: '2026-01-02T03:04:05.678Z',
    version: 3,
  })
})

t.test('update: a row that changed meanwhile stays as it is', async (t) => {
  const row = await inside((tx) => things.insert(tx, plain))
  const other = await inside((tx) => things.insert(tx, { ...plain, name: 'other' }))
  await inside((tx) => things.update(tx, row, { dose: '1' }))
  await t.rejects(
    inside((tx) => things.update(tx, row, { dose: '2' })),
    { code: 'stale-version' },
  )
  const rows = await inside((tx) => tx.any(sql.type(Thing)`SELECT ${things.columns()} FROM things ORDER BY id`))
  t.match(rows, [{ dose: '1', version: 2 }, other], 'nor is any other row touched')
})

t.test('updateMany: each row by its version, constraints at the end, all or nothing', async (t) => {
  const [one, two] = await inside(async (tx) => [
    await things.insert(tx, plain),
    await things.insert(tx, { ...plain, name: 'second' }),
  ])
  if (!one || !two) throw new Error('two rows were written')
  const swap = [
    { id: one.id, version: 1, dose: '1' },
    { id: two.id, version: 1, dose: '2' },
  ]
  const changed = await inside((tx) => things.updateMany(tx, swap))
  t.same(
    new Set(changed.map(({ id, dose, version }) => `${id} ${dose} ${version}`)),
    new Set([`${one.id} 1 2`, `${two.id} 2 2`]),
  )
  await t.rejects(
    inside((tx) =>
      things.updateMany(tx, [
        { id: one.id, version: 2, dose: '3' },
        { id: two.id, version: 1, dose: '3' },
      ]),
    ),
    { code: 'stale-version' },
  )
  t.match(await inside((tx) => tx.any(sql.type(Thing)`SELECT ${things.columns()} FROM things ORDER BY id`)), [
    { dose: '1', version: 2 },
    { dose: '2', version: 2 },
  ])
  t.same(await inside((tx) => things.updateMany(tx, [])), [])
})

t.test('storeNewer: the copy of another one takes newer versions only', async (t) => {
  const Copy = Type.Object({ id: Type.Integer(), name: Type.String(), version: Type.Integer() })
  const copies = table('staff', Copy, { made: [] })
  const store = (name: string, version: number) => inside((tx) => copies.storeNewer(tx, { id: 900, name, version }))
  t.same(
    [await store('b', 2), await store('a', 1), await store('b again', 2), await store('c', 3)],
    [true, false, false, true],
  )
  t.match(await own.query('SELECT name, version FROM hospital_a.staff WHERE id = 900'), [{ name: 'c', version: 3 }])
})

const thingMade = event({
  service: 'clinical',
  entity: 'thing',
  verb: 'made',
  version: 1,
  data: Type.Object({ id: Type.Integer(), name: Type.String(), version: Type.Integer() }),
})
const thingSeen = { ...thingMade, verb: 'seen' }
const outbox = () =>
  own.query<{ id: string; subject: string; envelope: { id: string; type: string; subject: string; data: unknown } }>(
    'SELECT id, subject, envelope FROM clinical.outbox ORDER BY sequence',
  )

t.test(
  'announce: the facts that the contract names, from the row; many in one statement, in their order',
  async (t) => {
    await own.query('DELETE FROM clinical.outbox')
    const row = await inside(async (tx) => announce(tx, thingMade, await things.insert(tx, plain)))
    const [told] = await outbox()
    t.match(told, {
      subject: 'clinical.hospital_a.thing.made.v1',
      envelope: {
        type: eventType(thingMade),
        subject: String(row.id),
        tenantid: 'hospital_a',
        actorid: '7',
        requestid: 'request-1',
      },
    })
    t.equal(told?.id, told?.envelope.id)
    t.same(told?.envelope.data, { id: row.id, name: 'first', version: 1 }, 'no dose: it is no fact of the event')
    const many = await inside(async (tx) => {
      const rows = ['b', 'c', 'a'].map((name, n) => ({ ...row, id: 10 - n, name }))
      await announceAll(tx, [toTell(thingMade, rows), toTell(thingSeen, rows.slice(1))])
      await announceAll(tx, [toTell(thingMade, [])])
      return eventsToldIn(tx)
    })
    t.same(many, [...Array(3).fill(eventType(thingMade)), ...Array(2).fill(eventType(thingSeen))])
    t.same(
      (await outbox()).slice(1).map(({ envelope }) => [envelope.type.split('.')[3], envelope.subject]),
      [
        ['made', '10'],
        ['made', '9'],
        ['made', '8'],
        ['seen', '9'],
        ['seen', '8'],
      ],
    )
    const wrong = { ...row, name: 3 } as unknown as typeof row
    await t.rejects(
      inside((tx) => announce(tx, thingMade, wrong)),
      /does not match its contract/,
    )
  },
)
