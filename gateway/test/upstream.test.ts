import { once } from 'node:events'
import { createServer } from 'node:net'
import tap, { type Test } from 'tap'
import { raw, type Stage, stage, type TestService } from './stage.ts'

type Outcome = unknown[]

const json = { 'content-type': 'application/json' }
const patient = { first_name: 'A', last_name: 'B', date_of_birth: '1990-01-01' }

const byRest = async (at: Stage, isWrite: boolean): Promise<Outcome> => {
  const init = isWrite ? { method: 'POST', headers: json, body: JSON.stringify(patient) } : {}
  const { code, status, detail } = (await (await at.ask('/api/patients', init)).json()) as Record<string, unknown>
  return [code, status, detail]
}

const byGraphql = async (at: Stage, isWrite: boolean): Promise<Outcome> => {
  const input = '{first_name: "A", last_name: "B", date_of_birth: "1990-01-01"}'
  const query = isWrite ? `mutation { registerPatient(input: ${input}) { id } }` : '{ patients { data { id } } }'
  const response = await at.ask('/graphql', { method: 'POST', headers: json, body: JSON.stringify({ query }) })
  const { errors } = (await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] }
  const { code, status, detail } = errors[0]?.extensions ?? {}
  return [code, status, detail]
}

const failures: Record<string, { answer: TestService['answer']; read: string; write: string; tries: number }> = {
  'is frozen': { answer: () => undefined, read: 'gateway-timeout', write: 'gateway-timeout', tries: 1 },
  'breaks off': {
    answer: (request) => request.socket.destroy(),
    read: 'service-unavailable',
    write: 'bad-gateway',
    tries: 2,
  },
  'breaks off within its answer': {
    answer: (_request, response) => {
      response.writeHead(200, { ...json, 'content-length': '100' }).write('{"id":')
      setTimeout(() => response.destroy(), 50)
    },
    read: 'service-unavailable',
    write: 'bad-gateway',
    tries: 1,
  },
  'stops in the middle of its answer': {
    answer: (_request, response) => void response.writeHead(200, { ...json, 'content-length': '100' }).write('{"id":'),
    read: 'gateway-timeout',
    write: 'gateway-timeout',
    tries: 1,
  },
  'is shutting down, as Fastify says it': {
    answer: (_request, response) =>
      void response.writeHead(503, json).end('{"error":"Service Unavailable","code":"FST_ERR_SERVER_CLOSING"}'),
    read: 'service-unavailable',
    write: 'service-unavailable',
    tries: 1,
  },
  'says that it cannot at the moment': {
    answer: (_request, response) => {
      const body = JSON.stringify({ code: 'service-unavailable', status: 503, detail: 'busy', request_id: 'r' })
      response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' }).end(body)
    },
    read: 'service-unavailable',
    write: 'service-unavailable',
    tries: 1,
  },
  'answers with a status that there is not': {
    answer: (_request, response) =>
      void response.writeHead(799, { 'content-type': 'application/problem+json' }).end('{"code":"conflict"}'),
    read: 'bad-gateway',
    write: 'bad-gateway',
    tries: 1,
  },
  'has something before it that fails': {
    answer: (_request, response) => void response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>nginx</h1>'),
    read: 'bad-gateway',
    write: 'bad-gateway',
    tries: 1,
  },
}

for (const [name, { answer, read, write, tries }] of Object.entries(failures)) {
  tap.test(`a service that ${name} is the same problem at every door`, async (t) => {
    const at = await stage(t, { answerTimeoutMs: 400 })
    at.clinical.answer = answer
    for (const ask of [byRest, byGraphql]) {
      at.clinical.seen.length = 0
      const reading = await ask(at, false)
      t.match(reading, [read], `${ask.name}, a read`)
      t.same(reading, await byRest(at, false))
      t.equal(at.clinical.seen.length, 2 * tries, 'a read is repeated at most once, and not because of an answer')
      at.clinical.seen.length = 0
      const writing = await ask(at, true)
      t.match(writing, [write], `${ask.name}, a write`)
      if (write !== 'service-unavailable') t.match(writing[2], /it may have happened/)
      t.same(writing, await byRest(at, true))
      t.equal(at.clinical.seen.length, 2, 'a write is sent once')
    }
  })
}

/** An address that refuses: the port was free a moment ago. */
async function nobodyThere(t: Test): Promise<Stage> {
  const at = await stage(t)
  await at.clinical.close()
  return at
}

tap.test('a service that is not there has changed nothing, at every door', async (t) => {
  const at = await nobodyThere(t)
  for (const ask of [byRest, byGraphql])
    for (const isWrite of [false, true])
      t.match(await ask(at, isWrite), ['service-unavailable', 503, 'It cannot be done now'])
})

tap.test('a read that meets a connection about to end is asked again, and answered', async (t) => {
  let connections = 0
  const flaky = createServer((socket) => {
    socket.on('error', () => undefined)
    if (++connections === 1) return socket.once('data', () => socket.resetAndDestroy())
    return socket.on('data', () =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'),
    )
  }).listen(0, '127.0.0.1')
  await once(flaky, 'listening')
  t.teardown(() => flaky.close())
  const url = `http://127.0.0.1:${(flaky.address() as { port: number }).port}`
  const at = await stage(t, {}, undefined, { clinical: url })
  t.equal((await at.ask('/api/patients')).status, 200)
  t.equal(connections, 2)
})

tap.test('steps in an address are not taken on the way', async (t) => {
  const at = await stage(t)
  for (const step of ['.', '%2e', '..', '%2E%2e', '.%2e']) {
    const paths = [`/api/patients/${step}`, `/api/patients/${step}/timeline`, `/api/users/${step}`]
    for (const path of paths) {
      const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${at.token()}\r\nConnection: close\r\n\r\n`
      t.match((await raw(at.port, head)).text, /^HTTP\/1\.1 40[04] /, path)
    }
  }
  t.same([...at.clinical.seen, ...at.identity.seen], [])
  const absolute = `GET http://hospital.example/api/patients?x=1 HTTP/1.1\r\nHost: hospital.example\r\nAuthorization: Bearer ${at.token()}\r\nConnection: close\r\n\r\n`
  t.match((await raw(at.port, absolute)).text, 'HTTP/1.1 200', 'the absolute form is an address as good')
  t.match(at.clinical.seen, [{ url: '/api/patients?x=1' }])
})

tap.test('what passes through stays as it was written', async (t) => {
  const at = await stage(t)
  let body = ''
  at.clinical.answer = (_request, response, seen) => {
    const headers = {
      ...json,
      location: '/api/patients/7',
      connection: 'x-inner',
      'x-inner': '1',
      'keep-alive': 'timeout=5',
    }
    response.writeHead(201, headers).end(JSON.stringify(seen))
  }
  at.clinical.early = (request, response, seen) => {
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => at.clinical.answer(request, response, seen))
  }
  const sent = '{"a": 1,\n "b":"ä"}'
  const type = 'application/json; charset=utf-8'
  const address = '/api/patients?q=%20a+b&q=\'"%zz&x=%2e%2e/%2e%2e&&='
  const head = [
    `POST ${address} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${at.token()}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(sent)}`,
    'Connection: close',
  ].join('\r\n')
  const { text } = await raw(at.port, `${head}\r\n\r\n${Buffer.from(sent).toString('latin1')}`)
  t.match(text, 'HTTP/1.1 201')
  t.match(text, /location: \/api\/patients\/7/)
  t.notMatch(text.split('\r\n\r\n')[0], /x-inner|keep-alive/i)
  t.match(text, /connection: close/i, 'what the client asked for its own connection')
  t.equal(body, sent, 'the bytes of the body')
  t.match(at.clinical.seen, [{ url: address, headers: { 'content-type': type } }])
})
