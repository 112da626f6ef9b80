import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AuditRow,
  type AuditVerdict,
  appendAuditRows,
  auditKey,
  createDatabase,
  type Database,
  globalSchema,
  type ServiceName,
  sealAudit,
  sql,
  startAuditSealer,
  verifyAudit,
} from '@hospital/database'
import { holdLocks, startPostgres, temporaryFolder, testDatabase } from '@hospital/testing'
import t, { type Test } from 'tap'
import { signRow } from '../src/audit/mac.ts'

const server = await startPostgres()
t.teardown(() => server.stop())

const row: AuditRow = {
  actor_id: 7,
  actor_name: 'Dr. Ünal',
  roles: ['Doctor', 'Admin'],
  action: 'getPatient',
  patient_id: 9_999_999_999,
  outcome: 'success',
  problem: null,
  request_id: 'request-1',
  address: '127.0.0.1',
  purpose: null,
  details: { z: [1, 2.5, { b: 'x', a: null }], a: undefined },
}

interface Trail {
  database: Database
  /** The tenant's trail as SQL: `hospital_a.audit_events` or `public.audit_events`. */
  events: string
  seals: string
  write(count: number): Promise<void>
  seal(): Promise<number>
  verify(): Promise<unknown>
  verifyAll(): Promise<Map<string, AuditVerdict>>
  ownerUrl: string
  run(text: string): Promise<Record<string, unknown>[]>
  anchorFile: string
  sealer(onError: (error: unknown) => void): { close(): Promise<void> }
}

async function openTrail(test: Test, service: ServiceName): Promise<Trail> {
  const own = await testDatabase(service, server)
  const folder = await temporaryFolder()
  const tenantId = 'hospital_a'
  if (service === 'identity') {
    await own.query("INSERT INTO tenants (id, name) VALUES ('hospital_a', 'A') ON CONFLICT DO NOTHING")
  }
  const database = await createDatabase({ url: own.url, service, schema: globalSchema(service) })
  test.teardown(async () => {
    await database.close()
    await own.close()
    await folder.remove()
  })
  const schema = service === 'identity' ? 'public' : tenantId
  const options = { url: own.ownerUrl, service, appPassword: own.appPassword, anchorDirectory: folder.path }
  return {
    database,
    events: `${schema}.audit_events`,
    seals: `${schema}.audit_seals`,
    write: async (count) => {
      await database.inTenant({ tenantId, userId: 7, requestId: 'r' }, (tx) =>
        appendAuditRows(
          tx,
          tenantId,
          Array.from({ length: count }, () => row),
        ),
      )
    },
    seal: () => sealAudit(options, [tenantId]),
    verify: async () => (await verifyAudit({ ...options, tenants: [tenantId] }))[0],
    verifyAll: async () => new Map((await verifyAudit(options)).map((verdict) => [verdict.tenantId, verdict])),
    ownerUrl: own.ownerUrl,
    run: (text) => own.query(text),
    anchorFile: join(folder.path, service, `${tenantId}.jsonl`),
    sealer: (onError) =>
      startAuditSealer({
        ...options,
        writtenTrails: database.writtenTrails,
        intervalMs: 50,
        onLook: (_, error) => error && onError(error),
        onSweep: (error) => error && onError(error),
      }),
  }
}

/** Waits until every row that is to be seen has its seal, at most five seconds. */
async function untilSealed(trail: Trail): Promise<void> {
  const unsealed = `SELECT (SELECT count(*) FROM ${trail.events})::int - (SELECT count(*) FROM ${trail.seals})::int AS n`
  for (const end = Date.now() + 5_000; Date.now() < end; await sleep(50)) {
    if ((await trail.run(unsealed))[0]?.n === 0) return
  }
}

for (const service of ['clinical', 'identity'] as const) {
  t.test(`${service}: every way of tampering is found, and the first bad row named`, async (t) => {
    const trail = await openTrail(t, service)
    t.match(await trail.verify(), { checked: 0, pending: 0, anchored: true, bad: null }, 'an empty trail')
    await trail.write(20)
    t.match(await trail.verify(), { checked: 0, pending: 20, bad: null })
    t.equal(await trail.seal(), 20)
    await trail.write(5)
    t.equal(await trail.seal(), 5)
    t.equal(await trail.seal(), 0, 'nothing left')
    t.match(await trail.verify(), { checked: 25, pending: 0, anchored: true, bad: null })

    const [first] = await trail.run(`SELECT min(id)::int AS id FROM ${trail.events}`)
    const id = Number(first?.id)
    const { events, seals } = trail
    const copy = `CREATE TABLE kept_e AS TABLE ${events}; CREATE TABLE kept_s AS TABLE ${seals};`
    const restore = `TRUNCATE ${events}, ${seals}; INSERT INTO ${events} OVERRIDING SYSTEM VALUE TABLE kept_e; INSERT INTO ${seals} TABLE kept_s`
    await trail.run(copy)
    const columns =
      'at, actor_id, actor_name, roles, action, patient_id, outcome, problem, request_id, address, purpose, details, mac'
    const shared = service === 'identity' ? 'tenant_id, ' : ''
    const cases: [name: string, text: string, bad: object][] = [
      [
        'an edit',
        `UPDATE ${events} SET actor_name = 'nobody' WHERE id = ${id + 9}`,
        { kind: 'changed', seq: 10, eventId: id + 9 },
      ],
      ['an edit of details', `UPDATE ${events} SET details = '{}' WHERE id = ${id + 3}`, { kind: 'changed', seq: 4 }],
      [
        'an edit by a microsecond',
        `UPDATE ${events} SET at = at + interval '1 microsecond' WHERE id = ${id}`,
        { kind: 'changed', seq: 1 },
      ],
      ['a deletion', `DELETE FROM ${events} WHERE id = ${id + 9}`, { kind: 'missing', seq: 10, eventId: id + 9 }],
      [
        'a deletion with its seal',
        `DELETE FROM ${events} WHERE id = ${id + 9}; DELETE FROM ${seals} WHERE seq = 10`,
        { kind: 'missing', seq: 10, eventId: null },
      ],
      [
        'a deletion with the seals moved up',
        `DELETE FROM ${events} WHERE id = ${id + 9}; DELETE FROM ${seals} WHERE seq = 10;
        UPDATE ${seals} SET seq = seq + 1000 WHERE seq > 10; UPDATE ${seals} SET seq = seq - 1001 WHERE seq > 1000`,
        { kind: 'changed', seq: 10, eventId: id + 10 },
      ],
      [
        'an insertion',
        `INSERT INTO ${events} (${shared}actor_id, action, outcome) SELECT ${shared}1, 'readChart', 'success' FROM ${events} LIMIT 1`,
        { kind: 'inserted', eventId: /\d+/ },
      ],
      [
        'an insertion of a copied row',
        `INSERT INTO ${events} (${shared}${columns}) SELECT ${shared}${columns} FROM ${events} WHERE id = ${id + 2}`,
        { kind: 'inserted' },
      ],
      [
        'a swap of contents',
        `UPDATE ${events} e SET mac = o.mac, at = o.at FROM ${events} o WHERE e.id + o.id = ${2 * id + 11} AND e.id IN (${id + 5}, ${id + 6})`,
        { kind: 'changed', seq: 6 },
      ],
      [
        'a swap of places',
        `UPDATE ${seals} SET event_id = -event_id WHERE seq IN (5, 6); UPDATE ${seals} SET event_id = ${id + 5} WHERE seq = 5; UPDATE ${seals} SET event_id = ${id + 4} WHERE seq = 6`,
        { kind: 'changed', seq: 5 },
      ],
      [
        'a cut tail',
        `DELETE FROM ${seals} WHERE seq > 22; DELETE FROM ${events} WHERE id > ${id + 21}`,
        { kind: 'cut', seq: 23 },
      ],
      ['everything gone', `DELETE FROM ${seals}; DELETE FROM ${events}`, { kind: 'cut', seq: 1 }],
    ]
    for (const [name, text, bad] of cases) {
      await trail.run(text)
      t.match(await trail.verify(), { bad }, name)
      await trail.run(restore)
      t.match(await trail.verify(), { checked: 25, bad: null }, `whole again after ${name}`)
    }

    await trail.run(
      `INSERT INTO ${events} (${shared}actor_id, action, outcome) SELECT ${shared}1, 'readChart', 'success' FROM ${events} LIMIT 1`,
    )
    t.equal(await trail.seal(), 0, 'a row that no service wrote is never sealed')
    t.match(await trail.verify(), { bad: { kind: 'inserted' } })
    await trail.run(restore)

    await trail.run(`DELETE FROM ${seals} WHERE seq > 22; DELETE FROM ${events} WHERE id > ${id + 21}`)
    await trail.write(3)
    await t.rejects(trail.seal(), { name: 'ChainBroken' }, 'a cut chain is not continued')
    await trail.run(restore)

    const anchors = await readFile(trail.anchorFile, 'utf8')
    await writeFile(trail.anchorFile, anchors.replace(/"hash":"./, '"hash":"0'))
    await writeFile(trail.anchorFile, anchors.replace(/"hash":"[0-9a-f]{64}"/, `"hash":"${'0'.repeat(64)}"`))
    t.match(await trail.verify(), { bad: { kind: 'rewritten', seq: 20 } }, 'a chain computed anew')
    await rm(trail.anchorFile)
    t.match(await trail.verify(), { checked: 25, anchored: false, bad: null })
  })
}

t.test('many writers and two sealers: each row once, in one chain, within seconds', async (t) => {
  const trail = await openTrail(t, 'scheduling')
  const errors: unknown[] = []
  const sealers = [trail.sealer((error) => errors.push(error)), trail.sealer((error) => errors.push(error))]
  const slowly = async () => {
    for (let n = 0; n < 10; n++) {
      await trail.database.inTenant({ tenantId: 'hospital_a', userId: 7, requestId: 'r' }, async (tx) => {
        await appendAuditRows(tx, 'hospital_a', [row, row])
        await tx.query(sql.unsafe`SELECT pg_sleep(random() * 0.05)`)
      })
    }
  }
  await Promise.all(Array.from({ length: 8 }, slowly))
  await untilSealed(trail)
  await Promise.all(sealers.map((sealer) => sealer.close()))
  t.match(await trail.verify(), { checked: 160, pending: 0, bad: null })
  t.same(errors, [])
})

t.test('a row that commits late, below rows that are sealed, is sealed too', async (t) => {
  const trail = await openTrail(t, 'clinical')
  const sealer = trail.sealer((error) => t.fail(`${error}`))
  t.teardown(sealer.close)
  const seen = Promise.withResolvers<void>()
  const hold = Promise.withResolvers<void>()
  const late = trail.database.inTenant({ tenantId: 'hospital_a', userId: 7, requestId: 'r' }, async (tx) => {
    await appendAuditRows(tx, 'hospital_a', [row])
    seen.resolve()
    await hold.promise
  })
  await seen.promise
  for (let n = 0; n < 4; n++) {
    await trail.write(3)
    await untilSealed(trail)
  }
  hold.resolve()
  await late
  await untilSealed(trail)
  const [first] = await trail.run(
    `SELECT (SELECT seq FROM ${trail.seals} ORDER BY event_id LIMIT 1)::int AS seq, count(*)::int AS n FROM ${trail.seals}`,
  )
  t.same(first, { seq: 13, n: 13 }, 'the smallest id is the last of the chain')
  t.match(await trail.verify(), { checked: 13, pending: 0, bad: null })
})

t.test('a sealer that was away for an hour seals everything, however much it is', async (t) => {
  const trail = await openTrail(t, 'scheduling')
  const key = auditKey('password-of-the-runtime-role')
  const insert = async (hoursAgo: number, count: number) => {
    const start = Date.now() - hoursAgo * 3_600_000
    const rows = Array.from({ length: count }, (_, n) => {
      const at = new Date(start + n).toISOString()
      return { at, mac: signRow(key, 'hospital_a', at, row).toString('hex') }
    })
    await trail.run(`
      INSERT INTO ${trail.events} (at, actor_id, actor_name, roles, action, patient_id, outcome, request_id, address, details, mac)
      SELECT at, 7, 'Dr. Ünal', '{Doctor,Admin}', 'getPatient', 9999999999, 'success', 'request-1', '127.0.0.1',
        '{"z": [1, 2.5, {"a": null, "b": "x"}]}', decode(mac, 'hex')
      FROM jsonb_to_recordset('${JSON.stringify(rows)}') AS t (at timestamptz, mac text)`)
  }
  await insert(2, 1)
  t.equal(await trail.seal(), 1)
  await trail.run(`UPDATE ${trail.seals} SET sealed_at = sealed_at - interval '2 hours'`)
  await insert(1, 10_001)
  t.equal(await trail.seal(), 10_001)
  t.match(await trail.verify(), { checked: 10_002, pending: 0, bad: null })
  await insert(2, 1)
  t.equal(await trail.seal(), 0, 'what is dated back, however it was signed, is not')
  t.match(await trail.verify(), { bad: { kind: 'inserted' } })
})

t.test('only trails with something new are looked at, and a failing one rests', async (t) => {
  const own = await testDatabase('identity', server)
  const folder = await temporaryFolder()
  const hospitals = Array.from({ length: 40 }, (_, n) => `hospital_${n}`)
  await own.query('INSERT INTO tenants (id, name) SELECT unnest($1::text[]), $2', [hospitals, 'x'])
  const database = await createDatabase({ url: own.url, service: 'identity', schema: 'public' })
  const looks: string[] = []
  const sealer = startAuditSealer({
    url: own.ownerUrl,
    service: 'identity',
    appPassword: own.appPassword,
    anchorDirectory: folder.path,
    writtenTrails: database.writtenTrails,
    intervalMs: 50,
    onLook: (tenantId) => looks.push(tenantId),
  })
  t.teardown(async () => {
    await sealer.close()
    await database.close()
    await own.close()
    await folder.remove()
  })
  const until = async (isSo: () => boolean) => {
    for (const end = Date.now() + 10_000; !isSo() && Date.now() < end; ) await sleep(20)
  }
  await until(() => new Set(looks).size >= hospitals.length && database.writtenTrails.size === 0)
  t.equal(database.writtenTrails.size, 0, 'at its start it looks at all, in case an earlier one left something')
  looks.length = 0
  const write = (tenantId: string) =>
    database.inTenant({ tenantId, userId: 7, requestId: 'r' }, (tx) => appendAuditRows(tx, tenantId, [row]))
  await write('hospital_7')
  await until(() => looks.length > 0 && database.writtenTrails.size === 0)
  await sleep(500)
  t.same(new Set(looks), new Set(['hospital_7']), 'a sign-in at one hospital is nothing to the others')
  t.ok(looks.length <= 2, 'and looked at once')

  looks.length = 0
  // A hospital whose chain was cut.
  await own.query("DELETE FROM audit_seals WHERE tenant_id = 'hospital_7'")
  await Promise.all([write('hospital_7'), write('hospital_8')])
  await until(() => looks.includes('hospital_7') && looks.includes('hospital_8'))
  await sleep(1_000)
  t.equal(looks.filter((id) => id === 'hospital_7').length, 1, 'it is not tried at every sweep')
})

t.test('a trail that cannot be read is named, and the others are verified', async (t) => {
  const trail = await openTrail(t, 'clinical')
  await trail.write(2)
  await trail.seal()
  await trail.run('DROP TABLE hospital_b.audit_events CASCADE')
  const verdicts = await trail.verifyAll()
  t.match(verdicts.get('hospital_a'), { checked: 2, bad: null, failure: null })
  t.match(verdicts.get('hospital_b'), { failure: /^42P01: / })
  t.match(verdicts.get('platform'), { failure: null }, 'also behind it')
  const letGo = await holdLocks(trail.ownerUrl, ['LOCK TABLE hospital_a.audit_events IN ACCESS EXCLUSIVE MODE'])
  t.match((await trail.verifyAll()).get('hospital_a'), { failure: /^55P03: / })
  await letGo()
})
