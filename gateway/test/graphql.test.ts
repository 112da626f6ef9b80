import { allRoutes } from '@hospital/contracts'
import t, { type Test } from 'tap'
import { fieldNameOf, isInGraphql } from '../src/graphql/schema.ts'
import { type Stage, stage, type TestService } from './stage.ts'

interface Result {
  status: number
  type: string | null
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  body: any
}

async function graphql(at: Stage, query: unknown, variables?: object, token?: string | null): Promise<Result> {
  const response = await at.ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    ...(token === undefined ? {} : { token }),
  })
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() }
}

const answerWith =
  (status: number, body: object): TestService['answer'] =>
  (_request, response) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
  }

const withStage = (name: string, run: (t: Test, at: Stage) => Promise<void>) =>
  t.test(name, async (t) => run(t, await stage(t)))

withStage('a query is the operation that REST has', async (t, at) => {
  at.clinical.answer = answerWith(200, { data: [{ id: 3, first_name: 'Ada' }], page: { next_cursor: null } })
  const { status, body } = await graphql(
    at,
    '{ patients(q: "ada", limit: 2) { data { id first_name } page { next_cursor } } }',
  )
  t.equal(status, 200)
  t.same(body, { data: { patients: { data: [{ id: 3, first_name: 'Ada' }], page: { next_cursor: null } } } })
  const [seen] = at.clinical.seen
  t.match(seen, { method: 'GET', url: '/api/patients?limit=2&q=ada' })
  t.match(seen?.headers.authorization, /^Bearer ey/, 'signed for the service, not the client’s token')
  t.not(seen?.headers.authorization, `Bearer ${at.token()}`)
})

withStage('a change carries input, version and key', async (t, at) => {
  at.clinical.answer = answerWith(200, { id: 3, version: 5 })
  const change =
    'mutation($input: ChangePatientInput!) { changePatient(id: 3, input: $input, if_match: "\\"4\\"") { id version } }'
  const { body } = await graphql(at, change, { input: { phone: null } })
  t.same(body, { data: { changePatient: { id: 3, version: 5 } } })
  t.match(at.clinical.seen[0], { method: 'PATCH', url: '/api/patients/3', headers: { 'if-match': '"4"' } })
  const register = `mutation { registerPatient(idempotency_key: "k", input: {first_name: "A", last_name: "B", date_of_birth: "1990-01-01"}) { id } }`
  await graphql(at, register)
  t.match(at.clinical.seen[1], { method: 'POST', url: '/api/patients', headers: { 'idempotency-key': 'k' } })
})

withStage('an entity leads to those it refers to', async (t, at) => {
  at.scheduling.answer = answerWith(200, { id: 1, patient_id: 9, doctor_id: 4 })
  at.clinical.answer = answerWith(200, { id: 9, last_name: 'Byron' })
  at.identity.answer = (
    (before) => (request, response, seen) =>
      seen.url === '/api/users/4'
        ? answerWith(200, { id: 4, name: 'Dr. No' })(request, response, seen)
        : before(request, response, seen)
  )(at.identity.answer)
  const { body } = await graphql(at, '{ appointment(id: 1) { patient { last_name } doctor { name } } }')
  t.same(body, { data: { appointment: { patient: { last_name: 'Byron' }, doctor: { name: 'Dr. No' } } } })
})

withStage('a refusal is an error with the problem in it', async (t, at) => {
  const problem = {
    code: 'forbidden',
    status: 403,
    detail: 'Your role does not allow this',
    request_id: 'r',
    permission: 'records.read',
  }
  at.clinical.answer = answerWith(403, problem)
  const { status, body } = await graphql(at, '{ medicalRecord(id: 1) { id } }')
  t.equal(status, 200)
  t.match(body, {
    data: { medicalRecord: null },
    errors: [{ message: problem.detail, path: ['medicalRecord'], extensions: problem }],
  })
  await at.clinical.close()
  t.match((await graphql(at, '{ medicalRecord(id: 1) { id } }')).body.errors, [
    { extensions: { code: 'service-unavailable' } },
  ])
})

withStage('nobody comes in without a token, and documents have limits', async (t, at) => {
  t.match(await graphql(at, '{ me { id } }', undefined, null), {
    status: 401,
    type: /problem\+json/,
    body: { code: 'unauthenticated' },
  })
  t.match(await graphql(at, 7), { status: 400, body: { code: 'invalid-request' } })
  t.match(await graphql(at, '{ me { '), { status: 400 })
  t.match(await graphql(at, '{ nothing }'), { status: 400, body: { errors: [{ message: /Cannot query field/ }] } })
  const aliases = Array.from({ length: 21 }, (_, i) => `a${i}: me { id }`).join(' ')
  t.match(await graphql(at, `{ ${aliases} }`), { status: 400, body: { errors: [{ message: /operations/ }] } })
  const fields = Array.from({ length: 301 }, (_, i) => `f${i}: id`).join(' ')
  t.match(await graphql(at, `{ me { ${fields} } }`), { status: 400, body: { errors: [{ message: /fields/ }] } })
  const get = await at.ask('/graphql?query={me{id}}')
  t.equal(get.status, 404, 'a document never travels in an address')
  t.equal(at.identity.seen.length, 0, 'nothing of this reached a service')
})

t.test('in production the schema is not told', async (t) => {
  const at = await stage(t, { production: true })
  t.match(await graphql(at, '{ __schema { types { name } } }'), { status: 400 })
  t.notMatch(JSON.stringify((await graphql(at, '{ mee { id } }')).body), /Did you mean/)
})

withStage('every field is an operation of the contracts, and sign-in is none of them', async (t, at) => {
  const { body } = await graphql(at, '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }')
  const { queryType, mutationType } = body.data.__schema
  const names = [...queryType.fields, ...mutationType.fields].map(({ name }: { name: string }) => name).sort()
  const expected = [...new Set(allRoutes.filter(isInGraphql).map(fieldNameOf))].sort()
  t.same(
    names.filter((name) => name !== 'importThings'),
    expected,
  )
  t.notOk(names.some((name) => /^(signIn|refreshSession|importFhir|forgotPassword|resetPassword)/.test(name)))
})
