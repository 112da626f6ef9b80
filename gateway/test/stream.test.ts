import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type EventContract,
  eventSubject,
  eventType,
  labTestOrdered,
  medicalRecordCreated,
  patientUpdated,
  sessionsEnded,
  userUpdated,
} from '@hospital/contracts'
import { connectMessaging } from '@hospital/messaging'
import tap, { type Test } from 'tap'
import { eventWriter } from '../src/stream/event-writer.ts'
import { positionsOf } from '../src/stream/position.ts'
import { nurse, type Stage, stage } from './stage.ts'

const path = '/api/events/stream'

interface Heard {
  id: string
  type: string
  data: { id: string; type: string; subject: string; time: string; version?: number }
}

/** A reader of the stream: what arrived, and when it ended. */
async function read(t: Test, s: Stage, { after, token }: { after?: string; token?: string } = {}) {
  const leaving = new AbortController()
  const headers: Record<string, string> = after === undefined ? {} : { 'last-event-id': after }
  const response = await s.ask(path, { headers, signal: leaving.signal, ...(token ? { token } : {}) })
  t.equal(response.status, 200)
  const reader = { response, events: [] as Heard[], lastId: '', text: '', ended: false, leave: () => leaving.abort() }
  const take = (block: string): void => {
    const fields = new Map(
      block
        .split('\n')
        .map((line): [string, string] => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
    )
    reader.lastId = fields.get('id') ?? reader.lastId
    const data = fields.get('data')
    if (data) reader.events.push({ id: reader.lastId, type: fields.get('event') ?? '', data: JSON.parse(data) })
  }
  const pump = async (): Promise<void> => {
    let rest = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      reader.text += chunk
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(take)
    }
  }
  void pump()
    .catch(() => undefined)
    .finally(() => {
      reader.ended = true
    })
  t.teardown(reader.leave)
  await eventually(() => reader.lastId !== '', 'the first position')
  return reader
}

const subjectsOf = ({ events }: { events: Heard[] }): string[] => events.map(({ data }) => data.subject)

async function tell(
  s: Stage,
  contract: EventContract,
  id: number,
  tenantId = 'hospital_a',
  data: object = {},
  actorid = '1',
) {
  const eventId = randomUUID()
  await s.messaging.publish({
    id: eventId,
    subject: eventSubject(contract, tenantId),
    envelope: {
      specversion: '1.0',
      id: eventId,
      source: `/${contract.service}`,
      type: eventType(contract),
      subject: String(id),
      time: '2026-11-23T09:00:00.000Z',
      datacontenttype: 'application/json',
      tenantid: tenantId,
      requestid: 'request-1',
      actorid,
      data: { id, version: 3, first_name: 'Secret', ...data },
    },
  })
  return eventId
}

async function eventually(check: () => boolean, what: string, ms = 8_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!check()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await delay(20)
  }
}

/** The message server of the stage has the streams of identity only until somebody sees to all. */
const begin = async (t: Test, given: Parameters<typeof stage>[1] = {}): Promise<Stage> => {
  const s = await stage(t, given)
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const all = await connectMessaging({ url: s.nats.url, name: 'tests', log: silent })
  await all.ensureStreams()
  await all.close()
  return s
}

tap.test('a person hears ids of what the own hospital changed, as far as the roles allow', async (t) => {
  const s = await begin(t)
  s.sessions.set('session-b', { ...nurse, permissions: ['labs.read', 'users.read'] })
  const a = await read(t, s)
  const b = await read(t, s, { token: s.token({ tid: 'hospital_b', sid: 'session-b' }) })
  t.match(Object.fromEntries(a.response.headers), {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-request-id': /./,
  })
  const first = await tell(s, patientUpdated, 1)
  await tell(s, patientUpdated, 2, 'hospital_b')
  await tell(s, labTestOrdered, 3)
  await tell(s, labTestOrdered, 4, 'hospital_b', { patient_id: 1 })
  await tell(s, userUpdated, 5)
  await tell(s, userUpdated, 6, 'hospital_b')
  await tell(s, sessionsEnded, 7, 'hospital_b', { user_id: 99 })
  await tell(s, patientUpdated, 8)
  await eventually(() => a.events.length === 2 && b.events.length === 2, 'both have heard')
  await delay(200)
  t.same(subjectsOf(a), ['1', '8'])
  t.same(subjectsOf(b).sort(), ['4', '6'])
  t.match(a.events[0], { type: 'hospital.clinical.patient.updated.v1' })
  t.same(a.events[0]?.data, {
    id: first,
    type: 'hospital.clinical.patient.updated.v1',
    subject: '1',
    time: '2026-11-23T09:00:00.000Z',
    version: 3,
  })
  t.notMatch(a.text, /Secret/)
})

tap.test('where the hospital asks for a care relation, charts of others are not heard of', async (t) => {
  const s = await begin(t)
  const asked: number[] = []
  s.sessions.set('session-1', { ...nurse, permissions: ['labs.read', 'records.read', 'patients.read'] })
  s.charts = ({ patient_ids, user_id, permissions }) => {
    t.match({ user_id, permissions }, { user_id: 5, permissions: ['labs.read', 'records.read', 'patients.read'] })
    asked.push(...patient_ids)
    return { charts: patient_ids.map((patient_id) => ({ patient_id, areas: patient_id === 7 ? ['labs'] : [] })) }
  }
  const reader = await read(t, s)
  await tell(s, labTestOrdered, 1, 'hospital_a', { patient_id: 7 })
  await tell(s, medicalRecordCreated, 2, 'hospital_a', { patient_id: 7 })
  await tell(s, labTestOrdered, 3, 'hospital_a', { patient_id: 8 })
  await tell(s, labTestOrdered, 4, 'hospital_a')
  await tell(s, medicalRecordCreated, 5, 'hospital_a', { patient_id: 8 }, '5')
  await tell(s, patientUpdated, 6)
  await eventually(() => reader.events.length === 3, 'all that may be heard')
  t.same(subjectsOf(reader), ['1', '5', '6'], 'of cared for, by oneself, and what is no chart')
  t.same(asked, [7, 8], 'clinical is asked once for a while')
  s.charts = () => null
  await tell(s, labTestOrdered, 7, 'hospital_a', { patient_id: 9 })
  await eventually(() => reader.ended, 'nobody knows: it ends')
  s.charts = () => ({ charts: [{ patient_id: 9, areas: ['labs'] }] })
  const again = await read(t, s, { after: reader.lastId })
  await eventually(() => again.events.length === 1, 'and goes on before what could not be decided')
  t.same(subjectsOf(again), ['7'])
})

tap.test('a reader goes on where the last event was, without gap or repetition', async (t) => {
  const s = await begin(t)
  s.sessions.set('session-1', { ...nurse, permissions: ['patients.read', 'users.read'] })
  const first = await read(t, s)
  const start = first.lastId
  await tell(s, patientUpdated, 1)
  await tell(s, userUpdated, 2)
  await eventually(() => first.events.length === 2, 'the first two')
  first.leave()
  await tell(s, patientUpdated, 3)
  await tell(s, userUpdated, 4)
  await tell(s, labTestOrdered, 5, 'hospital_a', { patient_id: 1 })
  const second = await read(t, s, { after: first.lastId })
  await eventually(() => second.events.length === 2, 'what was missed')
  await tell(s, patientUpdated, 6)
  await eventually(() => second.events.length === 3, 'what comes')
  t.same(subjectsOf(second).sort(), ['3', '4', '6'])
  const all = await read(t, s, { after: start })
  await eventually(() => all.events.length === 5, 'everything since the start')
  await delay(200)
  t.same(subjectsOf(all).sort(), ['1', '2', '3', '4', '6'])
  const middle = all.events[1]
  const rest = await read(t, s, { after: middle?.id ?? '' })
  await eventually(() => rest.events.length === 3, 'from the middle')
  t.same(subjectsOf(rest).sort(), subjectsOf(all).slice(2).sort())
})

tap.test('the message server may go and come back', async (t) => {
  const s = await begin(t)
  const reader = await read(t, s)
  await tell(s, patientUpdated, 1)
  await eventually(() => reader.events.length === 1, 'before')
  await s.nats.restart()
  await eventually(() => s.messaging.isConnected(), 'connected again')
  await tell(s, patientUpdated, 2)
  await eventually(() => reader.events.length === 2, 'after')
  t.notOk(reader.ended)
  t.same(subjectsOf(reader), ['1', '2'])
})

tap.test('the stream ends with the session, and when permissions change', async (t) => {
  const s = await begin(t)
  for (const id of ['session-2', 'session-3']) s.sessions.set(id, nurse)
  const [ended, changed, told, other] = await Promise.all([
    read(t, s),
    read(t, s, { token: s.token({ sid: 'session-2' }) }),
    read(t, s, { token: s.token({ sid: 'session-3', sub: '6' }) }),
    read(t, s, { token: s.token({ sid: 'session-3', sub: '7' }) }),
  ])
  const began = Date.now()
  s.sessions.delete('session-1')
  s.sessions.set('session-2', { ...nurse, permissions: ['patients.read'] })
  await eventually(() => ended.ended && changed.ended, 'both have ended', 5_000)
  t.ok(Date.now() - began < 5_000)
  t.notOk(told.ended || other.ended, 'others go on')
  t.equal((await s.ask(path)).status, 401)

  // Identity tells of it: sooner still.
  s.sessions.delete('session-3')
  await tell(s, sessionsEnded, 6, 'hospital_a', { user_id: 6 })
  await eventually(() => told.ended, 'the session that was told of', 2_000)
})

tap.test('who is not allowed in gets a problem', async (t) => {
  const s = await begin(t)
  const codeOf = async (init: Parameters<Stage['ask']>[1], query = ''): Promise<[number, string]> => {
    const response = await s.ask(path + query, init)
    t.match(response.headers.get('content-type'), 'application/problem+json')
    return [response.status, ((await response.json()) as { code: string }).code]
  }
  t.same(await codeOf({ token: null }), [401, 'unauthenticated'])
  t.same(await codeOf({ headers: { 'x-tenant-id': 'hospital_b' } }), [403, 'tenant-mismatch'])
  t.same(await codeOf({}, '?patient=1'), [400, 'invalid-request'])
  t.same(await codeOf({ method: 'POST' }), [405, 'method-not-allowed'])
  const { lastId } = await read(t, s)
  s.sessions.set('session-b', nurse)
  const wrong = [
    '1',
    'null',
    '../..',
    `${lastId}x`,
    `${lastId.startsWith('x') ? 'y' : 'x'}${lastId.slice(1)}`,
    `${lastId.slice(0, -4)}AAAA`,
    'A'.repeat(2_000),
  ]
  for (const id of wrong) t.same(await codeOf({ headers: { 'last-event-id': id } }), [400, 'invalid-request'], id)
  const foreign = { token: s.token({ tid: 'hospital_b', sid: 'session-b' }), headers: { 'last-event-id': lastId } }
  t.same(await codeOf(foreign), [400, 'invalid-request'], 'a position of another hospital')
})

tap.test('a person has ten streams at most, and gets the place back', async (t) => {
  const s = await begin(t)
  const readers = []
  for (let count = 0; count < 10; count++) readers.push(await read(t, s))
  const refused = await s.ask(path)
  t.equal(refused.status, 429)
  t.ok(Number(refused.headers.get('retry-after')) > 0)
  await read(t, s, { token: s.token({ sub: '6' }) })
  readers[0]?.leave()
  await delay(300)
  await read(t, s)
})

tap.test('a gateway that stops ends its streams', async (t) => {
  const s = await begin(t)
  const reader = await read(t, s)
  const began = Date.now()
  await s.app.close()
  t.ok(Date.now() - began < 3_000)
  await eventually(() => reader.ended, 'ended')
})

tap.test('who does not read is cut off', async (t) => {
  const output = new PassThrough()
  const writer = eventWriter(output, 100)
  const lines = ['data: '.padEnd(1_000, 'x')]
  for (let count = 0; count < 1_000 && !output.destroyed; count++) await writer.write(lines)
  t.ok(output.destroyed)
  t.ok(output.readableLength + output.writableLength < 200_000, 'little has piled up')
  await writer.write(lines)

  const read = new PassThrough().resume()
  const other = eventWriter(read, 100)
  for (let count = 0; count < 1_000; count++) await other.write(lines)
  t.notOk(read.destroyed, 'who reads stays')
  other.end()
  await eventually(() => read.destroyed, 'ended')
})

tap.test('positions are sealed for one hospital, and not for ever', async (t) => {
  let now = Date.parse('2026-11-23T09:00:00Z')
  const positions = positionsOf('secret', () => now)
  const position = { IDENTITY: 0, CLINICAL: 2 ** 40, SCHEDULING: 7 }
  const text = positions.write('hospital_a', position)
  t.same(positions.read('hospital_a', text), position)
  t.equal(positionsOf('another', () => now).read('hospital_a', text), null)
  t.equal(positions.read('hospital_b', text), null)
  now += 30 * 24 * 3_600_000
  t.equal(positions.read('hospital_a', text), null)
})

tap.test('the stream is in the document', async (t) => {
  const s = await begin(t)
  const document = (await (await fetch(`${s.url}/openapi.json`)).json()) as { paths: Record<string, object> }
  t.match(document.paths[path], {
    get: { operationId: 'streamEvents', responses: { 200: {}, 400: {}, 401: {}, 429: {} } },
  })
})
