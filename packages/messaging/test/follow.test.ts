import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type CloudEvent, eventSubject, eventType, userUpdated } from '@hospital/contracts'
import { natsUser, type Program, startNats, type TestNats } from '@hospital/testing'
import { connect } from 'nats'
import tap, { type Test } from 'tap'
import { connectMessaging, type FollowOptions, type Messaging, type OutboxRow } from '../src/index.ts'

// With the permissions that the programs really have.
const programs: Program[] = ['identity', 'gateway']
const lines: object[] = []
const collect = (fields: object): void => void lines.push(fields)
const log = { info: collect, warn: collect, error: collect }

interface Stage {
  server: TestNats
  identity: Messaging
  gateway: Messaging
}

async function stage(t: Test): Promise<Stage> {
  const server = await startNats({ users: programs.map((name) => natsUser(name, `secret-of-${name}`)) })
  const join = (name: Program): Promise<Messaging> =>
    connectMessaging({ url: server.url, user: name, password: `secret-of-${name}`, name, log })
  const [identity, gateway] = await Promise.all([join('identity'), join('gateway')])
  await identity.ensureStreams()
  t.teardown(async () => {
    await Promise.all([identity.close(), gateway.close()])
    await server.stop()
  })
  return { server, identity, gateway }
}

function row(number: number, tenantId = 'hospital_a'): OutboxRow {
  const id = randomUUID()
  const envelope: CloudEvent = {
    specversion: '1.0',
    id,
    source: '/identity',
    type: eventType(userUpdated),
    subject: String(number),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    requestid: 'request-1',
    actorid: '1',
    data: {},
  }
  return { id, subject: eventSubject(userUpdated, tenantId), envelope }
}

/** What a follower has heard, as `<entity id>@<position>`. */
function following({ gateway }: Stage, given: Partial<FollowOptions> = {}) {
  const heard: string[] = []
  const part = gateway.follow({
    stream: 'IDENTITY',
    tenantId: 'hospital_a',
    after: 0,
    hear: (event, sequence) => void heard.push(`${event.subject}@${sequence}`),
    ...given,
  })
  return { heard, close: () => part.close() }
}

async function eventually(check: () => boolean | Promise<boolean>, what: string, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`)
    await delay(20)
  }
}

async function publish({ identity }: Stage, rows: OutboxRow[]): Promise<void> {
  for (const one of rows) await identity.publish(one)
}

tap.test('one hospital is heard, from a position or from now on, with the permissions of the gateway', async (t) => {
  const s = await stage(t)
  await publish(s, [row(1), row(2, 'hospital_b'), row(3)])
  const all = following(s)
  const rest = following(s, { after: 1 })
  const fresh = following(s, { after: null })
  await eventually(() => all.heard.length === 2 && rest.heard.length === 1, 'the past')
  await delay(300)
  await publish(s, [row(4), row(5, 'hospital_b')])
  await eventually(() => [all, rest, fresh].every(({ heard }) => heard.at(-1) === '4@4'), 'the new one')
  t.same(all.heard, ['1@1', '3@3', '4@4'])
  t.same(rest.heard, ['3@3', '4@4'])
  t.same(fresh.heard, ['4@4'])
  await all.close()
  await publish(s, [row(6)])
  await eventually(() => fresh.heard.length === 2, 'the others go on')
  t.equal(all.heard.length, 3, 'closed, nothing is heard')
  for (const tenantId of ['*', '>', 'a.b', ''])
    t.throws(() => following(s, { tenantId }), /not the id of a hospital/, tenantId)
})

tap.test('nothing is missed or repeated when the server goes and comes back', async (t) => {
  const s = await stage(t)
  const { heard } = following(s)
  await publish(s, [row(1), row(2)])
  await eventually(() => heard.length === 2, 'before')
  for (const round of [1, 2]) {
    await s.server.restart()
    await eventually(() => s.identity.isConnected(), 'connected again')
    await publish(s, [row(2 * round + 1), row(2 * round + 2)])
  }
  await eventually(() => heard.length >= 6, 'after')
  await delay(300)
  t.same(heard, ['1@1', '2@2', '3@3', '4@4', '5@5', '6@6'])
})

tap.test('a stream that was lost is heard from its new beginning', async (t) => {
  const s = await stage(t)
  const { heard } = following(s)
  await publish(s, [row(1), row(2), row(3)])
  await eventually(() => heard.length === 3, 'before')
  await s.server.restart({ forget: true })
  await eventually(
    () =>
      s.identity.publish(row(4)).then(
        () => true,
        () => false,
      ),
    'the stream is made again',
  )
  await eventually(() => heard.length === 4, 'after')
  t.same(heard, ['1@1', '2@2', '3@3', '4@1'])
})

tap.test('more than a round is heard in order by one who takes his time; an error costs one event', async (t) => {
  const s = await stage(t)
  const many = Array.from({ length: 1_203 }, (_, at) => row(at + 1))
  await Promise.all(many.map((one) => s.identity.publish(one)))
  const sequences: number[] = []
  let hearing = 0
  let together = 0
  const follower = following(s, {
    hear: async (_event, sequence) => {
      together = Math.max(together, ++hearing)
      if (sequence % 100 === 0) await delay(20)
      hearing--
      sequences.push(sequence)
      if (sequence === 7) throw new Error('cannot be heard')
    },
  })
  await eventually(() => sequences.length >= many.length, 'all')
  t.same(
    sequences,
    many.map((_, at) => at + 1),
  )
  t.equal(together, 1)
  await follower.close()
})

tap.test('what contradicts its subject is left out', async (t) => {
  const s = await stage(t)
  const { heard } = following(s)
  const foreign = { ...row(1, 'hospital_b'), subject: eventSubject(userUpdated, 'hospital_a') }
  const other = row(2)
  await publish(s, [foreign, { ...other, envelope: { ...other.envelope, type: 'hospital.identity.role.updated.v1' } }])
  await publish(s, [row(3)])
  await eventually(() => heard.length > 0, 'the good one')
  t.same(heard, ['3@3'])
})

tap.test('the gateway may follow, and no more', async (t) => {
  const { server } = await stage(t)
  const settings = { servers: server.url, user: 'gateway', pass: 'secret-of-gateway', inboxPrefix: '_INBOX_gateway' }
  const nc = await connect(settings)
  t.teardown(() => nc.close())
  const refused = [
    '$JS.API.STREAM.INFO.DEAD_LETTERS',
    '$JS.API.STREAM.CREATE.IDENTITY',
    '$JS.API.STREAM.PURGE.IDENTITY',
    '$JS.API.STREAM.MSG.GET.IDENTITY',
    '$JS.API.CONSUMER.CREATE.IDENTITY',
    '$JS.API.CONSUMER.CREATE.DEAD_LETTERS.x.dead.>',
    '$JS.API.CONSUMER.DURABLE.CREATE.IDENTITY.x',
    '$JS.API.CONSUMER.DELETE.IDENTITY.clinical-users',
    '$JS.API.CONSUMER.MSG.NEXT.IDENTITY.clinical-users',
    '$JS.ACK.IDENTITY.clinical-users.1.1.1.1.0',
    'identity.hospital_a.user.updated.v1',
    'dead.gateway.x',
  ]
  for (const subject of refused)
    await t.rejects(nc.request(subject, '{}', { timeout: 500 }), { code: 'PERMISSIONS_VIOLATION' }, subject)
})
