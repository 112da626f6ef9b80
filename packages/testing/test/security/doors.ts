import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { allRoutes, permissions, type ServiceName } from '@hospital/contracts'
import { contextToken, type TokenOwner } from '@hospital/stack'
import type { Test } from 'tap'
import type { TestSystem } from '../../src/index.ts'
import { each, emailOf, hospitals } from './people.ts'

interface Answer {
  status: number
  body: string
}

/** A request as it is written: no client tidies the path up. */
function raw(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<Answer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    sent.on('error', reject).end(body)
  })
}

const owner: TokenOwner = { tenantId: 'demo_hospital_001', userId: 1, name: 'Eve', roles: ['Admin'], permissions }

/** Everything that looks a little like the gateway's word. */
function wrongWords(service: ServiceName, other: ServiceName, key: ReturnType<typeof createPrivateKey>, user: string) {
  const stranger = generateKeyPairSync('ed25519').privateKey
  const right = contextToken(key, service, owner)
  const [head = '', claims = '', signature = ''] = right.split('.')
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: '2' }
  return {
    'a word that is none': 'Bearer nonsense',
    'no scheme': right,
    'another scheme': `Basic ${right}`,
    'an access token of a person': `Bearer ${user}`,
    'another signer': `Bearer ${contextToken(stranger, service, owner)}`,
    'meant for another service': `Bearer ${contextToken(key, other, owner)}`,
    'an hour old': `Bearer ${contextToken(key, service, owner, new Date(Date.now() - 3_600_000))}`,
    'changed claims': `Bearer ${head}.${encoded(forged)}.${signature}`,
    'no signature': `Bearer ${encoded({ alg: 'none', typ: 'ctx+jwt' })}.${claims}.`,
    'a signature by the public key': `Bearer ${encoded({ alg: 'HS256', typ: 'ctx+jwt' })}.${claims}.${signature}`,
  }
}

/** Past the gateway: every service, every operation. */
export async function proveDirectCalls(t: Test, system: TestSystem): Promise<void> {
  const { services, secrets_dir: secretsDir } = system.stack()
  const key = createPrivateKey(readFileSync(join(secretsDir, 'gateway_signing_key')))
  const user = await system.signIn(emailOf('Admin', hospitals.matrix))
  const urlOf = (name: string) => services.find((service) => service.name === name)?.url ?? ''
  await each(allRoutes, async ({ service, method, path, operationId }) => {
    const { status } = await raw(urlOf(service), method, path.replace(/:\w+/g, '1'), {})
    t.equal(status, 401, `${operationId} without a token`)
  })
  const names: ServiceName[] = ['identity', 'clinical', 'scheduling']
  for (const [at, service] of names.entries()) {
    const other = names[(at + 1) % names.length] ?? 'identity'
    const reading = allRoutes.find(
      (route) => route.service === service && route.method === 'GET' && /^\w+\.read$/.test(route.access),
    )
    if (!reading) throw new Error(`${service} has nothing to read`)
    const path = reading.path.replace(/:\w+/g, '1')
    for (const [word, authorization] of Object.entries(wrongWords(service, other, key, user))) {
      const { status } = await raw(urlOf(service), reading.method, path, { authorization })
      t.equal(status, 401, `${service}: ${word}`)
    }
    const identity = { 'x-tenant-id': owner.tenantId, 'x-user-id': '1', 'x-roles': 'Admin' }
    t.equal((await raw(urlOf(service), 'GET', path, identity)).status, 401, `${service}: headers name nobody`)
    t.equal((await raw(urlOf(service), 'POST', '/graphql', {}, '{}')).status, 404, `${service}: no GraphQL of its own`)
    const right = `Bearer ${contextToken(key, service, owner)}`
    t.ok((await raw(urlOf(service), reading.method, path, { authorization: right })).status < 500, 'the right word')
  }
}

const spellings = [
  '/api/medical-records',
  '/api/medical-records/',
  '//api/medical-records',
  '/api//medical-records',
  '/api/medical-records//',
  '/api/%6dedical-records',
  '/api/medical%2Drecords',
  '/%61pi/medical-records',
  '/API/Medical-Records',
  '/api/medical-records;id=1',
  '/api/medical-records.json',
  '/api/./medical-records',
  '/api/patients/../medical-records',
  '/api/patients/%2e%2e/medical-records',
  '/api/patients/..%2fmedical-records',
  '/api/patients/1%2f..%2f..%2fmedical-records',
  '/api/medical-records%00',
  '/api/medical-records%20',
  '/api\\medical-records',
  '/api/medical-records?',
  '/api/medical-records?_method=GET',
  '/clinical/api/medical-records',
  'http://localhost/api/medical-records',
]

const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override']
const detours = ['x-original-url', 'x-rewrite-url', 'x-forwarded-uri', 'x-forwarded-prefix', 'x-forwarded-path']

/** Through the gateway: spellings of an address, and headers that other software would obey. */
export async function proveSpellings(t: Test, system: TestSystem): Promise<void> {
  const doctor = { authorization: `Bearer ${await system.signIn(emailOf('Doctor', hospitals.matrix))}` }
  const receptionist = { authorization: `Bearer ${await system.signIn(emailOf('Receptionist', hospitals.matrix))}` }
  const canonical = await raw(system.url, 'GET', '/api/medical-records', doctor)
  t.equal(canonical.status, 200)
  for (const path of spellings) {
    for (const [who, headers] of Object.entries({ nobody: {}, receptionist })) {
      const { status } = await raw(system.url, 'GET', path, headers)
      t.ok([400, 401, 403, 404].includes(status), `${who} ${path}: ${status}`)
    }
    const allowed = await raw(system.url, 'GET', path, doctor)
    if (allowed.status === 200) t.equal(allowed.body, canonical.body, `${path} is the same operation`)
    else t.ok([400, 404].includes(allowed.status), `${path}: ${allowed.status}`)
  }

  const patients = await system.request('GET', '/api/patients?q=P001', { token: doctor.authorization.slice(7) })
  const [{ id, version } = { id: 0, version: 0 }] = patients.body.data as { id: number; version: number }[]
  const technician = { authorization: `Bearer ${await system.signIn(emailOf('Lab Technician', hospitals.matrix))}` }
  for (const name of overrides) {
    for (const method of ['DELETE', 'PATCH', 'POST']) {
      const read = await raw(system.url, 'GET', `/api/patients/${id}`, { ...technician, [name]: method })
      t.equal(read.status, 200, `GET with ${name}: ${method} is a GET`)
      const posted = await raw(system.url, 'POST', `/api/patients/${id}`, { ...doctor, [name]: method })
      t.equal(posted.status, 405, `POST with ${name}: ${method} is a POST`)
    }
  }
  for (const name of detours) {
    const { status } = await raw(system.url, 'GET', '/api/medical-records', {
      ...receptionist,
      [name]: '/api/patients',
    })
    t.equal(status, 403, `${name} leads nowhere`)
    const read = await raw(system.url, 'GET', `/api/patients/${id}`, {
      ...receptionist,
      [name]: '/api/medical-records',
    })
    t.equal((JSON.parse(read.body) as { id?: number }).id, id, `${name} leads nowhere else`)
  }
  const after = await system.request('GET', `/api/patients/${id}`, { token: doctor.authorization.slice(7) })
  t.match(after.body, { version, status: 'active' }, 'and nothing has changed')
  const claims = {
    'x-user-id': '1',
    'x-roles': 'Admin',
    'x-permissions': permissions.join(),
    'x-forwarded-user': 'admin',
  }
  t.equal((await raw(system.url, 'GET', '/api/medical-records', { ...receptionist, ...claims })).status, 403)
  const elsewhere = { ...doctor, 'x-tenant-id': 'demo_hospital_002' }
  t.match(await raw(system.url, 'GET', '/api/medical-records', elsewhere), { status: 403, body: /tenant-mismatch/ })
}
