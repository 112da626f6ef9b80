import { randomUUID } from 'node:crypto'
import {
  type CloudEvent,
  clinicalAudit,
  clinicalProvisioned,
  type EventContract,
  eventSubject,
  eventType,
  type ReplyOf,
  schedulingProvisioned,
} from '@hospital/contracts'
import { connectMessaging } from '@hospital/messaging'
import { createLog } from '@hospital/service'
import t from 'tap'
import { type Asker, goodPassword, startIdentity, until } from './identity-system.ts'

t.setTimeout(120_000)

t.test('hospitals', async (t) => {
  const system = await startIdentity()
  t.teardown(() => system.stop())
  const { get, post, patch, newUser, db } = system
  const operator: Asker = (await newUser({ tenant: 'platform', role: 'Operator' })).asker
  const log = createLog('clinical', 'silent')
  const services = await Promise.all(
    (['clinical', 'scheduling'] as const).map((name) => connectMessaging({ url: system.natsUrl, name, log })),
  )
  t.teardown(() => Promise.all(services.map((service) => service.close())))
  for (const service of services) await service.ensureStreams()

  /** What a service says when it has a hospital's schema. */
  const answer = (contract: EventContract, tenantId: string) => {
    const [clinical, scheduling] = services
    const service = contract.service === 'clinical' ? clinical : scheduling
    const id = randomUUID()
    const event: CloudEvent = {
      specversion: '1.0',
      id,
      source: `/hospital/${contract.service}`,
      type: eventType(contract),
      subject: tenantId,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      tenantid: tenantId,
      requestid: 'r',
      actorid: '0',
      data: { id: tenantId },
    }
    return service?.publish({ id, subject: eventSubject(contract, tenantId), envelope: event })
  }
  const statusOf = async (id: string) => (await get(operator, `/api/tenants/${id}`)).body.status
  const create = (body: object) =>
    post(operator, '/api/tenants', {
      name: 'New Hospital',
      admin: { name: 'First Admin', email: 'first@example.org', password: goodPassword },
      ...body,
    })

  t.test('provisioning until both services have their schema', async (t) => {
    const made = await create({ id: 'new_hospital', timezone: 'Europe/Berlin' })
    t.equal(made.status, 201)
    t.match(made.body, { id: 'new_hospital', status: 'provisioning', timezone: 'Europe/Berlin', version: 1 })
    t.equal(made.headers['etag'], '"1"')
    t.match(await system.events('tenant', 'created', 'new_hospital'), [{ id: 'new_hospital', status: 'provisioning' }])
    t.match(await system.events('user', 'created', 'new_hospital'), [{ email: 'first@example.org', is_doctor: false }])
    t.match((await system.signIn('first@example.org')).body, { code: 'tenant-provisioning' })
    t.match((await patch(operator, '/api/tenants/new_hospital', 1, { status: 'active' })).body, {
      code: 'illegal-transition',
    })
    await answer(clinicalProvisioned, 'new_hospital')
    await answer(clinicalProvisioned, 'new_hospital')
    await until('clinical is noted', async () => {
      const [row] = await db.query<{ p: object }>(
        "SELECT settings->'provisioned' AS p FROM tenants WHERE id = 'new_hospital'",
      )
      return row?.p !== null
    })
    t.equal(await statusOf('new_hospital'), 'provisioning', 'one of two')
    await answer(schedulingProvisioned, 'new_hospital')
    await until('the hospital is active', async () => (await statusOf('new_hospital')) === 'active')
    t.match(await system.events('tenant', 'updated', 'new_hospital'), [{ status: 'active', version: 2 }])
    const first = await system.signIn('first@example.org')
    t.match(first.body.user, { tenant_id: 'new_hospital', roles: ['Admin'] })
    t.match(await system.audit('createTenant', 'platform'), [{ outcome: 'success', actor_id: operator.userId }])
  })

  t.test('refused: the same id, reserved ids, unknown zones, weak passwords', async (t) => {
    t.match((await create({ id: 'new_hospital' })).body, { status: 409, code: 'tenant-exists' })
    t.match((await create({ id: 'platform' })).body, { code: 'tenant-exists' })
    t.match((await create({ id: 'scheduling' })).body, { code: 'tenant-exists' })
    t.equal((await create({ id: 'Upper' })).status, 400)
    t.match((await create({ id: 'zoned', timezone: 'Mars/Base' })).body, {
      status: 422,
      errors: [{ pointer: '/timezone' }],
    })
    const admin = { name: 'A', email: 'a@example.org', password: 'password1234' }
    t.match((await create({ id: 'weak', admin })).body, {
      code: 'weak-password',
      errors: [{ pointer: '/admin/password' }],
    })
    t.equal((await db.query("SELECT id FROM tenants WHERE id IN ('weak', 'zoned')")).length, 0)
    const nameless = await create({})
    t.match(nameless.body.id, /^tenant_\d+_[a-z]*$/)
  })

  t.test('an idempotency key makes one hospital of two requests', async (t) => {
    const body = { id: 'once', name: 'Once', admin: { name: 'A', email: 'once@example.org', password: goodPassword } }
    const send = () => post(operator, '/api/tenants', body, { 'idempotency-key': 'k1' })
    t.equal((await send()).status, 201)
    const again = await send()
    t.equal(again.status, 201)
    t.equal(again.headers['idempotent-replayed'], 'true')
  })

  t.test('suspended: tokens stop; reactivated: people come back', async (t) => {
    const user = await newUser({ tenant: 'hospital_b' })
    const { refresh_token } = (await system.signIn(user.email)).body
    const path = '/api/tenants/hospital_b'
    t.equal((await system.call(operator, 'PATCH', path, { status: 'suspended' })).status, 428)
    const suspended = await patch(operator, path, 1, { status: 'suspended' })
    t.match(suspended.body, { status: 'suspended', version: 2 })
    t.match((await system.events('tenant', 'updated', 'hospital_b')).at(-1), { status: 'suspended' })
    t.match((await patch(operator, path, 2, { status: 'suspended' })).body, { version: 2 }, 'said again, it is no step')
    t.equal((await system.events('tenant', 'updated', 'hospital_b')).length, 1)
    t.match((await system.signIn(user.email)).body, { code: 'tenant-suspended' })
    t.equal((await post(null, '/api/auth/refresh', { refresh_token })).status, 401)
    t.match((await patch(operator, path, 2, { status: 'active', name: 'B again' })).body, {
      status: 'active',
      name: 'B again',
    })
    t.equal((await system.signIn(user.email)).status, 200)
    t.equal((await patch(operator, path, 2, { name: 'C' })).status, 412)
  })

  t.test('operators see hospitals, not themselves, and no Admin sees them', async (t) => {
    const page = await get(operator, '/api/tenants?limit=2')
    t.equal(page.body.data.length, 2)
    const rest = await get(operator, `/api/tenants?limit=100&cursor=${page.body.page.next_cursor}`)
    const ids = [...page.body.data, ...rest.body.data].map(({ id }: { id: string }) => id)
    t.same(ids, [...ids].sort())
    t.notOk(ids.includes('platform'))
    t.ok(ids.includes('hospital_a') && ids.includes('once'))
    t.equal(
      (await get(operator, '/api/tenants?status=provisioning')).body.data.some(
        (x: { status: string }) => x.status !== 'provisioning',
      ),
      false,
    )
    t.equal((await get(operator, '/api/tenants/platform')).status, 404)
    t.equal((await get(operator, '/api/tenants/nowhere')).status, 404)
    const admin = (await newUser({ role: 'Admin' })).asker
    t.equal((await get(admin, '/api/tenants')).status, 403)
    t.same(
      (await get(operator, '/api/roles')).body.data.map((role: { name: string }) => role.name),
      ['Operator'],
    )
    const last = await system.call(operator, 'DELETE', `/api/users/${operator.userId}`)
    t.match(last.body, { code: 'last-admin' }, 'nor can the last operator go')
  })

  t.test('the trail of all services, newest first, page by page', async (t) => {
    const manager = (await newUser({ role: 'Manager', tenant: 'once' })).asker
    await db.query("UPDATE tenants SET status = 'active' WHERE id = 'once'")
    const theirs: ReplyOf<typeof clinicalAudit>['events'][number] = {
      id: 'clinical:0000000000000000007',
      at: '',
      service: 'clinical',
      actor_id: 5,
      actor_name: 'Dr. X',
      roles: ['Doctor'],
      action: 'getPatient',
      patient_id: 3,
      outcome: 'success',
      problem: null,
      request_id: 'r',
      address: null,
      purpose: null,
    }
    for (let i = 0; i < 5; i++) {
      await get(manager, '/api/auth/me')
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    const [middle] = await db.query<{ at: string }>(
      "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS at FROM audit_events WHERE tenant_id = 'once' AND action = 'getMe' ORDER BY id OFFSET 2 LIMIT 1",
    )
    theirs.at = middle?.at ?? ''
    const [clinical] = services
    clinical?.respond(clinicalAudit, async ({ tenant_id, before, action, limit }) => {
      t.equal(tenant_id, 'once')
      const after = before === null || theirs.at < before.at || (theirs.at === before.at && theirs.id < before.id)
      return { events: after && limit > 0 && (action === undefined || action === theirs.action) ? [theirs] : [] }
    })
    const seen: { id: string; at: string; action: string; service: string }[] = []
    for (let cursor = ''; ; ) {
      const page = await get(manager, `/api/audit-events?limit=2${cursor}`)
      t.same(page.body.missing, ['scheduling'], 'who did not answer is named')
      seen.push(...page.body.data)
      if (page.body.page.next_cursor === null || seen.length > 40) break
      cursor = `&cursor=${page.body.page.next_cursor}`
    }
    t.equal(new Set(seen.map(({ id }) => id)).size, seen.length, 'nothing twice')
    t.same(
      seen.map(({ at }) => at),
      seen
        .map(({ at }) => at)
        .sort()
        .reverse(),
    )
    t.equal(seen.filter(({ action }) => action === 'getMe').length, 5)
    t.equal(seen.filter(({ service }) => service === 'clinical').length, 1)
    const mine = await get(manager, `/api/audit-events?action=getMe&actor_id=${manager.userId}`)
    t.equal(mine.body.data.length, 5)
    t.equal((await get(manager, '/api/audit-events?to=2001-01-01T00:00:00Z&action=getMe')).body.data.length, 0)
    t.ok((await system.audit('listAuditEvents', 'once')).length > 3, 'reading the trail is on record')
    t.equal((await get((await newUser({ role: 'Nurse' })).asker, '/api/audit-events')).status, 403)
  })
})
