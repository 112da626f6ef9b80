import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { withOwner } from '@hospital/database'
import t, { type Test } from 'tap'
import {
  failToStart,
  startNats,
  startPostgres,
  startSystem,
  type TestPostgres,
  type TestSystem,
  temporaryFolder,
  withDatabase,
} from '../src/index.ts'

// The system as people run it: `hospital start` as a process of its own, spoken to over HTTP.

t.setTimeout(300_000)

const roles = ['admin', 'doctor', 'nurse', 'receptionist', 'manager', 'labtechnician', 'pharmacist']
const hospitals = ['citygeneralhospital.com', 'riversidemedicalcenter.com']

const folderFor = async (t: Test): Promise<string> => {
  const folder = await temporaryFolder()
  t.teardown(folder.remove)
  return join(folder.path, 'data')
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}`)

async function until(check: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

t.test('nothing but a folder: embedded servers, demo hospitals, and the same data at the next start', async (t) => {
  const dataDir = await folderFor(t)
  let system = await startSystem({ dataDir })
  const pids = () => {
    const { services, gateway, postgres, nats } = system.stack()
    return [...services.map(({ pid }) => pid), gateway.pid, postgres.pid, nats.pid].map(Number)
  }
  try {
    await t.test('people of every role sign in', (t) => everybodySignsIn(t, system))
    await t.test('the sample patients are there, and only for their hospital', (t) => samplePatients(t, system))
    await t.test('a user is created as the specification says', (t) => createsUser(t, system))
    await t.test('secrets and folders are their owner’s alone', async (t) => {
      t.equal(statSync(join(dataDir, 'secrets')).mode & 0o777, 0o700)
      t.equal(statSync(join(dataDir, 'secrets', 'identity_signing_key')).mode & 0o777, 0o600)
      t.not(system.stack().postgres.port, 5432)
      t.notMatch(system.stack().nats.url, /:4222/)
    })
    await t.test('a killed program comes back by itself', async (t) => {
      for (const name of ['clinical', 'gateway'] as const) {
        const before = pidOf(system, name)
        process.kill(before, 'SIGKILL')
        await until(() => pidOf(system, name) !== before, `${name} under another pid`)
        await until(async () => (await answerOf(system)) === 200, `ready again after ${name}`)
        t.notOk(isAlive(before))
      }
    })
    await t.test('a killed database server and message server too', async () => {
      for (const server of ['postgres', 'nats'] as const) {
        const before = Number(system.stack()[server].pid)
        process.kill(before, 'SIGKILL')
        await until(() => Number(system.stack()[server].pid) !== before, `${server} under another pid`)
        await until(async () => (await answerOf(system)) === 200, `ready again after ${server}`)
      }
      await system.signIn('doctor@citygeneralhospital.com')
    })
    await t.test('a second start on the same folder says what is the matter', async (t) => {
      const { code, output } = await failToStart({ dataDir })
      t.equal(code, 1)
      t.match(output, `It already runs at ${system.url}`)
    })

    const running = pids()
    t.equal(await system.stop(), 0)
    t.same(running.filter(isAlive), [], 'nothing is left running')
    t.notOk(existsSync(join(dataDir, 'stack.json')))
    const started = Date.now()
    system = await startSystem({ dataDir })
    t.comment(`warm start: ${Date.now() - started} ms`)
    const token = await system.signIn('admin@citygeneralhospital.com')
    const { body } = await system.request('GET', '/api/users?q=extra', { token })
    t.equal((body.data as unknown[]).length, 1, 'what was created before is there')
    t.notMatch(system.output(), /Demo hospitals/, 'the demo is loaded once')
  } finally {
    await system.stop()
  }
  for (const [env, reason] of [
    [{ NODE_ENV: 'production' }, /NODE_ENV=production refuses this database: .* public demo password/],
    [
      { HOST: '0.0.0.0' },
      /has the public demo password, which is refused here since HOST=0\.0\.0\.0 lets other machines in/,
    ],
  ] as const) {
    const { code, output } = await failToStart({ dataDir, env })
    t.equal(code, 1)
    t.match(output.trim().split('\n').at(-1), reason)
  }
})

const answerOf = (system: TestSystem) =>
  system.request('GET', '/readyz').then(
    ({ status }) => status,
    () => 0,
  )

function pidOf(system: TestSystem, name: string): number {
  const { gateway, services } = system.stack()
  return Number(name === 'gateway' ? gateway.pid : services.find((service) => service.name === name)?.pid)
}

async function everybodySignsIn(t: Test, system: TestSystem): Promise<void> {
  for (const hospital of hospitals) {
    for (const role of roles) {
      const token = await system.signIn(`${role}@${hospital}`)
      const { body } = await system.request('GET', '/api/auth/me', { token })
      t.same(
        (body.roles as string[]).map((name) => name.toLowerCase().replace(' ', '')),
        [role],
      )
    }
  }
  await system.signIn('operator@platform.local')
}

async function samplePatients(t: Test, system: TestSystem): Promise<void> {
  const token = await system.signIn('doctor@citygeneralhospital.com')
  const { body } = await system.request('GET', '/api/patients?q=P001', { token })
  const [john] = body.data as { id: number }[]
  t.match(john, {
    first_name: 'John',
    last_name: 'Doe',
    date_of_birth: '1985-03-15',
    gender: 'Male',
    phone: '555-0101',
  })
  const appointments = await system.request('GET', `/api/appointments?patient_id=${john?.id}`, { token })
  t.match((appointments.body.data as object[])[0], { patient_id: john?.id })

  const elsewhere = await system.signIn('receptionist@citygeneralhospital.com')
  const created = await system.request('POST', '/api/patients', {
    token: elsewhere,
    body: { first_name: 'Only', last_name: 'Here', date_of_birth: '2001-02-03' },
  })
  t.equal(created.status, 201)
  const stranger = await system.signIn('doctor@riversidemedicalcenter.com')
  const foreign = await system.request('GET', `/api/patients/${created.body.id}`, { token: stranger })
  t.equal(foreign.status, 404)
}

async function createsUser(t: Test, system: TestSystem): Promise<void> {
  const token = await system.signIn('admin@citygeneralhospital.com')
  const roles = await system.request('GET', '/api/roles', { token })
  const nurse = (roles.body.data as { id: number; name: string }[]).find(({ name }) => name === 'Nurse')
  const created = await system.request('POST', '/api/users', {
    token,
    headers: { 'x-tenant-id': 'demo_hospital_001' },
    body: {
      name: 'Extra Nurse',
      email: 'extra@citygeneralhospital.com',
      password: 'Correct-Horse-7',
      role_id: nurse?.id,
    },
  })
  t.equal(created.status, 201)
  await system.signIn('extra@citygeneralhospital.com', 'Correct-Horse-7')
}

t.test('an existing database is taken over, and every hospital gets an Admin', async (t) => {
  const postgres = await startPostgres()
  const nats = await startNats()
  const databaseUrl = await partialDatabase(postgres)
  const before = await withOwner(
    databaseUrl,
    async (owner) => (await owner.query('SELECT * FROM tenants ORDER BY id')).rows,
  )
  const dataDir = await folderFor(t)
  const env = { DATABASE_URL: databaseUrl, NATS_URL: nats.url }
  let system = await startSystem({ dataDir, env })
  try {
    const file = join(dataDir, 'initial-admins.txt')
    const admins = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.equal(admins.length, 6, 'five hospitals and the operator')
    t.match(system.output(), /New Admins \(6\), passwords in .*initial-admins\.txt/)
    const passwords = admins.map(([, , password = '']) => password)
    t.notOk(
      passwords.some((password) => system.output().includes(password)),
      'no terminal, so no password',
    )
    await t.rejects(system.signIn('operator@platform.local'), 'nobody has a public password')
    t.notMatch(system.output(), /Demo sign-ins/)
    for (const [tenantId = '', email = '', password = ''] of admins) {
      const { body } = await system.request('GET', '/api/auth/me', { token: await system.signIn(email, password) })
      t.equal(body.tenant_id, tenantId)
    }
    const [, email = '', password = ''] = admins.find(([tenantId]) => tenantId !== 'platform') ?? []
    const created = await system.request('POST', '/api/patients', {
      token: await system.signIn(email, password),
      body: { first_name: 'First', last_name: 'Patient', date_of_birth: '1970-01-01' },
    })
    t.equal(created.status, 201)
    await system.drain(nats.backlog)

    t.equal(await system.stop(), 0)
    system = await startSystem({ dataDir, env })
    t.equal(readFileSync(file, 'utf8').trim().split('\n').length, 6, 'nobody is added at the second start')
    const after = await withOwner(
      databaseUrl,
      async (owner) => (await owner.query('SELECT * FROM tenants ORDER BY id')).rows,
    )
    for (const row of before)
      t.match(
        after.find(({ id }) => id === row.id),
        row,
        'the old row is as it was',
      )
  } finally {
    await system.stop()
    await nats.stop()
    await postgres.stop()
  }
})

/** What hospitals have before us: tenants with columns of their own, empty schemas, a history with the blocking row. */
async function partialDatabase(postgres: TestPostgres): Promise<string> {
  const name = `adopted_${randomBytes(4).toString('hex')}`
  await withOwner(postgres.url, (owner) => owner.query(`CREATE DATABASE ${name}`))
  const url = withDatabase(postgres.url, name)
  const ids = [
    'tenant_1762083064503',
    'tenant_1762083064515',
    'tenant_1762083586064',
    'demo_hospital_001',
    'tenant_1762276589673',
  ]
  await withOwner(url, async (owner) => {
    await owner.query(`
      CREATE TABLE tenants (id VARCHAR(255) PRIMARY KEY, name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL,
        plan VARCHAR(50), status VARCHAR(50) DEFAULT 'active', joindate DATE);
      CREATE TABLE pgmigrations (id SERIAL PRIMARY KEY, name VARCHAR(255) NOT NULL, run_on TIMESTAMP NOT NULL);
      INSERT INTO pgmigrations (name, run_on) VALUES ('1788886400000_create-tenants-table', now());`)
    for (const id of ids) {
      await owner.query(`CREATE SCHEMA "${id}"`)
      await owner.query('INSERT INTO tenants VALUES ($1, $2, $3, $4, $5, $6)', [
        id,
        `Hospital ${id}`,
        `office@${id}.example`,
        'basic',
        'active',
        '2025-11-02',
      ])
    }
  })
  return url
}

t.test('what is wrong is said in one line', async (t) => {
  const dataDir = await folderFor(t)
  const refuses = async (env: Record<string, string>, expected: RegExp) => {
    const { code, output } = await failToStart({ dataDir, env })
    t.equal(code, 1)
    t.match(output.trim().split('\n').at(-1), expected)
    t.notMatch(output, /^\s+at /m, 'no stack')
  }
  const busy = createServer().listen(0, 'localhost')
  await new Promise((resolve) => busy.once('listening', resolve))
  const { port } = busy.address() as { port: number }
  t.teardown(() => busy.close())
  const postgres = await startPostgres()
  t.teardown(postgres.stop)
  const wrongPassword = new URL(withDatabase(postgres.url, 'x'))
  wrongPassword.password = 'wrong'

  await refuses({ PORT: String(port) }, /Port \d+ is in use .* PORT=\d+ npm start/)
  await refuses({ PORT: 'abc' }, /PORT must be a number/)
  await refuses({ NODE_ENV: 'prod' }, /NODE_ENV is "prod", which nothing here knows/)
  await refuses({ HOSPITAL_DEMO: 'no' }, /HOSPITAL_DEMO is "no": set it to true or false/)
  await refuses({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }, /No PostgreSQL answers at 127\.0\.0\.1:1/)
  await refuses({ DATABASE_URL: 'mysql://u:p@127.0.0.1/x' }, /must begin with postgres/)
  await refuses({ DATABASE_URL: wrongPassword.href, NATS_URL: await natsFor(t) }, /refuses the password of "owner"/)
  await refuses({ DATABASE_URL: withDatabase(postgres.url, 'x'), NATS_URL: 'nats://127.0.0.1:1' }, /No NATS answers/)
  const fresh = await folderFor(t)
  await refuses({ NODE_ENV: 'production', HOSPITAL_DATA_DIR: fresh }, /The secret \w+ is missing: run .* secrets/)
  await refuses({ HOSPITAL_DATA_DIR: join(import.meta.filename, 'below') }, /cannot be used as the data folder/)
})

async function natsFor(t: Test): Promise<string> {
  const nats = await startNats()
  t.teardown(nats.stop)
  return nats.url
}
