import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import * as contracts from '@hospital/contracts'
import { type CloudEvent, event, eventSubject, eventType, Problem, problem, rpc } from '@hospital/contracts'
import { startNats } from '@hospital/testing'
import { type TSchema, Type } from '@sinclair/typebox'
import { connect } from 'nats'
import tap, { type Test } from 'tap'
import { connectMessaging, type Messaging, type OutboxReader, type OutboxRow, RpcUnavailable } from '../src/index.ts'
import { mismatch } from '../src/schema-check.ts'

const userUpdated = event({
  service: 'identity',
  entity: 'user',
  verb: 'updated',
  version: 1,
  data: Type.Object({ id: Type.Integer(), name: Type.String(), version: Type.Integer() }),
})
const userCreated = { ...userUpdated, verb: 'created' }

const server = await startNats()
tap.teardown(() => server.stop())

const lines: object[] = []
const collect = (fields: object): void => void lines.push(fields)
const log = { info: collect, warn: collect, error: collect }

async function join(t: Test, name = 'clinical'): Promise<Messaging> {
  const messaging = await connectMessaging({ url: server.url, name, log })
  t.teardown(() => messaging.close())
  return messaging
}

/** A connection that has seen to all streams. */
async function admin(t: Test): Promise<Messaging> {
  const messaging = await join(t, 'tests')
  await messaging.ensureStreams()
  return messaging
}

function row(data: { id: number; name: string; version: number }, given: Partial<CloudEvent> = {}): OutboxRow {
  const id = randomUUID()
  const envelope: CloudEvent = {
    specversion: '1.0',
    id,
    source: '/identity',
    type: eventType(userUpdated),
    subject: String(data.id),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: 'hospital_a',
    requestid: 'request-1',
    actorid: '1',
    data,
    ...given,
  }
  return { id, subject: eventSubject(userUpdated, 'hospital_a'), envelope }
}

async function eventually(check: () => boolean | Promise<boolean>, what: string, ms = 8_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await delay(20)
  }
}

async function deadLetters(durable: string) {
  const nc = await connect({ servers: server.url })
  const stream = await nc.jetstream().streams.get('DEAD_LETTERS')
  const found: { subject: string; tries: string; body: Record<string, unknown> }[] = []
  const { state } = await stream.info()
  for (let seq = Math.max(state.first_seq, 1); seq <= state.last_seq; seq++) {
    const message = await stream.getMessage({ seq })
    const body = message.json<Record<string, unknown>>()
    if (body.consumer === durable)
      found.push({ subject: message.subject, tries: message.header.get('Dead-Tries'), body })
  }
  await nc.close()
  return found
}

/** An outbox in memory that behaves as the one in the database: what is not marked comes again. */
function memoryOutbox() {
  const waiting = new Map<string, OutboxRow>()
  let wake = (): void => undefined
  const reader: OutboxReader = {
    async takeBatch(limit, publish) {
      const batch = [...waiting.values()].slice(0, limit)
      if (batch.length === 0) return { taken: 0, published: 0 }
      const published = await publish(batch)
      for (const id of published) waiting.delete(id)
      return { taken: batch.length, published: published.length }
    },
    onWake(callback) {
      wake = callback
      return () => undefined
    },
  }
  const add = (one: OutboxRow): void => {
    waiting.set(one.id, one)
    wake()
  }
  return { reader, add, size: () => waiting.size }
}

tap.test('an event reaches a consumer once, with what it carries', async (t) => {
  const sender = await admin(t)
  const receiver = await join(t)
  const seen: CloudEvent<{ name: string }>[] = []
  receiver.consume({
    durable: 'clinical-once',
    stream: 'IDENTITY',
    events: [userUpdated],
    handle: async (received) => void seen.push(received),
  })
  const one = row({ id: 1, name: 'Grace', version: 1 })
  await sender.publish(one)
  await sender.publish(one)
  await eventually(() => seen.length > 0, 'received')
  await delay(200)
  t.equal(seen.length, 1, 'published twice, stored once')
  t.match(seen[0], { id: one.id, tenantid: 'hospital_a', requestid: 'request-1', data: { name: 'Grace' } })
  t.equal(await sender.backlog('IDENTITY', 'clinical-once'), 0)
})

tap.test('a failing handler is tried five times with pauses, then the event is a dead letter', async (t) => {
  const sender = await admin(t)
  const receiver = await join(t)
  const tries: number[] = []
  let others = 0
  receiver.consume({
    durable: 'clinical-failing',
    stream: 'IDENTITY',
    events: [userUpdated],
    backoffMs: [20, 30],
    async handle(received, delivery) {
      if (received.data.id !== 666) return void others++
      tries.push(delivery.tries)
      throw new Error('cannot be done')
    },
  })
  const bad = row({ id: 666, name: 'Bad', version: 1 })
  await sender.publish(bad)
  await sender.publish(row({ id: 2, name: 'Good', version: 1 }))
  await eventually(async () => (await deadLetters('clinical-failing')).length > 0, 'dead letter')
  t.same(tries, [1, 2, 3, 4, 5])
  t.ok(others > 0, 'the event behind it was not held up')
  const [letter] = await deadLetters('clinical-failing')
  t.equal(letter?.subject, 'dead.clinical.identity.hospital_a.user.updated.v1')
  t.equal(letter?.tries, '5')
  t.match(letter?.body, { reason: 'Error: cannot be done', tries: 5, event: { id: bad.id } })
  await eventually(async () => (await sender.backlog('IDENTITY', 'clinical-failing')) === 0, 'nothing left')
})

tap.test('what can never be handled goes to dead letters at once', async (t) => {
  const sender = await admin(t)
  const receiver = await join(t)
  let handled = 0
  receiver.consume({
    durable: 'clinical-refusing',
    stream: 'IDENTITY',
    events: [userUpdated],
    handle: async () => void handled++,
  })
  await eventually(
    async () => (await sender.backlog('IDENTITY', 'clinical-refusing').catch(() => 1)) === 0,
    'caught up',
  )
  handled = 0
  const data = { id: 3, name: 'Eve', version: 1 }
  await sender.publish(row(data, { tenantid: 'hospital_b' }))
  await sender.publish(row(data, { type: 'hospital.identity.user.deleted.v1' }))
  await sender.publish(row({ ...data, version: 'new' as unknown as number }))
  await sender.publish({
    id: randomUUID(),
    subject: eventSubject(userUpdated, 'hospital_a'),
    envelope: [1] as unknown as CloudEvent,
  })
  await eventually(async () => (await deadLetters('clinical-refusing')).length === 4, 'four dead letters')
  const letters = await deadLetters('clinical-refusing')
  t.ok(letters.every((letter) => letter.tries === '1'))
  t.match(letters.map((letter) => letter.body.reason).sort(), [
    'the body is not a JSON object',
    /data does not match its schema at \/version/,
    'the tenant of the event differs from the tenant of its subject',
    'the type of the event differs from the type of its subject',
  ])
  t.equal(handled, 0)
})

tap.test('an outage holds the event without using up its tries', async (t) => {
  const sender = await admin(t)
  const receiver = await join(t)
  class DatabaseAway extends Error {}
  const tries: number[] = []
  receiver.consume({
    durable: 'clinical-holding',
    stream: 'IDENTITY',
    events: [userUpdated],
    isOutage: (error) => error instanceof DatabaseAway,
    async handle(received, delivery) {
      if (received.data.id !== 4) return
      tries.push(delivery.tries)
      if (tries.length < 3) throw new DatabaseAway()
    },
  })
  await sender.publish(row({ id: 4, name: 'Held', version: 1 }))
  await eventually(() => tries.length === 3, 'handled after the outage')
  t.same(tries, [1, 1, 1])
})

tap.test('events of several kinds share one consumer; others are left alone', async (t) => {
  const sender = await admin(t)
  const receiver = await join(t)
  const seen: string[] = []
  receiver.consume({
    durable: 'clinical-several',
    stream: 'IDENTITY',
    events: [userUpdated, userCreated],
    handle: async (received) => void seen.push(received.type),
  })
  await eventually(async () => (await sender.backlog('IDENTITY', 'clinical-several').catch(() => 1)) === 0, 'caught up')
  seen.length = 0
  const data = { id: 5, name: 'New', version: 1 }
  const created = row(data, { type: eventType(userCreated) })
  await sender.publish({ ...created, subject: eventSubject(userCreated, 'hospital_a') })
  await sender.publish({ ...row(data), subject: 'identity.hospital_a.user.archived.v1' })
  await sender.publish(row(data))
  await eventually(() => seen.length === 2, 'both')
  await eventually(async () => (await sender.backlog('IDENTITY', 'clinical-several')) === 0, 'nothing left')
  t.same(seen.sort(), ['hospital.identity.user.created.v1', 'hospital.identity.user.updated.v1'])
})

tap.test('reordered and repeated deliveries end in the newest version', async (t) => {
  const sender = await admin(t)
  const receiver = await join(t)
  const copy = new Map<number, { name: string; version: number }>()
  const failedOnce = new Set<string>()
  receiver.consume({
    durable: 'clinical-reorder',
    stream: 'IDENTITY',
    events: [userUpdated],
    backoffMs: [50],
    async handle({ id, data }) {
      // Every third event fails at first and so comes again behind newer ones.
      if (data.id === 70 && data.version % 3 === 0 && !failedOnce.has(id)) {
        failedOnce.add(id)
        throw new Error('not now')
      }
      if (data.version > (copy.get(data.id)?.version ?? 0)) copy.set(data.id, data)
    },
  })
  for (const version of [1, 2, 3, 5, 4, 6, 9, 7, 8]) await sender.publish(row({ id: 70, name: `v${version}`, version }))
  await eventually(() => failedOnce.size === 3, 'three came late')
  await eventually(async () => (await sender.backlog('IDENTITY', 'clinical-reorder')) === 0, 'nothing left')
  t.same(copy.get(70), { id: 70, name: 'v9', version: 9 })
})

tap.test('the relay empties the outbox, through a restart of the server and the loss of its data', async (t) => {
  const sender = await admin(t)
  const receiver = await join(t)
  const seen = new Map<string, number>()
  receiver.consume({
    durable: 'clinical-restart',
    stream: 'IDENTITY',
    events: [userUpdated],
    handle: async ({ id }) => void seen.set(id, (seen.get(id) ?? 0) + 1),
  })
  const outbox = memoryOutbox()
  const relay = sender.startRelay(outbox.reader)
  const ids: string[] = []
  const write = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const one = row({ id: 100 + i, name: 'Relayed', version: 1 })
      ids.push(one.id)
      outbox.add(one)
    }
  }
  const allSeen = (): boolean => ids.every((id) => seen.has(id))

  write(500)
  await eventually(allSeen, 'all of the first')
  t.equal(outbox.size(), 0)

  await server.kill()
  await eventually(() => !sender.isConnected(), 'noticed')
  write(50)
  await delay(300)
  t.equal(outbox.size(), 50, 'kept while the server is away')
  await server.restart()
  const back = performance.now()
  await eventually(allSeen, 'all after the restart', 15_000)
  t.comment(`caught up ${Math.round(performance.now() - back)} ms after the server came back`)
  await eventually(() => outbox.size() === 0, 'all marked')

  await server.restart({ forget: true })
  await eventually(() => sender.isConnected(), 'connected again')
  write(20)
  await eventually(allSeen, 'all after the loss', 20_000)
  await relay.drain()
  t.equal(outbox.size(), 0)
  t.equal(ids.length, 570)
})

const double = rpc({
  subject: 'rpc.clinical.double',
  request: Type.Object({ n: Type.Integer() }),
  reply: Type.Object({ n: Type.Integer() }),
})

tap.test('a question is answered by one instance; problems, request id and trace survive the hop', async (t) => {
  const asker = await join(t, 'gateway')
  const answerer = await join(t)
  const second = await join(t)
  const traces: unknown[] = []
  const handle = async ({ n }: { n: number }, trace: object): Promise<{ n: number }> => {
    traces.push(trace)
    if (n === 13) throw problem('slot-taken', { detail: 'No.', extensions: { alternatives: [1] } })
    if (n === 14) throw new Error('secret detail of the database')
    if (n === 15) return { n: 'wrong' as unknown as number }
    return { n: n * 2 }
  }
  answerer.respond(double, handle)
  second.respond(double, handle)
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  t.same(await asker.request(double, { n: 21 }, { requestId: 'r-1', traceparent }), { n: 42 })
  t.same(traces, [{ requestId: 'r-1', traceparent }], 'one instance heard it')

  const refusal = await asker.request(double, { n: 13 }).catch((error) => error)
  t.ok(refusal instanceof Problem)
  t.match(refusal, { code: 'slot-taken', message: 'No.', options: { extensions: { alternatives: [1] } } })
  t.match(await asker.request(double, { n: 1.5 }).catch((error) => error), { code: 'invalid-request' })
  const failure = await asker.request(double, { n: 14 }).catch((error) => error)
  t.match(failure, { code: 'internal-error' })
  t.notMatch(JSON.stringify(failure), 'secret')
  t.notMatch(JSON.stringify(lines), 'secret', 'nor in the log')
  t.match(await asker.request(double, { n: 15 }).catch((error) => error), { code: 'bad-gateway' })

  const started = performance.now()
  for (let n = 100; n < 600; n++) await asker.request(double, { n })
  t.comment(`${((performance.now() - started) / 500).toFixed(3)} ms a question`)
})

tap.test('a question nobody answers ends as unavailable, soon', async (t) => {
  const asker = await join(t, 'gateway')
  const nobody = { ...double, subject: 'rpc.clinical.nobody' }
  const started = performance.now()
  const failure = await asker.request(nobody, { n: 1 }).catch((error) => error)
  t.ok(failure instanceof RpcUnavailable)
  t.match(failure, { code: 'service-unavailable', options: { retryAfterSeconds: 2 } })
  t.ok(performance.now() - started < 1_500)

  const slow = { ...double, subject: 'rpc.clinical.slow' }
  const answerer = await join(t)
  answerer.respond(slow, () => delay(2_000, { n: 1 }, { ref: false }))
  t.ok((await asker.request(slow, { n: 1 }, { timeoutMs: 100 }).catch((error) => error)) instanceof RpcUnavailable)

  // One that comes back within the moment is waited for.
  const late = { ...double, subject: 'rpc.clinical.late' }
  const answer = asker.request(late, { n: 4 })
  await delay(250)
  answerer.respond(late, async ({ n }) => ({ n }))
  t.same(await answer, { n: 4 })
})

tap.test('a program starts while the server is away', async (t) => {
  await server.kill()
  const started = performance.now()
  const messaging = await join(t)
  t.ok(performance.now() - started < 3_000)
  t.equal(messaging.isConnected(), false)
  t.ok(
    (await messaging.request(double, { n: 1 }, { timeoutMs: 100 }).catch((error) => error)) instanceof RpcUnavailable,
  )
  messaging.respond(double, async ({ n }) => ({ n }))
  const seen: string[] = []
  messaging.consume({
    durable: 'clinical-early',
    stream: 'IDENTITY',
    events: [userUpdated],
    handle: async ({ data }) => void seen.push(data.name),
  })
  const heard: string[] = []
  messaging.listen('identity.*.user.*.*', ({ subject }) => heard.push(subject))
  await server.restart()
  const sender = await admin(t)
  await eventually(() => messaging.isConnected(), 'connected')
  t.same(await messaging.request(double, { n: 8 }), { n: 8 })
  await sender.publish(row({ id: 9, name: 'Late', version: 1 }))
  await eventually(() => seen.includes('Late'), 'consumed')
  t.ok(heard.includes('9'), 'heard in passing')
})

tap.test('closing finishes what is in work', async (t) => {
  const sender = await admin(t)
  const receiver = await connectMessaging({ url: server.url, name: 'clinical', log })
  let finished = 0
  let begun = 0
  receiver.consume({
    durable: 'clinical-closing',
    stream: 'IDENTITY',
    events: [userUpdated],
    concurrency: 2,
    async handle({ data }) {
      if (data.id !== 77) return
      begun++
      await delay(300)
      finished++
    },
  })
  for (let i = 0; i < 10; i++) await sender.publish(row({ id: 77, name: 'Slow', version: i }))
  await eventually(() => begun > 0, 'begun')
  await receiver.close()
  t.equal(finished, begun)
  t.ok(finished < 10)
  await eventually(
    async () => (await sender.backlog('IDENTITY', 'clinical-closing')) >= 10 - finished,
    'the rest waits',
  )
})

tap.test('every event and question of the system can be checked', async (t) => {
  const known = Object.values(contracts).filter((value) => typeof value === 'object' && value !== null)
  const schemas = known.flatMap((value) => {
    if ('request' in value && 'reply' in value) return [value.request, value.reply] as TSchema[]
    return 'verb' in value && 'data' in value ? [value.data as TSchema] : []
  })
  t.ok(schemas.length > 5)
  for (const schema of schemas) t.doesNotThrow(() => mismatch(schema, {}))
})
