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

async function graphql(
  at: Stage,
  query: unknown,
  variables?: object,
  token?: string | null,
  headers: Record<string, string> = {},
): Promise<Result> {
  const response = await at.ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
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

withStage('what a document asks twice is asked once', async (t, at) => {
  const rows = Array.from({ length: 15 }, (_, n) => ({ id: n + 1, patient_id: (n % 4) + 1, doctor_id: (n % 3) + 1 }))
  at.scheduling.answer = answerWith(200, { data: rows, page: { next_cursor: null } })
  const idsOf = (url: string): number[] => (new URL(url, at.url).searchParams.get('ids') ?? '').split(',').map(Number)
  const rowsOf = (data: object[]) => answerWith(200, { data, page: { next_cursor: null } })
  at.clinical.answer = (request, response, seen) => {
    const row = (id: number) => ({ id, last_name: `P${id}` })
    const missing = { code: 'not-found', status: 404, detail: 'Not found', request_id: 'r' }
    const id = Number(/^\/api\/patients\/(\d+)$/.exec(seen.url)?.[1])
    const known = idsOf(seen.url).filter((each) => each !== 4)
    const answer = id > 0 ? answerWith(id === 4 ? 404 : 200, id === 4 ? missing : row(id)) : rowsOf(known.map(row))
    answer(request, response, seen)
  }
  const before = at.identity.answer
  at.identity.answer = (request, response, seen) => {
    const isList = seen.url.startsWith('/api/users?')
    const answer = isList ? rowsOf(idsOf(seen.url).map((id) => ({ id, name: `D${id}` }))) : before
    answer(request, response, seen)
  }
  const query = `{
    first: appointments { data { patient { last_name } doctor { name } } }
    again: appointments { data { id patient { id } } }
    other: appointments(limit: 3) { data { id } }
    patient(id: 2) { last_name }
  }`
  const { body } = await graphql(at, query)
  t.same(body.data.first.data[6], { patient: { last_name: 'P3' }, doctor: { name: 'D1' } })
  t.same(body.data.again.data[6], { id: 7, patient: { id: 3 } })
  t.same(body.data.patient, { last_name: 'P2' })
  const paths = body.errors.map(({ path }: { path: unknown[] }) => path.join('.')).sort()
  t.same(
    paths,
    ['again', 'first'].flatMap((list) => [11, 3, 7].map((row) => `${list}.data.${row}.patient`)),
  )
  t.equal(at.scheduling.seen.length, 2, 'two different lists')
  t.same(
    at.clinical.seen.map(({ url }) => url).sort(),
    ['/api/patients/2', '/api/patients/4', '/api/patients?limit=3&ids=1%2C3%2C4'],
    'patients are read together; one that the list does not show says itself why',
  )
  t.equal(at.identity.seen.length, 1, 'the doctors together')
  await graphql(at, query)
  t.equal(at.scheduling.seen.length, 4, 'nothing is kept for the next document')
})

withStage('what a document reads after a change is not from before it', async (t, at) => {
  let name = 'before'
  at.clinical.answer = (request, response, seen) => {
    if (request.method === 'PATCH') name = `after ${request.headers['if-match']}`
    answerWith(200, { id: 9, last_name: name })(request, response, seen)
  }
  at.scheduling.answer = answerWith(201, { id: 1, patient_id: 9, doctor_id: 4 })
  const book = `(input: {patient_id: 9, doctor_id: 4, appointment_date: "2030-01-01T08:00:00Z"}) { a: patient { last_name } b: patient { last_name } }`
  const change = (version: number) => `changePatient(id: 9, input: {phone: null}, if_match: "${version}") { last_name }`
  const { body } = await graphql(
    at,
    `mutation { one: bookAppointment${book} two: ${change(1)} three: bookAppointment${book} four: ${change(2)} five: bookAppointment${book} }`,
  )
  const both = (last_name: string) => ({ a: { last_name }, b: { last_name } })
  t.same(body.errors, undefined)
  t.same(body.data, {
    one: both('before'),
    two: { last_name: 'after 1' },
    three: both('after 1'),
    four: { last_name: 'after 2' },
    five: both('after 2'),
  })
  t.equal(at.clinical.seen.length, 5, 'and once between two changes')
})

withStage('a document that is sent again with its Idempotency-Key changes nothing again', async (t, at) => {
  const done = new Map<string, object>()
  at.clinical.answer = (request, response, seen) => {
    const key = String(request.headers['idempotency-key'])
    const answer = done.get(key) ?? { id: done.size + 1 }
    done.set(key, answer)
    answerWith(201, answer)(request, response, seen)
  }
  const register = 'registerPatient(input: {first_name: "A", last_name: "B", date_of_birth: "1990-01-01"}) { id }'
  const send = async (document: string, key: string) =>
    (await graphql(at, document, undefined, undefined, { 'idempotency-key': key })).body.data

  t.same(await send(`mutation { ${register} }`, 'k'), { registerPatient: { id: 1 } })
  t.same([...done.keys()], ['k'], 'one change has the key that a repeat by REST has')
  const several = `mutation { a: ${register} b: ${register} ...more } fragment more on Mutation { c: ${register} }`
  const first = await send(several, 'many')
  t.same(first, { a: { id: 2 }, b: { id: 3 }, c: { id: 4 } })
  t.same([...done.keys()].slice(1), ['many:a', 'many:b', 'many:c'])
  t.same(await send(several, 'many'), first)
  t.equal(done.size, 4)

  const long = 'x'.repeat(255)
  const longFirst = await send(several, long)
  t.same(await send(several, long), longFirst)
  t.equal(done.size, 7, 'long keys stay apart')
  t.ok([...done.keys()].every((key) => key.length <= 255))
  const own = `mutation { a: registerPatient(idempotency_key: "mine", input: {first_name: "A", last_name: "B", date_of_birth: "1990-01-01"}) { id } b: ${register} }`
  await send(own, 'key')
  t.same([...done.keys()].slice(7), ['mine', 'key:b'])
  await send(`mutation { ${register.replace('(input', '(idempotency_key: "", input')} }`, 'key')
  t.equal([...done.keys()].at(-1), '', 'an empty one is passed on, for the service to refuse')

  at.clinical.seen.length = 0
  at.clinical.answer = answerWith(200, { id: 9 })
  await send('mutation { archivePatient(id: 9) { id } }', 'k')
  t.equal(at.clinical.seen[0]?.headers['idempotency-key'], undefined, 'no key where the contract takes none')
  await send('{ patient(id: 9) { id } }', 'k')
  t.equal(at.clinical.seen[1]?.headers['idempotency-key'], undefined)
})

withStage('where the answer is a secret the service is told of the key, which it refuses', async (t, at) => {
  const secrets = allRoutes.filter((contract) => contract.secretAnswer && isInGraphql(contract))
  t.ok(secrets.some(({ operationId }) => operationId === 'createCalendarToken'))
  const { body } = await graphql(at, '{ __schema { mutationType { fields { name args { name } } } } }')
  const fields: { name: string; args: { name: string }[] }[] = body.data.__schema.mutationType.fields
  for (const contract of secrets) {
    const field = fields.find(({ name }) => name === fieldNameOf(contract))
    t.notOk(
      field?.args.some(({ name }) => name === 'idempotency_key'),
      `${contract.operationId} takes none as an argument`,
    )
  }
  at.scheduling.answer = answerWith(400, { code: 'invalid-request', status: 400, detail: 'no key', request_id: 'r' })
  const make = 'mutation { createCalendarToken(id: 11, input: {}) { url } }'
  const refused = await graphql(at, make, undefined, undefined, { 'idempotency-key': 'k' })
  t.equal(at.scheduling.seen[0]?.headers['idempotency-key'], 'k')
  t.match(refused.body.errors, [{ extensions: { code: 'invalid-request' } }])
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
