import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createDatabase,
  DatabaseUnavailable,
  errorCode,
  inbox,
  onConstraint,
  sql,
  type TenantContext,
} from '@hospital/database'
import { startPostgres, testDatabase } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'

const server = await startPostgres()
t.teardown(() => server.stop())

const context: TenantContext = { tenantId: 'hospital_a', userId: 7, requestId: 'request-1' }
const N = Type.Object({ n: Type.Integer() })

async function open(
  test: Test,
  options: { maxPoolSize?: number; acquireTimeoutMs?: number; statementTimeoutMs?: number } = {},
) {
  const own = await testDatabase('scheduling', server)
  const database = await createDatabase({ url: own.url, service: 'scheduling', schema: 'scheduling', ...options })
  test.teardown(async () => {
    await database.close()
    await own.close()
  })
  return { database, own }
}

t.test('column types arrive as JSON carries them, and rows are checked', async (t) => {
  const { database } = await open(t)
  const Row = Type.Object({
    count: Type.Integer(),
    at: Type.String({ format: 'date-time' }),
    day: Type.String({ format: 'date' }),
    dose: Type.String(),
    many: Type.Array(Type.Integer()),
    days: Type.Array(Type.String()),
    json: Type.Object({ a: Type.Integer() }),
    nothing: Type.Null(),
  })
  const row = await database.inTenant(context, (tx) =>
    tx.one(sql.type(Row)`
      SELECT count(*) AS count, timestamptz '2026-11-23 10:00:00.123456+01' AS at, date '1985-03-15' AS day,
        0.10::numeric AS dose, ARRAY[1, 9007199254740991]::int8[] AS many, ARRAY[date '2024-02-29'] AS days,
        '{"a": 1}'::jsonb AS json, NULL::date AS nothing`),
  )
  t.same(row, {
    count: 1,
    at: '2026-11-23T09:00:00.123Z',
    day: '1985-03-15',
    dose: '0.10',
    many: [1, 9007199254740991],
    days: ['2024-02-29'],
    json: { a: 1 },
    nothing: null,
  })
  await t.rejects(
    database.inTenant(context, (tx) => tx.one(sql.type(N)`SELECT 'text' AS n`)),
    { name: /Error/, issues: [] },
  )
  await t.rejects(
    database.inTenant(context, (tx) => tx.one(sql.type(N)`SELECT 9007199254740993::int8 AS n`)),
    RangeError,
  )
  const badDay = database.inTenant(context, (tx) => tx.any(sql.unsafe`SELECT ${'2026-02-30'}::date`))
  t.equal(errorCode(await badDay.catch((error) => error)), '22008')
  const tooLarge = database.inTenant(context, (tx) => tx.any(sql.unsafe`SELECT * FROM staff WHERE id = ${99999999999}`))
  t.equal(errorCode(await tooLarge.catch((error) => error)), '22003')
})

t.test('settings are local to the transaction and say who acts', async (t) => {
  const { database } = await open(t, { maxPoolSize: 1, statementTimeoutMs: 1_234 })
  const Settings = Type.Object({
    tenant: Type.String(),
    actor: Type.String(),
    request: Type.String(),
    path: Type.String(),
    limit: Type.String(),
  })
  const read = sql.type(
    Settings,
  )`SELECT current_setting('app.tenant_id', true) AS tenant, current_setting('app.user_id', true) AS actor,
    current_setting('app.request_id', true) AS request, current_setting('search_path') AS path, current_setting('statement_timeout') AS limit`
  t.same(await database.inTenant(context, (tx) => tx.one(read)), {
    tenant: 'hospital_a',
    actor: '7',
    request: 'request-1',
    path: '"hospital_a", extensions',
    limit: '1234ms',
  })
  t.match(await database.inGlobal((tx) => tx.one(read)), { tenant: '', actor: '', path: '"scheduling", extensions' })
})

t.test('what is broken by a constraint is said next to the write; a savepoint keeps the rest', async (t) => {
  const { database } = await open(t)
  const insert = (id: number) => sql.unsafe`INSERT INTO staff (id, name) VALUES (${id}, 'x')`
  const taken = new Error('taken')
  const meanings = { staff_pkey: () => taken }
  await t.rejects(
    database.inTenant(context, async (tx) => {
      await tx.query(insert(1))
      await onConstraint(meanings, () => tx.query(insert(1)))
    }),
    taken,
  )
  const kept = await database.inTenant(context, async (tx) => {
    await tx.query(insert(1))
    await tx.savepoint((inner) => onConstraint(meanings, () => inner.query(insert(1)))).catch(() => {})
    return tx.oneFirst(sql.type(N)`SELECT count(*) AS n FROM staff`)
  })
  t.equal(kept, 1)
  await t.rejects(
    database.inTenant(context, (tx) => onConstraint({}, () => tx.query(insert(1)))),
    /duplicate|unique/i,
  )
})

t.test('deadlocks are retried as a whole', async (t) => {
  const { database } = await open(t)
  await database.inTenant(context, (tx) => tx.query(sql.unsafe`INSERT INTO staff (id, name) VALUES (1, '0'), (2, '0')`))
  let tries = 0
  const bothHoldOne = Promise.withResolvers<void>()
  const swap = (first: number, second: number) =>
    database.inTenant(context, async (tx) => {
      await tx.query(sql.unsafe`UPDATE staff SET version = version + 1 WHERE id = ${first}`)
      tries += 1
      if (tries === 2) bothHoldOne.resolve()
      await bothHoldOne.promise
      await tx.query(sql.unsafe`UPDATE staff SET version = version + 1 WHERE id = ${second}`)
    })
  await Promise.all([swap(1, 2), swap(2, 1)])
  t.ok(tries > 2, 'one was tried again')
  const sum = await database.inTenant(context, (tx) =>
    tx.oneFirst(sql.type(N)`SELECT sum(version)::int AS n FROM staff`),
  )
  t.equal(sum, 4)
})

t.test('a full pool, a slow statement and a lock answer with DatabaseUnavailable in time', async (t) => {
  const { database, own } = await open(t, { maxPoolSize: 2, acquireTimeoutMs: 200, statementTimeoutMs: 1_000 })
  const hold = () => database.inTenant(context, () => sleep(600))
  const held = [hold(), hold()]
  const startedAt = Date.now()
  await t.rejects(
    database.inTenant(context, async () => 1),
    { name: 'DatabaseUnavailable', reason: 'busy' },
  )
  t.ok(Date.now() - startedAt < 500)
  t.same(database.load(), { inUse: 2, waiting: 0 })
  await Promise.all(held)
  t.equal(await database.inTenant(context, async () => 1), 1)
  const slow = database.inTenant(context, (tx) => tx.query(sql.unsafe`SELECT pg_sleep(5)`))
  await t.rejects(slow, { name: 'DatabaseUnavailable', reason: 'timeout' })
  t.ok((await own.query('SELECT 1')).length)
})

t.test('with PostgreSQL away everything says DatabaseUnavailable, and comes back with it', async (t) => {
  const { database, own } = await open(t, { maxPoolSize: 2 })
  await own.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hospital-scheduling' AND datname = current_database()",
  )
  await sleep(50)
  const first = await database.inTenant(context, async () => 1).catch((error) => error)
  t.ok(first === 1 || first instanceof DatabaseUnavailable)
  t.equal(await database.inTenant(context, async () => 1), 1)
  const closed = new URL(own.url)
  closed.port = '1'
  const unreachable = createDatabase({
    url: closed.href,
    service: 'scheduling',
    schema: 'scheduling',
    connectTimeoutMs: 300,
  })
  await t.rejects(unreachable, { name: 'DatabaseUnavailable', reason: 'unreachable' })
})

t.test('a connection that breaks while it commits leaves open whether it happened, and says so', async (t) => {
  const { database, own } = await open(t, { maxPoolSize: 2 })
  await own.query(`
    CREATE FUNCTION scheduling.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER dawdles AFTER INSERT ON scheduling.inbox DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION scheduling.dawdle()`)
  const written = database.inGlobal((tx) => inbox(tx, 'a-consumer', randomUUID())).catch((error) => error)
  const killed = async () =>
    (
      await own.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'",
      )
    ).length
  const until = Date.now() + 5_000
  while ((await killed()) === 0 && Date.now() < until) await sleep(20)
  t.match(await written, { name: 'OutcomeUnknown', code: 'bad-gateway', message: /may have happened/ })
})
