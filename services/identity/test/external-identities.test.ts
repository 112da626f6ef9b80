import { resolveExternal } from '@hospital/contracts'
import t from 'tap'
import { startIdentity } from './identity-system.ts'

t.setTimeout(120_000)

t.test('people of trusted identity providers', async (t) => {
  const system = await startIdentity()
  t.teardown(() => system.stop())
  const { newUser, db } = system
  const issuer = 'https://issuer.example.org'
  const ask = (
    subject: string,
    more: { email?: string; email_verified?: boolean; tenant_id?: string; issuer?: string; issued_at?: number } = {},
  ) =>
    system.outside.request(resolveExternal, {
      issuer,
      email: null,
      email_verified: true,
      tenant_id: null,
      subject,
      ...more,
    })

  t.test('known by a verified e-mail the first time, by (issuer, subject) from then on', async (t) => {
    const user = await newUser({ email: 'Eve@example.org', role: 'Doctor' })
    t.equal(await ask('s1', { email: 'eve@example.org', email_verified: false }), null, 'not verified')
    t.equal(await ask('s1'), null, 'no e-mail')
    const first = await ask('s1', { email: 'EVE@example.org' })
    t.match(first, { active: true, user_id: user.id, tenant_id: 'hospital_a', roles: ['Doctor'] })
    t.ok(first?.permissions.includes('records.sign'), 'roles come from our database')
    t.match(await ask('s1', { email: 'somebody.else@example.org' }), { user_id: user.id })
    t.equal(await ask('s2', { email: 'eve@example.org' }), null, 'another subject is another person')
    t.match(await ask('s1', { issuer: 'https://second.example.org', email: 'eve@example.org' }), { user_id: user.id })
    t.equal((await system.audit('linkExternalIdentity')).length, 2)
    await db.query("UPDATE users SET status = 'inactive' WHERE id = $1", [user.id])
    t.equal(await ask('s1'), null, 'inactive')
  })

  t.test('in several hospitals the header chooses', async (t) => {
    const email = 'two@example.org'
    const a = await newUser({ email })
    const b = await newUser({ email, tenant: 'hospital_b' })
    t.equal(await ask('t1', { email }), null, 'which one?')
    t.match(await ask('t1', { email, tenant_id: 'hospital_b' }), { user_id: b.id })
    t.match(await ask('t1', { email }), { user_id: b.id }, 'the one that is linked')
    t.match(await ask('t1', { email, tenant_id: 'hospital_a' }), { user_id: a.id })
    t.equal(await ask('t1', { email }), null, 'two linked: the header is needed')
    await db.query("UPDATE tenants SET status = 'suspended' WHERE id = 'hospital_b'")
    t.equal(await ask('t1', { tenant_id: 'hospital_b' }), null)
  })

  t.test('signing out stops the tokens that were issued before', async (t) => {
    const user = await newUser()
    const now = Math.floor(Date.now() / 1000)
    const first = await ask('o1', { email: user.email, issued_at: now })
    t.match(first, { user_id: user.id })
    const asker = { ...user.asker, sessionId: first?.session_id ?? '' }
    t.equal((await system.post(asker, '/api/auth/logout')).status, 204)
    await t.rejects(ask('o1', { issued_at: now }), { code: 'unauthenticated' })
    await t.rejects(ask('o1'), { code: 'unauthenticated' })
    t.match(await ask('o1', { issued_at: now + 2 }), { user_id: user.id }, 'a new sign-in at the provider')
    t.match((await system.events('session', 'ended')).at(-1), { user_id: user.id, session_ids: [first?.session_id] })
  })

  t.test('an invited user needs no password', async (t) => {
    const user = await newUser({ status: 'invited' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('u1', { email: user.email })))
    t.ok(
      answers.every((answer) => answer?.user_id === user.id),
      'also when five first tokens come at once',
    )
    t.match(
      (await system.events('user', 'updated')).filter(({ id }) => id === user.id),
      [{ status: 'active', version: 2 }],
    )
  })
})
