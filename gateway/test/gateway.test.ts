import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { problems } from '@hospital/contracts'
import { createVerifier } from 'fast-jwt'
import tap, { type Test } from 'tap'
import { nurse, raw, type Seen, stage } from './stage.ts'

async function isProblem(t: Test, response: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const text = await response.text()
  t.equal(response.status, status, `${code} is ${status}`)
  t.match(response.headers.get('content-type'), 'application/problem+json')
  const body = JSON.parse(text) as Record<string, unknown>
  t.match(body, { code, status, type: `/docs/errors/${code}`, title: String, detail: String })
  t.equal(body.request_id, response.headers.get('x-request-id'))
  t.notMatch(text, /127\.0\.0\.1|ECONN|undici|node_modules/, 'tells nothing of the inside')
  return body
}

const seenBy = async (response: Response): Promise<Seen> => (await response.json()) as Seen

tap.test(
  'a signed-in request reaches its service with a context token and nothing else of the client’s claims',
  async (t) => {
    const s = await stage(t)
    const verify = createVerifier({ key: s.publicKey, algorithms: ['EdDSA'], checkTyp: 'ctx+jwt' })
    const response = await s.ask('/api/patients/7?x=%2F..%2F', {
      headers: {
        'x-tenant-id': 'hospital_a',
        'x-user-id': '1',
        'x-tenant': 'hospital_b',
        'x-roles': 'Admin',
        'x-forwarded-for': '6.6.6.6',
        'x-arrived-at': '1',
        'x-http-method-override': 'DELETE',
        cookie: 'a=b',
        'x-request-id': 'mine-1',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        'if-match': '"3"',
      },
    })
    t.equal(response.status, 200)
    t.equal(response.headers.get('x-request-id'), 'mine-1')
    t.equal(response.headers.get('etag'), '"7"')
    t.equal(response.headers.get('server'), null)
    t.equal(response.headers.get('x-powered-by'), null)
    t.equal(response.headers.get('cache-control'), 'no-store')
    t.equal(response.headers.get('x-content-type-options'), 'nosniff')
    t.match(response.headers.get('content-security-policy'), "default-src 'none'")

    const seen = await seenBy(response)
    t.equal(seen.method, 'GET')
    t.equal(seen.url, '/api/patients/7?x=%2F..%2F')
    const { authorization, traceparent, 'x-forwarded-for': address, ...others } = seen.headers
    t.not(others['x-arrived-at'], '1', 'the gateway’s own clock')
    t.same(Object.keys(others).sort(), [
      'accept',
      'accept-language',
      'connection',
      'host',
      'if-match',
      'user-agent',
      'x-arrived-at',
      'x-request-id',
    ])
    t.match(traceparent, /^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)/, 'same trace, next span')
    t.equal(address, '127.0.0.1')
    const claims = verify(String(authorization).slice(7))
    t.match(claims, {
      iss: 'hospital-gateway',
      aud: 'clinical',
      sub: '5',
      tid: 'hospital_a',
      sid: 'session-1',
      name: 'Nora',
      roles: ['Nurse'],
      permissions: ['patients.read', 'patients.write'],
    })
    t.ok(claims.exp - Date.now() / 1000 <= 60)

    const again = await seenBy(await s.ask('/api/patients/8'))
    t.equal(again.headers.authorization, authorization, 'minted once for session, service and half-minute')
    t.equal(s.checks, 1, 'asked once within five seconds')
    t.notMatch(s.log.join(''), /Nora|x=%2F/, 'the log has neither names nor searches')
  },
)

tap.test('hop-by-hop headers and those named by Connection end here', async (t) => {
  const s = await stage(t)
  const { text } = await raw(
    s.port,
    `GET /api/patients HTTP/1.1\r\nHost: x\r\nAuthorization: bearer ${s.token()}\r\nConnection: close, X-Secret\r\n` +
      'Keep-Alive: timeout=9\r\nTE: trailers\r\nProxy-Authorization: a\r\nUpgrade: h2c\r\nX-Secret: 1\r\nUser-Agent: u\r\n\r\n',
  )
  t.match(text, 'HTTP/1.1 200')
  t.same(Object.keys(s.clinical.seen[0]?.headers ?? {}).sort(), [
    'authorization',
    'connection',
    'host',
    'traceparent',
    'user-agent',
    'x-arrived-at',
    'x-forwarded-for',
    'x-request-id',
  ])
})

tap.test('public operations carry the anonymous context and no tenant', async (t) => {
  const s = await stage(t)
  const verify = createVerifier({ key: s.publicKey, algorithms: ['EdDSA'], allowedAud: 'identity' })
  for (const token of [null, 'rubbish', s.token()]) {
    const response = await s.ask('/api/auth/login', {
      method: 'POST',
      token,
      body: '{"email":"a"}',
      headers: { 'content-type': 'application/json', 'x-tenant-id': 'anything' },
    })
    t.equal(response.status, 200)
    const seen = await seenBy(response)
    t.equal(seen.bytes, 13)
    const claims = verify(String(seen.headers.authorization).slice(7))
    t.equal(claims.sub, 'anonymous')
    t.equal(claims.tid, undefined)
  }
})

tap.test('no token, or none of ours, is 401', async (t) => {
  const s = await stage(t)
  const now = Math.floor(Date.now() / 1000)
  const [head, body] = s.token().split('.')
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const keys = (await (await fetch(`${s.issuer.url}/keys`)).json()) as { keys: { kid: string; x: string }[] }
  const hmacText = `${part({ alg: 'HS256', typ: 'at+jwt', kid: keys.keys[0]?.kid })}.${body}`
  const forged = createHmac('sha256', keys.keys[0]?.x ?? '')
    .update(hmacText)
    .digest('base64url')
  const bad: Record<string, string | null> = {
    missing: null,
    rubbish: 'a.b.c',
    'no signature': `${head}.${body}.`,
    'other claims': `${head}.${part({ iss: 'hospital', aud: 'hospital', sub: '1', tid: 'b', sid: 's', exp: now + 99 })}.${s.token().split('.')[2]}`,
    'alg none': `${part({ alg: 'none', typ: 'at+jwt', kid: 'key-1' })}.${body}.`,
    'public key as secret': `${hmacText}.${forged}`,
    'another issuer': s.token({ iss: 'hospital2' }),
    'another audience': s.token({ aud: 'clinical' }),
    'without audience': s.token({ aud: undefined }),
    'a context token': s.token({}, { typ: 'ctx+jwt' }),
    'a plain JWT': s.token({}, { typ: 'JWT' }),
    expired: s.token({ exp: now - 60 }),
    'not yet': s.token({ nbf: now + 600 }),
    'without an end': s.token({ exp: undefined }),
    'without tenant': s.token({ tid: undefined }),
    'odd user': s.token({ sub: '5 or 1=1' }),
    'ended session': s.token({ sid: 'gone' }),
    'unknown key': s.token({}, { kid: 'other' }),
    'no key id': s.token({}, { kid: undefined }),
    'array payload': `${head}.${Buffer.from('[]').toString('base64url')}.x`,
  }
  for (const [name, token] of Object.entries(bad)) {
    const response = await s.ask('/api/patients', { token })
    t.equal(response.headers.get('www-authenticate'), 'Bearer', name)
    await isProblem(t, response, 401, 'unauthenticated')
  }
  t.equal(s.clinical.seen.length, 0, 'nothing reached the service')
  const basic = await fetch(`${s.url}/api/patients`, { headers: { authorization: `Basic ${s.token()}` } })
  await isProblem(t, basic, 401, 'unauthenticated')
})

tap.test('X-Tenant-ID can only agree with the token', async (t) => {
  const s = await stage(t)
  for (const tenant of ['hospital_b', '', 'HOSPITAL_A', 'hospital_a, hospital_a'])
    await isProblem(t, await s.ask('/api/patients', { headers: { 'x-tenant-id': tenant } }), 403, 'tenant-mismatch')
  t.equal((await s.ask('/api/patients', { headers: { 'x-tenant-id': 'hospital_a' } })).status, 200)
  t.equal(s.denials.length, 4, 'each try is on record')
  t.match(s.denials[0], { tenant_id: 'hospital_a', user_id: 5, action: 'listPatients', problem: 'tenant-mismatch' })
  t.equal(s.clinical.seen.length, 1)
})

tap.test(
  'a session, user, role or hospital that changes is forgotten at once, everything after five seconds',
  async (t) => {
    let ahead = 0
    const s = await stage(t, {}, () => Date.now() + ahead)
    const publish = (entity: string, verb: string, subject: string, data: object): Promise<void> => {
      const id = `${Math.random()}`
      const type = `hospital.identity.${entity}.${verb}.v1`
      const envelope = {
        specversion: '1.0' as const,
        id,
        source: '/identity',
        type,
        subject,
        time: new Date().toISOString(),
        datacontenttype: 'application/json' as const,
        tenantid: 'hospital_a',
        requestid: 'r',
        actorid: '1',
        data,
      }
      return s.messaging.publish({ id, subject: `identity.hospital_a.${entity}.${verb}.v1`, envelope })
    }
    const status = async (): Promise<number> => (await s.ask('/api/patients')).status
    t.equal(await status(), 200)

    s.sessions.delete('session-1')
    t.equal(await status(), 200, 'remembered for a moment')
    await publish('session', 'ended', '5', { user_id: 5, session_ids: ['session-1'] })
    await delay(100)
    t.equal(await status(), 401, 'the event ended it')

    s.sessions.set('session-1', nurse)
    ahead += 5_001
    t.equal(await status(), 200)
    for (const [entity, verb, subject] of [
      ['user', 'updated', '5'],
      ['role', 'updated', '3'],
      ['tenant', 'suspended', 'hospital_a'],
    ] as const) {
      const before = s.checks
      await publish(entity, verb, subject, {})
      await delay(100)
      await status()
      t.equal(s.checks, before + 1, `asked again after ${entity}.${verb}`)
    }
    const before = s.checks
    await publish('user', 'updated', '6', {})
    await delay(100)
    await status()
    t.equal(s.checks, before, 'another user changes nothing')

    s.sessions.delete('session-1')
    ahead += 5_001
    t.equal(await status(), 401, 'noticed after five seconds without an event')

    s.sessions.set('session-1', nurse)
    ahead += 5_001
    const first = (await seenBy(await s.ask('/api/patients'))).headers.authorization
    s.sessions.set('session-1', { ...nurse, roles: ['Receptionist'] })
    await publish('user', 'updated', '5', {})
    await delay(100)
    t.not((await seenBy(await s.ask('/api/patients'))).headers.authorization, first, 'new roles, new context token')
  },
)

tap.test('keys rotate; unknown keys cost one fetch', async (t) => {
  let ahead = 0
  const s = await stage(t, {}, () => Date.now() + ahead)
  t.equal((await s.ask('/api/patients')).status, 200)
  t.equal(s.issuer.fetches, 1)
  s.issuer.rotate()
  ahead += 6_000
  t.equal((await s.ask('/api/patients')).status, 200, 'the new key is fetched')
  t.equal(s.issuer.fetches, 2)
  await Promise.all(
    Array.from({ length: 30 }, (_, n) => s.ask('/api/patients', { token: s.token({}, { kid: `k${n}` }) })),
  )
  t.equal(s.issuer.fetches, 2, 'thirty unknown keys, no fetch within the pause')
  s.issuer.down = true
  ahead += 11 * 60_000
  const token = s.token({ exp: Math.floor((Date.now() + ahead) / 1000) + 60 })
  t.equal((await s.ask('/api/patients', { token })).status, 200, 'known keys go on while the issuer is away')
})

tap.test('identity or the message server away is 503, and heals', async (t) => {
  const s = await stage(t)
  s.issuer.down = true
  const response = await s.ask('/api/patients')
  t.ok(Number(response.headers.get('retry-after')) > 0)
  await isProblem(t, response, 503, 'service-unavailable')
  s.issuer.down = false
  await delay(600)
  t.equal((await s.ask('/api/patients')).status, 200)
  await s.nats.kill()
  await isProblem(t, await s.ask('/api/patients', { token: s.token({ sid: 'session-2' }) }), 503, 'service-unavailable')
  const ready = (await (await fetch(`${s.url}/readyz`)).json()) as { checks: object[] }
  t.match(ready.checks.at(-1), { name: 'messaging', ready: false })
  await s.nats.restart()
  s.sessions.set('session-3', nurse)
  let status = 0
  for (let i = 0; i < 50 && status !== 200; i++) {
    status = (await s.ask('/api/patients', { token: s.token({ sid: 'session-3' }) })).status
    await delay(100)
  }
  t.equal(status, 200)
})

tap.test('a service that is down, hangs, or breaks off', async (t) => {
  const s = await stage(t, { answerTimeoutMs: 400 })
  let hits = 0
  s.clinical.answer = () => {
    hits++
  }
  await isProblem(t, await s.ask('/api/patients'), 504, 'gateway-timeout')
  await delay(200)
  t.equal(hits, 1, 'never asked twice')
  s.clinical.answer = (request) => request.socket.destroy()
  const post = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
  await isProblem(t, await s.ask('/api/patients', post), 502, 'bad-gateway')
  await isProblem(t, await s.ask('/api/patients'), 503, 'service-unavailable')
  s.clinical.answer = (_request, response) => response.writeHead(503, { 'retry-after': '1' }).end('{}')
  const before = s.clinical.seen.length
  const unavailable = await s.ask('/api/patients')
  t.equal(unavailable.headers.get('retry-after'), '1')
  t.equal(s.clinical.seen.length, before + 1, 'a 503 is passed on, not repeated')
  await s.clinical.close()
  const response = await s.ask('/api/patients', post)
  t.ok(Number(response.headers.get('retry-after')) > 0)
  await isProblem(t, response, 503, 'service-unavailable')

  const ready = await fetch(`${s.url}/readyz`)
  t.equal(ready.status, 503)
  t.match(await ready.json(), {
    status: 'not ready',
    checks: [
      { name: 'identity', ready: true },
      { name: 'clinical', ready: false, reason: 'the service does not answer' },
      { name: 'scheduling', ready: true },
      { name: 'messaging', ready: true },
    ],
  })
  t.equal((await fetch(`${s.url}/livez`)).status, 200)
})

tap.test('readiness names what a service lacks', async (t) => {
  const s = await stage(t)
  t.equal((await fetch(`${s.url}/readyz`)).status, 200)
  await delay(600)
  s.scheduling.answer = (_request, response) =>
    response
      .writeHead(503)
      .end(JSON.stringify({ status: 'x', checks: [{ name: 'database', ready: false, secret: 'host' }] }))
  const ready = await fetch(`${s.url}/readyz`)
  t.equal(ready.status, 503)
  const text = await ready.text()
  t.match(text, 'not ready: database')
  t.notMatch(text, 'host')
})

tap.test('only addresses and methods under contract exist', async (t) => {
  const s = await stage(t)
  for (const path of [
    '/api/nothing',
    '/api/patients/',
    '//api/patients',
    '/api//patients',
    '/API/patients',
    '/api/patients/7/..',
    '/api/patients/7/%2e%2e/8',
    '/api/patients%2F7',
    '/api/patients;x=1',
    '/readyz/',
    '/api/patients/7%2Ftimeline',
  ]) {
    const { text } = await raw(
      s.port,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${s.token()}\r\nConnection: close\r\n\r\n`,
    )
    const upstream = s.clinical.seen.pop()?.url
    if (upstream !== undefined) t.match(upstream, /^\/api\/patients\/[^/]+$/, `${path} became ${upstream}`)
    else t.match(text, /^HTTP\/1.1 404 /, path)
  }
  // Other spellings of a known address are that address, and as guarded.
  await isProblem(t, await s.ask('/api/%70atients', { token: null }), 401, 'unauthenticated')
  t.equal((await seenBy(await s.ask('/api/%70atients?a=%41'))).url, '/api/patients?a=%41')
  await isProblem(t, await s.ask('/api/patients/%zz'), 400, 'invalid-request')
  await isProblem(t, await s.ask('/api/nothing', { token: null }), 404, 'route-not-found')

  const put = await s.ask('/api/patients', { method: 'PUT', body: '{}' })
  t.equal(put.headers.get('allow'), 'GET, POST, HEAD')
  await isProblem(t, put, 405, 'method-not-allowed')
  const override = await s.ask('/api/patients/7?_method=DELETE', { headers: { 'x-http-method-override': 'DELETE' } })
  t.equal((await seenBy(override)).method, 'GET')
  t.equal((await s.ask('/api/patients', { method: 'HEAD' })).status, 200)
  t.equal((await s.ask('/api/patients', { method: 'OPTIONS', headers: { origin: 'http://evil' } })).status, 404)
  t.equal(
    (await s.ask('/api/patients', { headers: { origin: 'http://evil' } })).headers.get('access-control-allow-origin'),
    null,
  )
})

tap.test('bodies up to their limits', async (t) => {
  const s = await stage(t)
  const mebibyte = 1024 * 1024
  const post = (path: string, size: number, chunked: boolean): Promise<Response> => {
    const chunk = Buffer.alloc(64 * 1024, 'a')
    const stream = new ReadableStream({
      start: (controller) => {
        for (let left = size; left > 0; left -= chunk.length)
          controller.enqueue(chunk.subarray(0, Math.min(left, chunk.length)))
        controller.close()
      },
    })
    return s.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: chunked ? stream : Buffer.alloc(size, 'a'),
      ...(chunked ? { duplex: 'half' } : {}),
    } as RequestInit)
  }
  for (const chunked of [false, true]) {
    t.equal((await seenBy(await post('/api/patients', mebibyte, chunked))).bytes, mebibyte)
    await isProblem(t, await post('/api/patients', mebibyte + 1, chunked), 413, 'payload-too-large')
    await isProblem(t, await post('/api/patients', 8 * mebibyte, chunked), 413, 'payload-too-large')
    t.match(await seenBy(await post('/api/test-imports', 64 * mebibyte, chunked)), { bytes: 64 * mebibyte })
    await isProblem(t, await post('/api/test-imports', 64 * mebibyte + 1, chunked), 413, 'payload-too-large')
    await isProblem(t, await post('/api/test-imports', 80 * mebibyte, chunked), 413, 'payload-too-large')
  }
  const refused = await s.ask('/api/patients', {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  })
  await isProblem(t, refused, 415, 'unsupported-media-type')
})

tap.test('an import that is refused before it was read gets its answer, and nobody waits', async (t) => {
  const s = await stage(t)
  const post = (): Promise<Response> =>
    s.ask('/api/test-imports', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: Buffer.alloc(30 * 1024 * 1024, 'a'),
    })
  s.clinical.early = (_request, response) =>
    response.writeHead(403, { 'content-type': 'application/problem+json' }).end('{"code":"forbidden"}')
  const started = performance.now()
  const response = await post()
  t.equal(response.status, 403)
  t.same(await response.json(), { code: 'forbidden' })
  t.comment(`refused after ${Math.round(performance.now() - started)} ms`)
  s.clinical.early = undefined
  t.equal(
    (await s.ask('/api/test-imports', { method: 'POST', token: null, body: Buffer.alloc(5_000_000) })).status,
    401,
  )
  t.equal((await post()).status, 200)
})

tap.test('a client that leaves ends the work for it', async (t) => {
  const s = await stage(t)
  let gone = false
  s.clinical.answer = (request) =>
    request.socket.once('close', () => {
      gone = true
    })
  const leaving = new AbortController()
  const asked = s.ask('/api/patients', { signal: leaving.signal }).catch((error: Error) => error.name)
  await delay(200)
  leaving.abort()
  t.equal(await asked, 'AbortError')
  await delay(200)
  t.ok(gone)
  t.notMatch(s.log.join(''), /"level":50/)
})

tap.test('requests that two readers could read differently are refused and hung up on', async (t) => {
  const s = await stage(t)
  const auth = `Host: x\r\nAuthorization: Bearer ${s.token()}\r\nContent-Type: application/json\r\n`
  const variants: Record<string, string> = {
    'length and chunks': `POST /api/patients HTTP/1.1\r\n${auth}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
    'two lengths': `POST /api/patients HTTP/1.1\r\n${auth}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    'two equal lengths': `POST /api/patients HTTP/1.1\r\n${auth}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
    'length list': `POST /api/patients HTTP/1.1\r\n${auth}Content-Length: 2, 2\r\n\r\n{}`,
    'signed length': `POST /api/patients HTTP/1.1\r\n${auth}Content-Length: +2\r\n\r\n{}`,
    'space before colon': `POST /api/patients HTTP/1.1\r\n${auth}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    'odd coding': `POST /api/patients HTTP/1.1\r\n${auth}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'chunked twice': `POST /api/patients HTTP/1.1\r\n${auth}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    'coding list': `POST /api/patients HTTP/1.1\r\n${auth}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    'bad chunk': `POST /api/patients HTTP/1.1\r\n${auth}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    'folded header': `GET /api/patients HTTP/1.1\r\n${auth}X-A: b\r\n c\r\n\r\n`,
    'bare line feed': `GET /api/patients HTTP/1.1\r\n${auth}X-A: b\nX-B: c\r\n\r\n`,
    'no host': `GET /api/patients HTTP/1.1\r\nAuthorization: Bearer ${s.token()}\r\n\r\n`,
    'two hosts': `GET /api/patients HTTP/1.1\r\n${auth}Host: y\r\n\r\n`,
    'two tokens': `GET /api/patients HTTP/1.1\r\n${auth}Authorization: Bearer x\r\n\r\n`,
    'two types': `POST /api/patients HTTP/1.1\r\n${auth}Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}`,
    'NUL in a header': `GET /api/patients HTTP/1.1\r\n${auth}X-A: b\0c\r\n\r\n`,
    'no HTTP': 'hello\r\n\r\n',
    'long head': `GET /api/patients HTTP/1.1\r\n${auth}X-A: ${'a'.repeat(20_000)}\r\n\r\n`,
  }
  for (const [name, bytes] of Object.entries(variants)) {
    const { text, closed } = await raw(s.port, bytes)
    t.match(text, /^HTTP\/1\.1 4(00|31) /, name)
    t.match(text, /application\/problem\+json/, name)
    t.notMatch(text.slice(10), 'HTTP/1.1 ', `${name}: one answer`)
    t.ok(closed, `${name}: closed`)
  }
  t.equal(s.clinical.seen.length, 0)
})

tap.test('slow sockets are closed', { timeout: 60_000 }, async (t) => {
  const s = await stage(t)
  const drip = async (head: string, piece: string): Promise<number> => {
    const started = performance.now()
    const socket = connectSocket(s.port, '127.0.0.1')
    socket.on('error', () => undefined).on('data', () => undefined)
    socket.write(head)
    const timer = setInterval(() => socket.write(piece), 300)
    await once(socket, 'close')
    clearInterval(timer)
    return performance.now() - started
  }
  const head = `Host: x\r\nAuthorization: Bearer ${s.token()}\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n`
  const times = await Promise.all([
    drip('GET /api/patients HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'),
    drip('', ''),
    drip(`POST /api/patients HTTP/1.1\r\n${head}`, ' '),
    drip(`POST /api/test-imports HTTP/1.1\r\n${head}`, ' '),
    drip(`POST /api/patients HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n`, ' '),
    drip(`POST /api/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n`, ' '),
  ])
  t.comment(times.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', '))
  t.ok(times.every((ms) => ms < 20_000))
  t.equal((await s.ask('/api/patients')).status, 200, 'others go on')
})

tap.test('too many requests are 429 with Retry-After, each user by itself', async (t) => {
  const s = await stage(t, { limits: { perUser: 5, perAddress: 1000, signInsPerAddress: 3 } })
  s.sessions.set('session-2', nurse)
  for (let i = 0; i < 5; i++) t.equal((await s.ask('/api/patients')).status, 200)
  const refused = await s.ask('/api/patients')
  t.ok(Number(refused.headers.get('retry-after')) > 0)
  await isProblem(t, refused, 429, 'too-many-requests')
  t.equal((await s.ask('/api/patients', { token: s.token({ sub: '6', sid: 'session-2' }) })).status, 200)

  const signIn = (): Promise<Response> =>
    s.ask('/api/auth/login', {
      method: 'POST',
      token: null,
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
  for (let i = 0; i < 3; i++) t.equal((await signIn()).status, 200)
  await isProblem(t, await signIn(), 429, 'too-many-requests')
  t.equal((await s.ask('/api/auth/refresh', { method: 'POST', token: null, body: '{}' })).status, 200)
  t.equal((await fetch(`${s.url}/livez`)).status, 200)
})

tap.test('a gateway that is far behind turns requests away for a moment', async (t) => {
  const s = await stage(t, { maxDelayMs: 100 })
  let refused: Response | null = null
  for (let i = 0; i < 30 && !refused; i++) {
    for (const end = performance.now() + 400; performance.now() < end; );
    await delay(10)
    const response = await s.ask('/api/patients')
    if (response.status === 503) refused = response
    else await response.text()
  }
  t.ok(Number(refused?.headers.get('retry-after')) > 0)
  if (refused) await isProblem(t, refused, 503, 'service-unavailable')
  t.equal((await fetch(`${s.url}/livez`)).status, 200)
})

tap.test('request ids are accepted when they are harmless', async (t) => {
  const s = await stage(t)
  const idFor = async (given: string): Promise<string | null> =>
    (await s.ask('/api/patients', { headers: { 'x-request-id': given } })).headers.get('x-request-id')
  t.equal(await idFor('A-1_2.3:4'), 'A-1_2.3:4')
  for (const given of ['', 'a b', 'a"b', `${'a'.repeat(129)}`, '{{x}}', 'ä']) {
    const id = await idFor(given)
    t.not(id, given)
    t.match(id, /^[0-9a-f-]{36}$/)
  }
})

tap.test('the documents are complete and load nothing from elsewhere', async (t) => {
  const s = await stage(t)
  const document = (await (await fetch(`${s.url}/openapi.json`)).json()) as {
    openapi: string
    paths: Record<string, object>
  }
  t.equal(document.openapi, '3.1.0')
  t.match(document.paths['/api/patients/{id}'], {
    get: { operationId: String, security: undefined },
    patch: {},
    delete: {},
  })
  t.match(document.paths['/api/auth/login'], { post: { security: [] } })
  for (const code of Object.keys(problems)) {
    const page = await fetch(`${s.url}/docs/errors/${code}`)
    t.equal(page.status, 200)
    t.match(page.headers.get('content-type'), 'text/html')
  }
  t.match(await (await fetch(`${s.url}/docs/errors`)).text(), 'slot-taken')
  await isProblem(t, await fetch(`${s.url}/docs/errors/constructor`), 404, 'not-found')
  const docs = await fetch(`${s.url}/docs`)
  t.equal(docs.status, 200)
  const html = await docs.text()
  t.notMatch(html, /(src|href)="(https?:)?\/\//)
  const script = /src="([^"]+)"/.exec(html)?.[1] ?? ''
  t.equal((await fetch(new URL(script, docs.url))).status, 200, `${script} is served here`)
})
