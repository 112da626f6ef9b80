import { setTimeout as sleep } from 'node:timers/promises'
import { event } from '@hospital/contracts'
import {
  appendEvent,
  createDatabase,
  type Database,
  inbox,
  outboxReader,
  sql,
  type TenantContext,
} from '@hospital/database'
import { startPostgres, testDatabase } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'

const server = await startPostgres()
t.teardown(() => server.stop())

const admitted = event({
  service: 'scheduling',
  entity: 'patient',
  verb: 'admitted',
  version: 1,
  data: Type.Object({ id: Type.Integer(), version: Type.Integer() }),
})
const context: TenantContext = {
  tenantId: 'hospital_a',
  userId: 7,
  requestId: 'request-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
}

async function open(test: Test): Promise<{ database: Database; url: string; kill: () => Promise<unknown> }> {
  const own = await testDatabase('scheduling', server)
  const database = await createDatabase({ url: own.url, service: 'scheduling', schema: 'scheduling', maxPoolSize: 20 })
  test.teardown(async () => {
    await database.close()
    await own.close()
  })
  const kill = () => own.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
  return { database, url: own.url, kill }
}

t.test('an event is a CloudEvent in its outbox row, or nothing when the transaction fails', async (t) => {
  const { database } = await open(t)
  const reader = outboxReader(database)
  t.teardown(reader.close)
  const id = await database.inTenant(context, (tx) =>
    appendEvent(tx, admitted, { id: 12, data: { id: 12, version: 3 } }),
  )
  await t.rejects(
    database.inTenant(context, async (tx) => {
      await appendEvent(tx, admitted, { id: 13, data: { id: 13, version: 1 } })
      throw new Error('changed my mind')
    }),
    /changed my mind/,
  )
  const wrong = { id: 13, data: { id: 13, version: 'x' } } as unknown as {
    id: number
    data: { id: number; version: number }
  }
  await t.rejects(
    database.inTenant(context, (tx) => appendEvent(tx, admitted, wrong)),
    /does not match its contract/,
  )
  t.match(await reader.backlog(), { count: 1 })
  const result = await reader.takeBatch(10, async (rows) => {
    t.match(rows, [{ id, subject: 'scheduling.hospital_a.patient.admitted.v1' }])
    t.match(rows[0]?.envelope, {
      specversion: '1.0',
      id,
      source: '/hospital/scheduling',
      type: 'hospital.scheduling.patient.admitted.v1',
      subject: '12',
      time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
      tenantid: 'hospital_a',
      traceparent: context.traceparent,
      requestid: 'request-1',
      actorid: '7',
      data: { id: 12, version: 3 },
    })
    return rows.map((row) => row.id)
  })
  t.same(result, { taken: 1, published: 1 })
  t.same(await reader.backlog(), { count: 0, oldestSeconds: 0 })
  t.equal(await reader.prune(1), 0, 'young events stay')
  t.equal(await reader.prune(0), 1)

  const globalId = await database.inGlobal((tx) =>
    appendEvent(tx, admitted, { id: 1, data: { id: 1, version: 1 }, context: { ...context, tenantId: 'hospital_b' } }),
  )
  await reader.takeBatch(10, async (rows) => {
    t.match(rows, [{ id: globalId, envelope: { tenantid: 'hospital_b' } }])
    return []
  })
  t.match(await reader.backlog(), { count: 1 }, 'what was not published stays')
})

t.test('a reader that is closed while it still connects is closed', async (t) => {
  const { database } = await open(t)
  await outboxReader(database).close()
})

t.test('forty writers and three relays: every event once, none lost, none of a rolled back change', async (t) => {
  const { database } = await open(t)
  const readers = [outboxReader(database), outboxReader(database), outboxReader(database)]
  t.teardown(() => Promise.all(readers.map((reader) => reader.close())))
  const written = new Set<string>()
  const published: string[] = []
  const write = async (writer: number) => {
    for (let n = 0; n < 10; n++) {
      const id = await database
        .inTenant({ ...context, tenantId: writer % 2 ? 'hospital_a' : 'hospital_b' }, async (tx) => {
          const eventId = await appendEvent(tx, admitted, { id: n + 1, data: { id: n + 1, version: 1 } })
          await sleep(Math.random() * 5)
          if (n % 5 === 4) throw new Error('rolled back')
          return eventId
        })
        .catch(() => null)
      if (id !== null) written.add(id)
    }
  }
  let writing = true
  const relay = async (reader: (typeof readers)[number]) => {
    for (let idle = 0; idle < 3; ) {
      const { taken } = await reader.takeBatch(7, async (rows) => {
        await sleep(1)
        const kept = rows.filter(() => Math.random() > 0.1) // the message server did not take some
        published.push(...kept.map((row) => row.id))
        return kept.map((row) => row.id)
      })
      if (taken === 0 && !writing) idle += 1
      if (taken === 0) await sleep(2)
    }
  }
  const relays = readers.map(relay)
  await Promise.all(Array.from({ length: 40 }, (_, writer) => write(writer)))
  writing = false
  await Promise.all(relays)
  t.equal(written.size, 320)
  t.equal(published.length, 320, 'each once')
  t.same(new Set(published), written)
})

t.test('a commit wakes the relay within moments, also after its connection was killed', async (t) => {
  const { database, kill } = await open(t)
  const reader = outboxReader(database)
  t.teardown(reader.close)
  let wakes = 0
  const stop = reader.onWake(() => {
    wakes += 1
  })
  const wakesWithin = async (ms: number) => {
    const before = wakes
    await database.inTenant(context, (tx) => appendEvent(tx, admitted, { id: 1, data: { id: 1, version: 1 } }))
    const until = Date.now() + ms
    while (wakes === before && Date.now() < until) await sleep(5)
    return wakes > before
  }
  while (wakes === 0) await sleep(5)
  t.ok(await wakesWithin(500), 'woken')
  await kill()
  await sleep(600)
  t.ok(await wakesWithin(500), 'woken again')
  stop()
  const silent = wakes
  await database.inTenant(context, (tx) => appendEvent(tx, admitted, { id: 1, data: { id: 1, version: 1 } }))
  await sleep(100)
  t.equal(wakes, silent)
})

t.test('the inbox takes each event once per consumer and tenant, also when it arrives twice at once', async (t) => {
  const { database } = await open(t)
  const firsts = await Promise.all(
    Array.from({ length: 10 }, () => database.inTenant(context, (tx) => inbox(tx, 'copies', 'event-1'))),
  )
  t.equal(firsts.filter(Boolean).length, 1)
  t.equal(await database.inTenant({ ...context, tenantId: 'hospital_b' }, (tx) => inbox(tx, 'copies', 'event-1')), true)
  t.equal(await database.inTenant(context, (tx) => inbox(tx, 'other', 'event-1')), true)
  t.equal(await database.inGlobal((tx) => inbox(tx, 'copies', 'event-1')), true)
  await database
    .inTenant(context, async (tx) => {
      await inbox(tx, 'copies', 'event-2')
      throw new Error('handling failed')
    })
    .catch(() => {})
  t.equal(await database.inTenant(context, (tx) => inbox(tx, 'copies', 'event-2')), true, 'a failure forgets it')
  t.same(
    await database.inGlobal((tx) =>
      tx.oneFirst(sql.type(Type.Object({ n: Type.Integer() }))`SELECT count(*) AS n FROM inbox`),
    ),
    5,
  )
})
