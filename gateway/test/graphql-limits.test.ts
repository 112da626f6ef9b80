import { setTimeout as delay } from 'node:timers/promises'
import { getIntrospectionQuery } from 'graphql'
import t, { type Test } from 'tap'
import { documentLimits } from '../src/graphql/limits.ts'
import { attackDocuments, nearTheLimits } from './attack-documents.ts'
import { type Stage, stage, type TestService } from './stage.ts'

/** Milliseconds of processor that refusing a document may cost. */
const mostMs = 20

const withoutRateLimit = { limits: { perUser: 1e6, perAddress: 1e6, signInsPerAddress: 600 } }
const asDocument = (query: string): string => JSON.stringify({ query })

/** Into the gateway without a network between, so that the processor time is the gateway's. */
const inject = (at: Stage, token: string, payload: string) =>
  at.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload,
  })

/** Processor milliseconds of one request: the least of several, each another document to every cache. */
async function costOf(at: Stage, payloadOf: (turn: number) => string) {
  const token = at.token()
  for (let turn = 0; turn < 8; turn++) await inject(at, token, payloadOf(turn))
  const costs: number[] = []
  let answer = await inject(at, token, payloadOf(8))
  for (let turn = 9; turn < 16; turn++) {
    const payload = payloadOf(turn)
    const before = process.cpuUsage()
    answer = await inject(at, token, payload)
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / 1000)
  }
  return { ms: Math.min(...costs), status: answer.statusCode, text: answer.body }
}

async function warmUp(at: Stage): Promise<void> {
  const token = at.token()
  for (let turn = 0; turn < 50; turn++) await inject(at, token, asDocument(`{ me { id } a${turn}: me { nothing } }`))
}

async function assertCheap(t: Test, at: Stage, name: string, payloadOf: (turn: number) => string, ofReceiving = 0) {
  const { ms, status, text } = await costOf(at, payloadOf)
  t.equal(status, 400, `${name}: refused`)
  t.ok(ms - ofReceiving <= mostMs, `${name}: ${ms.toFixed(1)} ms of processor`)
  t.ok(text.length < 3_000, `${name}: a short answer`)
  t.notMatch(text, /stack|went wrong/i, `${name}: says what is wrong`)
}

t.test('no document costs more to refuse than it may', async (t) => {
  const at = await stage(t, withoutRateLimit)
  await warmUp(at)
  for (const [name, document] of Object.entries({ ...attackDocuments, ...nearTheLimits })) {
    await assertCheap(t, at, name, (turn) => asDocument(`${document}${' '.repeat(turn)}`))
  }
  t.equal(at.identity.seen.length + at.clinical.seen.length, 0, 'none of them reached a service')
})

const register = 'mutation ($input: RegisterPatientInput!) { registerPatient(input: $input) { id } }'
const long = 'x'.repeat(1_000_000)
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`unknown${at}`, 1]))
const withInput = (input: string) => `{"query":${JSON.stringify(register)},"variables":{"input":${input}}}`

const attackBodies: Record<string, string> = {
  'deep variables': withInput('['.repeat(400_000) + ']'.repeat(400_000)),
  'wide variables': withInput(`[${Array(300_000).fill('{}').join(',')}]`),
  'variables with many keys': withInput(JSON.stringify(keys(60_000))),
  'unknown fields beside a long text': withInput(JSON.stringify({ medical_history: long, ...keys(60) })),
  'unknown fields': withInput(JSON.stringify(keys(4_000))),
  'one unknown field of a long name': withInput(JSON.stringify({ [long]: 1 })),
  'missing fields beside a long text': withInput(JSON.stringify({ medical_history: long })),
  'a long text for a number': JSON.stringify({
    query: 'query ($id: Int!) { patient(id: $id) { id } }',
    variables: { id: long },
  }),
  'a thousand documents at once': `[${Array(1_000).fill('{"query":"{ me { id } }"}').join(',')}]`,
  'a document that is no text': JSON.stringify({ query: { query: long } }),
  'a long operation name': JSON.stringify({ query: 'query a { me { id } }', operationName: long }),
}

t.test('the same for what comes with a document', async (t) => {
  const at = await stage(t, withoutRateLimit)
  await warmUp(at)
  // Whatever is in it, a megabyte has to be received.
  const { ms: ofReceiving } = await costOf(at, (turn) => `"${long}${turn}"`)
  t.comment(`receiving a megabyte: ${ofReceiving.toFixed(1)} ms`)
  for (const [name, payload] of Object.entries(attackBodies)) {
    await assertCheap(t, at, name, (turn) => `${' '.repeat(turn)}${payload}`, ofReceiving)
  }
  t.equal(at.clinical.seen.length, 0, 'none of them reached a service')
})

t.test('each limit says which it is, with a problem that has a page', async (t) => {
  const at = await stage(t)
  const limits: Record<string, [document: string, message: RegExp]> = {
    bytes: [`{ me { id } } #${'x'.repeat(documentLimits.bytes)}`, /longer than 32768 bytes/],
    definitions: [attackDocuments['many nameless operations']?.slice(0, 31 * 14) ?? '', /30 operations and fragments/],
    fields: [`{ me { ${fieldNames(301)} } }`, /300 fields/],
    'fields through fragments': [
      `{ a: patients { ...f } b: patients { ...f } c: patients { ...f } d: patients { ...f } }
       fragment f on PatientsPage { data { ${fieldNames(80)} } }`,
      /300 fields/,
    ],
    aliases: [`{ me { ${idsAs(101)} } }`, /100 fields with aliases/],
    comparisons: [`{ me { ${'id '.repeat(50)} } }`, /Too often the same field/],
    operations: [`{ ...f } fragment f on Query { ${idsAs(21).replaceAll(': id', ': me { id }')} }`, /20 operations/],
    depth: ['{ a { b { c { d { e { f { g { h { i } } } } } } } } }', /Deeper than 8/],
    'depth through a cycle': ['{ me { ...f } } fragment f on SignedInUser { me { ...f } }', /Deeper than 8/],
    'introspection depth': [`{ __schema { ${'types { '.repeat(16)} name ${'}'.repeat(16)} } }`, /Deeper than 16/],
    'introspection aliases': [
      '{ __schema { types { a: fields { name } b: fields { name } } } }',
      /aliases in introspection/,
    ],
  }
  for (const [limit, [document, message]] of Object.entries(limits)) {
    const { statusCode, body } = await inject(at, at.token(), asDocument(document))
    t.equal(statusCode, 400, limit)
    t.match(
      JSON.parse(body),
      { data: null, errors: [{ message, extensions: { code: 'document-limit', status: 400 } }] },
      limit,
    )
    t.equal(JSON.parse(body).errors.length, 1, 'counting ended there')
  }
  t.equal((await at.ask('/docs/errors/document-limit')).status, 200)
})

const fieldNames = (count: number): string => Array.from({ length: count }, (_, at) => `a${at}`).join(' ')
const idsAs = (count: number): string => Array.from({ length: count }, (_, at) => `a${at}: id`).join(' ')

t.test('what programs of every day ask is within the limits', async (t) => {
  const at = await stage(t)
  const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  }
  for (const options of [{}, everything, { descriptions: false, typeDepth: 10 }]) {
    const { statusCode, body } = await inject(at, at.token(), asDocument(getIntrospectionQuery(options)))
    t.equal(statusCode, 200, JSON.stringify(options))
    t.ok(JSON.parse(body).data.__schema.types.length > 100)
    t.notOk(JSON.parse(body).errors)
  }
  const screen = `query screen { me { ...person ...signedIn __typename } ${Array.from({ length: 19 }, (_, n) => `list${n}: appointments(limit: 100) { data { ...appointment } page { next_cursor } }`).join(' ')} }
    fragment person on SignedInUser { __typename id name email }
    fragment signedIn on SignedInUser { __typename id roles permissions }
    fragment appointment on Appointment { id appointment_date status patient { id first_name last_name } doctor { name } }`
  const { statusCode } = await inject(at, at.token(), asDocument(screen))
  t.equal(statusCode, 200)
  const hidden = await stage(t, { production: true })
  t.match(await inject(hidden, hidden.token(), asDocument(getIntrospectionQuery())), { statusCode: 400 })
})

t.test('a variable that does not fit is named, in production without suggestions', async (t) => {
  for (const production of [false, true]) {
    const at = await stage(t, { production })
    const { body } = await inject(
      at,
      at.token(),
      withInput('{"first_name":"A","last_name":"B","date_of_birht":"1990-01-01"}'),
    )
    t.match(JSON.parse(body), { data: null, errors: [{ message: /date_of_birth|date_of_birht/ }] })
    t.equal(/Did you mean/.test(body), !production && /date_of_birht" is not/.test(body))
  }
})

const answerWith =
  (body: object): TestService['answer'] =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))

t.test('a document leads to so many requests, and no parameter is longer than an address', async (t) => {
  const at = await stage(t)
  at.scheduling.answer = (request, response, seen) => {
    const list = Number(new URL(seen.url, at.url).searchParams.get('limit'))
    const data = Array.from({ length: 100 }, (_, id) => ({
      id: id + 1,
      patient_id: list * 100 + id + 1,
      doctor_id: id + 1,
    }))
    answerWith({ data, page: { next_cursor: null } })(request, response, seen)
  }
  const lists = Array.from(
    { length: 8 },
    (_, n) => `a${n}: appointments(limit: ${n + 1}) { data { patient { id } } }`,
  ).join(' ')
  const { body } = await inject(at, at.token(), asDocument(`{ ${lists} }`))
  t.equal(at.scheduling.seen.length + at.clinical.seen.length, documentLimits.requests)
  // Eight lists, eight times a hundred patients together, and each by itself where that showed none.
  t.equal(JSON.parse(body).errors.length, 8 + 8 + 800 - documentLimits.requests)
  t.match(JSON.parse(body).errors[0], { message: /More than 500 requests/, extensions: { code: 'document-limit' } })

  at.clinical.seen.length = 0
  const search = 'query ($q: String) { a: patients(q: $q) { data { id } } b: patients(q: $q) { data { id } } }'
  const refused = await inject(at, at.token(), JSON.stringify({ query: search, variables: { q: 'é'.repeat(400_000) } }))
  t.match(JSON.parse(refused.body).errors, [
    { path: ['a'], extensions: { code: 'invalid-request', errors: [{ pointer: 'query:q' }] } },
    { path: ['b'] },
  ])
  t.equal(at.clinical.seen.length, 0)
})

t.test('while such documents come in, the gateway answers others', async (t) => {
  const at = await stage(t, withoutRateLimit)
  const token = at.token()
  let sent = 0
  let over = false
  const attack = async () => {
    while (!over) {
      for (const document of Object.values(attackDocuments)) {
        if (over) return
        const response = await fetch(`${at.url}/graphql`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: asDocument(`${document} #${sent++}`),
        })
        await response.arrayBuffer()
      }
    }
  }
  const attackers = [attack(), attack(), attack()]
  const waits: number[] = []
  for (let turn = 0; turn < 40; turn++) {
    const asked = performance.now()
    t.equal((await fetch(`${at.url}/livez`)).status, 200)
    waits.push(performance.now() - asked)
    await delay(50)
  }
  over = true
  await Promise.all(attackers)
  t.comment(`the longest wait was ${Math.max(...waits).toFixed(0)} ms`)
  t.ok(sent > 100, `${sent} documents came in`)
  t.ok(Math.max(...waits) < 500, `the longest wait was ${Math.max(...waits).toFixed(0)} ms`)
})
