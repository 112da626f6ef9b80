import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoPassword } from '@hospital/contracts'
import { ensureDatabase, isOwnDatabase, migrateService, withOwner } from '@hospital/database'
import { demoHospitals } from '@hospital/demo'
import { type Config, readConfig } from '@hospital/stack/config'
import { startPostgres, temporaryFolder, testDatabase, withDatabase } from '@hospital/testing'
import { hash, verify } from '@node-rs/argon2'
import t, { type Test } from 'tap'
import { describePeople } from '../src/people/describe-people.ts'
import { ensureFirstPeople as ensure } from '../src/people/first-people.ts'

// Who is in a database after `migrate` and `start`, and with which password; on a real PostgreSQL.

t.setTimeout(120_000)

const server = await startPostgres()
const folder = await temporaryFolder()

const drop = (name: string) => withOwner(server.url, (owner) => owner.query(`DROP DATABASE ${name} WITH (FORCE)`))

/** Of clinical and scheduling it only matters who made them. */
const name = `people_${process.pid}`
const others = {
  clinical: withDatabase(server.url, `${name}_clinical`),
  scheduling: withDatabase(server.url, `${name}_scheduling`),
}
for (const url of Object.values(others)) await ensureDatabase(url)
t.teardown(async () => {
  for (const service of Object.keys(others)) await drop(`${name}_${service}`)
  await folder.remove()
  await server.stop()
})

let made = 0

/** Databases of which identity's, migrated, was there before or is made by the program. */
async function databases(t: Test, origin: 'given' | 'own') {
  if (origin === 'given') {
    const database = await testDatabase('identity', server)
    t.teardown(database.close)
    return { identity: database.ownerUrl, ...others }
  }
  const own = `${name}_${++made}`
  const identity = withDatabase(server.url, own)
  t.teardown(() => drop(own))
  await migrateService({ url: identity, service: 'identity', appPassword: 'password-of-the-runtime-role' })
  return { identity, ...others }
}

type Urls = Awaited<ReturnType<typeof databases>>

const configFor = (urls: Urls, env: Record<string, string> = {}, dataDir = folder.path): Config => ({
  ...readConfig({ HOSPITAL_DATA_DIR: dataDir, ...env }),
  databaseUrls: urls,
})

/** As a start does it. */
const ensureFirstPeople = (config: Config, urls: Urls) => ensure(config, urls, { canLoad: true })

const query = <Row extends object>(urls: Urls, text: string, values: unknown[] = []) =>
  withOwner(urls.identity, async (owner) => (await owner.query<Row>(text, values)).rows)

/** Everybody whose password is the public one: what must be empty nearly everywhere. */
async function publicPasswords(urls: Urls): Promise<string[]> {
  const rows = await query<{ email: string; password: string }>(
    urls,
    "SELECT email, password FROM users WHERE password LIKE '$argon2%'",
  )
  const fits = await Promise.all(rows.map(({ password }) => verify(password, demoPassword)))
  return rows.filter((_, i) => fits[i]).map(({ email }) => email)
}

const noted = async (urls: Urls) =>
  (await query<{ id: string }>(urls, 'SELECT tenant_id AS id FROM demo_hospitals ORDER BY 1')).map(({ id }) => id)

/** What is in a database before the program looks at it. */
const contents: Record<string, string> = {
  empty: 'SELECT',
  hospitals: "INSERT INTO tenants (id, name) VALUES ('tenant_1', 'One'), ('demo_hospital_001', 'Theirs')",
  'half adopted': `INSERT INTO tenants (id, name, status) VALUES ('tenant_1', 'One', 'Active'), ('tenant_2', 'Two', NULL);
    INSERT INTO users (name, email, password, tenant_id)
    VALUES ('Ann', 'ann@one.org', 'password123', 'tenant_1'), ('Bob', 'admin@one.org', '$2b$10$example.hash', 'tenant_1');
    INSERT INTO user_roles (user_id, role_id)
    SELECT u.id, r.id FROM users u, roles r WHERE u.name = 'Bob' AND r.name = 'Admin'`,
}

const ids = demoHospitals.map(({ id }) => id)

// Every combination of what decides is in demo-rules.test.ts; here are those that differ in what they do.
for (const [content, sql] of Object.entries(contents)) {
  for (const env of [{}, { HOSPITAL_DEMO: 'true' }]) {
    const words = Object.entries(env).flat().join('=') || 'nothing said'
    t.test(`somebody's database, ${content}, ${words}`, async (t) => {
      const urls = await databases(t, 'given')
      await query(urls, sql)
      const theirs = (await query<{ id: string }>(urls, 'SELECT id FROM tenants')).map(({ id }) => id)
      const before = await query(urls, 'SELECT * FROM users ORDER BY id')
      const { demo, made } = await ensureFirstPeople(configFor(urls, env), urls)
      const isSaid = 'HOSPITAL_DEMO' in env && env.HOSPITAL_DEMO === 'true'
      t.same(await publicPasswords(urls), isSaid && content === 'empty' ? ['operator@platform.local'] : [])
      t.same(await noted(urls), isSaid ? ids.filter((id) => !theirs.includes(id)) : [])
      t.equal(demo.loads, isSaid)
      t.equal(made.length, (isSaid && content === 'empty' ? 0 : 1) + theirs.length - 1, 'an operator, an Admin each')
      t.same((await query(urls, 'SELECT * FROM users ORDER BY id')).slice(0, before.length), before, 'as they were')
      const again = await ensureFirstPeople(configFor(urls, env), urls)
      t.same(again.made, [], 'once')
    })
  }
}

t.test('databases that the program made become a demo once, on loopback, or never', async (t) => {
  const urls = await databases(t, 'own')
  t.ok(await isOwnDatabase(urls.identity))
  for (const env of [{}, { HOSPITAL_DEMO: 'true' }]) {
    const { made, demo } = await ensure(configFor(urls, env), urls, { canLoad: false })
    t.match({ made, demo }, { made: [], demo: { loads: false, isLeftOpen: true } }, '`migrate` leaves it open')
    t.match(describePeople(configFor(urls), { made, demo }), [/Nobody is in these databases yet/])
  }
  t.same(await query(urls, 'SELECT FROM users'), [])
  const first = await ensureFirstPeople(configFor(urls), urls)
  t.same(first.made, [])
  t.match(first.demo, { loads: true, isOperatorPublic: true })
  t.same(await publicPasswords(urls), ['operator@platform.local'])
  t.same(await noted(urls), ids)

  t.test('the second start goes on, with the same dates', async (t) => {
    await query(urls, "UPDATE demo_hospitals SET loaded_at = now(), dates_from = '2026-01-01' WHERE tenant_id = $1", [
      ids[0],
    ])
    const { demo } = await ensureFirstPeople(configFor(urls), urls)
    t.same(
      demo.hospitals.map(({ isLoaded }) => isLoaded),
      [true, false, false, false, false],
    )
    t.equal(demo.hospitals[0]?.datesFrom, '2026-01-01T00:00:00.000Z')
    t.match((await ensureFirstPeople(configFor(urls, { HOSPITAL_DEMO: 'false' }), urls)).demo, { loads: false })
  })
  t.test('but not where strangers come in, not in production, not as a copy', async (t) => {
    const refused = (env: Record<string, string>, at: Urls, reason: RegExp) =>
      t.rejects(ensureFirstPeople(configFor(at, env), at), { name: 'Failure', message: reason })
    await refused({ HOST: '0.0.0.0' }, urls, /operator@platform.local .* since HOST=0\.0\.0\.0 lets other machines in/)
    await refused({ HOST: '192.168.0.7', HOSPITAL_DEMO: 'false' }, urls, /since HOST=192\.168\.0\.7/)
    await refused(
      { NODE_ENV: 'production' },
      urls,
      /NODE_ENV=production refuses this database: operator@platform\.local/,
    )
    const elsewhere = { ...urls, clinical: urls.clinical.replace('127.0.0.1', 'localhost') }
    elsewhere.clinical += `?host=127.0.0.1&host=${new URL(server.url).hostname}`
    t.match((await ensureFirstPeople(configFor(elsewhere), elsewhere)).demo, { loads: true })
    await withOwner(urls.identity, (owner) =>
      owner.query(`COMMENT ON DATABASE ${new URL(urls.identity).pathname.slice(1)} IS NULL`),
    )
    await refused({}, urls, /since the databases were not made by this program/)
    t.match((await ensureFirstPeople(configFor(urls, { HOSPITAL_DEMO: 'true', HOST: '0.0.0.0' }), urls)).demo, {
      loads: true,
    })
  })
  t.test('and is free for production once the passwords are others', async (t) => {
    await query(urls, 'UPDATE users SET password = $1', [await hash('another password of theirs')])
    t.same((await ensureFirstPeople(configFor(urls, { NODE_ENV: 'production' }), urls)).made, [])
  })
})

t.test('what was begun for people stays theirs when a setting is forgotten later', async (t) => {
  const urls = await databases(t, 'own')
  t.equal((await ensureFirstPeople(configFor(urls, { HOST: '0.0.0.0' }), urls)).made.length, 1)
  const { demo, made } = await ensureFirstPeople(configFor(urls), urls)
  t.match(demo, { loads: false, objection: 'the databases were not made for a demo' })
  t.same(made, [])
  t.same([await publicPasswords(urls), await noted(urls)], [[], []])
})

t.test('demo data of an earlier version: goes on in the embedded database, is refused in somebody’s', async (t) => {
  const urls = await databases(t, 'given')
  const dataDir = (await temporaryFolder()).path
  const embedded = { ...configFor(urls, {}, dataDir), databaseUrls: {} }
  const file = join(dataDir, 'demo.json')
  const publicHash = await hash(demoPassword)
  await query(
    urls,
    `INSERT INTO tenants (id, name) VALUES ('demo_hospital_001', 'City General Hospital'), ('demo_hospital_002', 'R')`,
  )
  await query(
    urls,
    `INSERT INTO users (name, email, password, tenant_id)
     VALUES ('A', 'admin@citygeneralhospital.com', $1, 'demo_hospital_001'), ('B', 'b@x.org', $1, 'demo_hospital_001')`,
    [publicHash],
  )
  const since = '2026-03-01T10:00:00.000Z'
  writeFileSync(
    file,
    JSON.stringify({
      since,
      hospitals: { demo_hospital_001: 'loaded', demo_hospital_002: 'loading', demo_hospital_003: 'loaded' },
    }),
  )
  await t.rejects(
    ensureFirstPeople(configFor(urls, {}, dataDir), urls),
    /public demo password.* not made by this program/,
  )
  t.ok(existsSync(file))
  await t.rejects(ensureFirstPeople({ ...embedded, production: true }, urls), /NODE_ENV=production refuses/)
  const { demo } = await ensureFirstPeople(embedded, urls)
  t.match(demo, { loads: true, objection: undefined })
  t.same(
    demo.hospitals.map(({ id, datesFrom, isLoaded }) => [id, datesFrom, isLoaded]),
    ids.map((id, i) => [id, since, i === 0]),
    'what it did not come to is made up too',
  )
  t.notOk(existsSync(file), 'the database says it now')
})

const bcrypt = '$2b$10$BqhK6EiwXRoMRLOeS5VnVOJmpVSBAmotSRfEqX2wu/waL6VS1Sa52'
const argon2 = await hash('whatever it is')

/** An Admin as found in an adopted database: status, stored password, known to an identity provider; do they count? */
const admins: [string, string | null, boolean, boolean][] = [
  ['active', argon2, false, true],
  ['Active', bcrypt, false, true],
  ['active', bcrypt.replace('$2b', '$2y'), false, true],
  ['invited', null, false, true],
  ['Invited', null, false, true],
  ['active', null, true, true],
  ['active', null, false, true],
  ['active', '$2b$10$example.hash.for.password123', true, true],
  ['active', '$2b$10$example.hash.for.password123', false, false],
  ['active', `$2b$10$${'exampleexampleexampleexampleexampleexampleexampleexam.'.slice(0, 53)}`, false, false],
  ['active', bcrypt.slice(0, -1), false, false],
  ['active', `${bcrypt} `, false, false],
  ['active', argon2.slice(0, 40), false, false],
  ['active', 'password123', false, false],
  ['active', '', false, false],
  ['active', 'x', false, false],
  ['inactive', argon2, false, false],
  ['suspended', bcrypt, false, false],
  ['inactive', null, true, false],
]

t.test('a hospital gets an Admin when nobody can act as one and nobody is invited to', async (t) => {
  const urls = await databases(t, 'given')
  const found = admins.map(([status, password, isLinked], i) => ({ id: i + 1, status, password, is_linked: isLinked }))
  await query(
    urls,
    `WITH found AS (
       SELECT *, 'tenant_' || id - 1 AS tenant
       FROM jsonb_to_recordset($1) AS t (id int, status text, password text, is_linked boolean)
     ), hospitals AS (INSERT INTO tenants (id, name) SELECT tenant, tenant FROM found
     ), people AS (
       INSERT INTO users (id, name, email, password, status, tenant_id) OVERRIDING SYSTEM VALUE
       SELECT id + 1000, 'Adm', format('admin@%s.local', replace(tenant, '_', '-')), password, status, tenant FROM found
     ), office AS (
       INSERT INTO user_roles (user_id, role_id) SELECT f.id + 1000, r.id FROM found f, roles r WHERE r.name = 'Admin')
     INSERT INTO external_identities (user_id, issuer, subject) SELECT id + 1000, 'https://i', id FROM found WHERE is_linked`,
    [JSON.stringify(found)],
  )
  const { made } = await ensureFirstPeople(configFor(urls), urls)
  for (const [i, [status, password, isLinked, counts]] of admins.entries())
    t.equal(
      made.some(({ tenantId }) => tenantId === `tenant_${i}`),
      !counts,
      JSON.stringify({ status, password, isLinked, counts }),
    )
  t.ok(made.every(({ email, tenantId }) => tenantId === 'platform' || /^admin2@tenant-\d+\.local$/.test(email)))
  t.same((await ensureFirstPeople(configFor(urls), urls)).made, [], 'those who were made count')
})

t.test('the same holds for the operator, whose address may be taken', async (t) => {
  const urls = await databases(t, 'given')
  const operator = async (status: string, password: string | null) => {
    await query(urls, 'UPDATE users SET status = $1, password = $2', [status, password])
    return (await ensureFirstPeople(configFor(urls), urls)).made.map(({ email }) => email)
  }
  t.same(
    (await ensureFirstPeople(configFor(urls), urls)).made.map(({ email }) => email),
    ['operator@platform.local'],
  )
  t.same(await operator('invited', null), [])
  t.same(await operator('active', bcrypt), [])
  t.same(await operator('active', '$2b$10$example'), ['operator2@platform.local'])
  t.same(await operator('inactive', bcrypt), ['operator3@platform.local'])
})

t.test('their passwords are in a file for its owner’s eyes, before anything is in the database', async (t) => {
  const urls = await databases(t, 'given')
  const dataDir = (await temporaryFolder()).path
  const file = join(dataDir, 'initial-admins.txt')
  writeFileSync(file, 'tenant_0\tadmin@tenant-0.local\tof-an-earlier-one\n')
  chmodSync(file, 0o666)
  const umask = process.umask(0)
  t.teardown(() => process.umask(umask))
  await query(urls, "INSERT INTO tenants (id, name) VALUES ('a_b', 'A'), ('a-b', 'B'), ('Ünïcode !', 'C')")
  const config = configFor(urls, {}, dataDir)

  await query(
    urls,
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()`,
  )
  await t.rejects(ensureFirstPeople(config, urls), /no/, 'the commit fails')
  t.equal(readFileSync(file, 'utf8').split('\n').length - 1, 5, 'what was going to be in the database was here before')
  await query(urls, 'DROP TRIGGER late ON users')

  const { made } = await ensureFirstPeople(config, urls)
  t.equal(statSync(file).mode & 0o777, 0o600)
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  t.equal(lines[0], 'tenant_0\tadmin@tenant-0.local\tof-an-earlier-one', 'nothing is lost')
  const last = new Map(lines.map((line) => line.split('\t')).map(([, email, password]) => [email, password]))
  t.equal(made.length, 4)
  t.equal(new Set(made.map(({ email }) => email)).size, 4)
  for (const { email, password } of made) {
    t.equal(last.get(email), password, 'the last line of an e-mail counts')
    const [user] = await query<{ password: string }>(urls, 'SELECT password FROM users WHERE email = $1', [email])
    t.ok(await verify(user?.password ?? '', password))
  }

  const fresh = (await temporaryFolder()).path
  const empty = await databases(t, 'given')
  await ensureFirstPeople(configFor(empty, {}, fresh), empty)
  t.equal(statSync(join(fresh, 'initial-admins.txt')).mode & 0o777, 0o600)
})

t.test('a password is shown to a person, and never to a log', async (t) => {
  const urls = await databases(t, 'given')
  const config = configFor(urls)
  const people = await ensureFirstPeople(config, urls)
  const password = people.made[0]?.password ?? ''
  const said = (isTerminal: boolean) => describePeople({ ...config, isTerminal }, people).join('\n')
  t.match(said(true), `operator@platform.local, password ${password}`)
  t.notOk(said(false).includes(password))
  t.match(said(false), /passwords in .*initial-admins\.txt: operator@platform\.local/)
  t.match(said(false), /No demo hospitals, since the databases were not made by this program; HOSPITAL_DEMO=true/)
})
