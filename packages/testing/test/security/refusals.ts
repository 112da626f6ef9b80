import type { Aviary } from './aviary.ts'
import { each } from './people.ts'
import type { Scene } from './scene.ts'

interface Try {
  what: string
  method?: string
  path: string
  role?: string
  headers?: Record<string, string>
  body?: string
}

const json = { 'content-type': 'application/json' }
const post = (what: string, path: string, body: unknown, headers: Record<string, string> = {}): Try => ({
  what,
  method: 'POST',
  path,
  headers: { ...json, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** Requests that are refused for every kind of reason, each with words in it that must not be kept. */
function tries({ birds, tokenOf }: Scene): Try[] {
  const { word } = birds
  const person = (more: object = {}) => ({
    first_name: word('refused first name'),
    last_name: word('refused last name'),
    date_of_birth: '1980-01-01',
    ...more,
  })
  const fakeJwt = `${Buffer.from('{"alg":"EdDSA","typ":"at+jwt"}').toString('base64url')}.${word('claims')}.${word('signature')}`
  return [
    { what: 'an unknown address', path: `/api/${word('address')}` },
    { what: 'an id that is none', path: `/api/patients/${word('patient id')}` },
    { what: 'an address below an id', path: `/api/patients/1/${word('address below')}` },
    { what: 'an encoded address', path: `/api/patients/%ff${word('encoded')}%zz` },
    { what: 'a problem page', path: `/docs/errors/${word('problem code')}` },
    { what: 'an unknown parameter', path: `/api/patients?x=${word('parameter')}` },
    { what: 'a cursor', path: `/api/patients?cursor=${word('cursor')}` },
    { what: 'a filter', path: `/api/patients?status=${word('filter')}` },
    { what: 'a search too long', path: `/api/patients?q=${word('long search').repeat(20)}` },
    { what: 'a search for symbols', path: `/api/patients?q=${encodeURIComponent(`'"%_\\(${word('odd search')}`)}` },
    { what: 'a search with NUL', path: `/api/patients?q=%00${word('search with NUL')}` },
    { what: 'a search without permission', path: `/api/patients?q=${word('denied search')}`, role: 'Manager' },
    { what: 'a chart without permission', path: `/api/medical-records?x=${word('denied')}`, role: 'Receptionist' },
    { what: 'an address of audit', path: `/api/audit-events?action=${word('action')}`, role: 'Admin' },
    { what: 'a calendar', path: `/api/appointments/calendar.ics?token=${word('calendar token')}` },
    { what: 'a document in the address', path: `/graphql?query={${word('document')}}` },
    { what: 'a token', path: '/api/patients', headers: { authorization: `Bearer ${word('token')}` } },
    { what: 'a token like ours', path: '/api/patients', headers: { authorization: `Bearer ${fakeJwt}` } },
    { what: 'another scheme', path: '/api/patients', headers: { authorization: `Basic ${word('basic')}` } },
    { what: 'a hospital', path: '/api/patients', headers: { 'x-tenant-id': word('tenant header') } },
    { what: 'a request id', path: '/api/patients/0', headers: { 'x-request-id': `not fit ${word('request id')}` } },
    { what: 'a trace', path: '/api/patients/0', headers: { traceparent: word('traceparent') } },
    { what: 'a position', path: '/api/events/stream', headers: { 'last-event-id': word('position') } },
    { what: 'a cookie', path: '/api/patients/0', headers: { cookie: word('cookie'), 'user-agent': word('agent') } },
    { ...post('a version', '/api/patients/1', { phone: '1' }, { 'if-match': word('If-Match') }), method: 'PATCH' },
    post('a key', '/api/patients', person({ phone: 1 }), { 'idempotency-key': word('key').padEnd(300, 'x') }),
    post('an unknown field', '/api/patients', person({ [word('unknown field')]: word('unknown value') })),
    post('a wrong type', '/api/patients', person({ date_of_birth: word('birth date'), phone: { a: word('phone') } })),
    post('no such day', '/api/patients', person({ date_of_birth: '1980-02-31', notes: word('notes') })),
    post('a field too long', '/api/patients', person({ gender: word('long gender').repeat(10) })),
    post('NUL', '/api/patients', person({ address: `\u0000${word('address with NUL')}` })),
    post(
      'half a character',
      '/api/patients',
      `{"first_name":"\\ud800${word('surrogate')}","last_name":"x","date_of_birth":"1980-01-01"}`,
    ),
    post('bad JSON', '/api/patients', `{"first_name": "${word('bad JSON')}`),
    post('no JSON at all', '/api/patients', word('no JSON')),
    post('__proto__', '/api/patients', `{"__proto__": {"x": "${word('prototype')}"}}`),
    post('another media type', '/api/patients', word('text'), { 'content-type': `text/${word('media type')}` }),
    post('too much', '/api/patients', `{"first_name": "${word('too much')}${'x'.repeat(1_100_000)}"}`),
    post('a method that is not there', `/api/patients/1?x=${word('method')}`, person()),
    post('rows that are not there', '/api/prescriptions', { patient_id: 2_147_480_000, medication_name: word('drug') }),
    post('no permission', '/api/imports/fhir', { note: word('denied import') }),
    post('a wrong sign-in', '/api/auth/login', { email: `${word('e-mail')}@example.org`, password: word('guess') }),
    post('a guess', '/api/auth/login', { email: 'nurse@riversidemedicalcenter.com', password: word('guessed') }),
    post('half a sign-in', '/api/auth/login', { email: word('half an e-mail'), [word('sign-in field')]: 1 }),
    post('a second factor', '/api/auth/login/mfa', { mfa_token: word('MFA token'), code: '000000' }),
    post('a refresh token', '/api/auth/refresh', { refresh_token: word('refresh token') }),
    post('a forgotten password', '/api/auth/password/forgot', { email: `${word('forgotten')}@example.org` }),
    post('a reset', '/api/auth/password/reset', {
      email: `${word('reset e-mail')}@example.org`,
      code: '123456',
      password: word('reset password'),
    }),
    post('a confirmation', '/api/patients/1/break-glass', { reason: word('reason'), password: word('confirmation') }),
    post('a new password', '/api/auth/password', { current_password: word('current'), password: word('next') }),
    post('a code', '/api/auth/mfa/totp/confirm', { code: word('code') }),
    ...bundles(birds).map((body) => ({ ...post('a broken bundle', '/api/imports/fhir', body), role: 'Admin' })),
    ...documents(word).map((body) => post('GraphQL', '/graphql', body)),
    { ...post('an operator who looks for patients', '/api/patients', person()), role: 'Operator' },
    {
      what: 'a user’s token used twice',
      path: `/api/users/${word('user id')}`,
      headers: { 'x-forwarded-for': word('address') },
    },
    {
      ...post('nobody', '/api/patients', person()),
      headers: { ...json, authorization: `Bearer ${tokenOf('Doctor')}x` },
    },
  ]
}

const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ fullUrl: `urn:uuid:${crypto.randomUUID()}`, resource })),
})

function bundles({ word, name }: Aviary): unknown[] {
  const patient = (more: object) => ({
    resourceType: 'Patient',
    id: word('FHIR id'),
    name: [{ family: name('FHIR family'), given: [name('FHIR given')] }],
    ...more,
  })
  return [
    `{"resourceType": "Bundle", "entry": [{"x": "${word('cut bundle')}`,
    { resourceType: word('resource type'), type: word('bundle type') },
    bundle(patient({ birthDate: word('FHIR birth date') })),
    bundle(patient({ birthDate: '1980-01-01' }), {
      resourceType: 'Condition',
      subject: { reference: `Patient/${word('FHIR reference')}` },
      code: { text: word('FHIR condition') },
    }),
    bundle(patient({ birthDate: '1980-01-01', telecom: word('FHIR telecom'), address: 7 })),
  ]
}

function documents(word: (where: string) => string): object[] {
  const variables = { q: word('variable'), id: word('variable id') }
  return [
    { query: `{ ${word('field')} { id } }` },
    { query: `{ patients(q: "${word('argument')}") { data { id } }` },
    { query: `{ patients(${word('argument name')}: 1) { data { id } } }` },
    { query: 'query($q: String) { patients(q: $q, limit: 1000) { data { id } } }', variables },
    { query: 'query($id: Int!) { patient(id: $id) { id } }', variables },
    { query: `{ patients(status: "${word('status')}") { data { id } } }` },
    {
      query: `mutation { registerPatient(input: {first_name: "${word('mutation')}", last_name: "x", date_of_birth: "${word('day')}"}) { id } }`,
    },
    { query: '{ me { id } }', operationName: word('operation name') },
    { [word('member')]: word('no document') },
  ]
}

/** Whoever names a field gets it named back; what was in it never. */
const namedBack = /unknown field|sign-in field|argument name|^field$/

export async function plantInRefusals(scene: Scene): Promise<void> {
  const { t, system, birds, tokenOf } = scene
  await each(tries(scene), async ({ what, method = 'GET', path, role = 'Doctor', headers = {}, body }) => {
    const response = await fetch(`${system.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${tokenOf(role)}`, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    t.ok(response.status < 500, `${what}: ${response.status} ${response.status < 500 ? '' : text}`)
    if (response.status < 400 || path.startsWith('/graphql')) return
    const echoed = birds.foundIn(text).filter((where) => !namedBack.test(where))
    t.same(echoed, [], `${what}: the problem repeats nothing: ${text}`)
  })
  // Past the gateway too.
  await each(system.stack().services, async ({ url, name }) => {
    const authorization = `Bearer ${birds.word('token for a service')}`
    const path = `/api/patients/${birds.word('path at a service')}?q=${birds.word('query at a service')}`
    const { status } = await fetch(url + path, { headers: { authorization } })
    t.ok([401, 404].includes(status), `${name}: ${status}`)
  })
}
