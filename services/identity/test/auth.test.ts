import { createPublicKey } from 'node:crypto'
import { checkSession } from '@hospital/contracts'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { createDecoder, createVerifier } from 'fast-jwt'
import t from 'tap'
import { goodPassword, startIdentity } from './identity-system.ts'

t.setTimeout(120_000)

t.test('signing in and what follows', async (t) => {
  const system = await startIdentity()
  t.teardown(() => system.stop())
  const { db, newUser, signIn, post, get } = system

  t.test('a password gives tokens that the published key verifies', async (t) => {
    const nurse = await newUser({ email: 'Nora@Example.org' })
    const { status, body } = await signIn('nora@example.ORG')
    t.equal(status, 200)
    t.match(body, {
      token_type: 'Bearer',
      expires_in: 600,
      user: { id: nurse.id, tenant_id: 'hospital_a', roles: ['Nurse'] },
    })
    t.ok(body.user.permissions.includes('labs.collect') && !body.user.permissions.includes('records.sign'))
    const jwks = await system.call(null, 'GET', '/.well-known/jwks.json')
    const [key] = jwks.body.keys
    t.notOk('d' in key, 'no private part')
    const { header } = createDecoder({ complete: true })(body.access_token) as { header: Record<string, unknown> }
    t.match(header, { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
    const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
    const claims = createVerifier({ key: pem, algorithms: ['EdDSA'], allowedIss: 'hospital', allowedAud: 'hospital' })(
      body.access_token,
    )
    t.match(claims, { sub: String(nurse.id), tid: 'hospital_a' })
    t.ok(claims.exp - claims.iat <= 600)
    const [session] = await db.query('SELECT user_id, ended_at FROM sessions WHERE id = $1', [claims.sid])
    t.same(session, { user_id: nurse.id, ended_at: null })
    const stored = await db.query<{ text: string }>("SELECT encode(token_hash, 'escape') AS text FROM refresh_tokens")
    t.notOk(
      stored.some(({ text }) => text.includes(body.refresh_token)),
      'refresh tokens are stored hashed',
    )
    t.match(await system.audit('signIn'), [{ actor_id: nurse.id, outcome: 'success' }], 'one row')
    const [user] = await db.query<{ last: unknown }>('SELECT last_login_date AS last FROM users WHERE id = $1', [
      nurse.id,
    ])
    t.ok(user?.last)
  })

  t.test('wrong passwords, unknown e-mails and inactive people are told the same, and are on record', async (t) => {
    const before = (await system.audit('signIn')).length
    const known = await newUser()
    const gone = await newUser({ status: 'inactive' })
    const wrong = await signIn(known.email, { password: 'wrong password here' })
    const unknown = await signIn('nobody@example.org')
    const inactive = await signIn(gone.email)
    for (const answer of [wrong, unknown, inactive]) {
      t.equal(answer.status, 401)
      t.same({ ...answer.body, request_id: '' }, { ...wrong.body, request_id: '' })
    }
    const rows = (await system.audit('signIn')).slice(before)
    t.match(rows, [
      { actor_id: known.id, outcome: 'refused', problem: 'invalid-credentials' },
      { actor_id: gone.id, outcome: 'refused', problem: 'invalid-credentials' },
    ])
    t.equal((await system.audit('signIn', 'platform')).length, 1, 'nobody here: in the trail of the platform')
  })

  t.test('bcrypt passwords of adopted databases work and are replaced', async (t) => {
    const old = await newUser({ hash: await bcrypt(goodPassword, { cost: 6 }) })
    t.equal((await signIn(old.email)).status, 200)
    const [row] = await db.query<{ password: string }>('SELECT password FROM users WHERE id = $1', [old.id])
    t.match(row?.password, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    t.equal((await signIn(old.email)).status, 200)
    const damaged = await newUser({ hash: '$2b$10$short' })
    t.equal((await signIn(damaged.email)).status, 401)
  })

  t.test('two hospitals, one e-mail', async (t) => {
    const email = 'both@example.org'
    const a = await newUser({ email })
    const b = await newUser({ email, tenant: 'hospital_b' })
    const open = await signIn(email)
    t.equal(open.status, 409)
    t.match(open.body, {
      code: 'tenant-required',
      tenants: [
        { id: 'hospital_a', name: 'Hospital A' },
        { id: 'hospital_b', name: 'Hospital B' },
      ],
    })
    t.equal((await signIn(email, { tenant_id: 'hospital_b' })).body.user.id, b.id)
    t.equal((await signIn(email, { tenant_id: 'nowhere' })).status, 401)
    await db.query("UPDATE users SET password = 'x' WHERE id = $1", [b.id])
    t.equal((await signIn(email)).body.user.id, a.id, 'the password fits one only')
  })

  t.test('suspended and unfinished hospitals', async (t) => {
    await db.query(
      "INSERT INTO tenants (id, name, status) VALUES ('closed', 'C', 'suspended'), ('fresh', 'F', 'provisioning')",
    )
    const closed = await newUser({ tenant: 'closed' })
    const fresh = await newUser({ tenant: 'fresh' })
    t.match((await signIn(closed.email)).body, { status: 403, code: 'tenant-suspended' })
    t.match((await signIn(closed.email, { password: 'wrong password' })).body, { code: 'invalid-credentials' })
    t.match((await signIn(fresh.email)).body, { status: 403, code: 'tenant-provisioning' })
  })

  const refresh = (refresh_token: string) => post(null, '/api/auth/refresh', { refresh_token })
  const liveSessions = async (userId: number) =>
    (await db.query('SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL', [userId])).length

  t.test('a refresh token works once; used again it ends the session', async (t) => {
    const user = await newUser()
    const first = (await signIn(user.email)).body
    const second = await refresh(first.refresh_token)
    t.equal(second.status, 200)
    t.not(second.body.refresh_token, first.refresh_token)
    t.match(second.body.user, { id: user.id })
    t.equal((await refresh(second.body.refresh_token)).status, 200)
    t.equal((await refresh(first.refresh_token)).status, 401, 'reused')
    t.equal(await liveSessions(user.id), 0, 'the whole family is over')
    t.equal((await refresh(second.body.refresh_token)).status, 401)
    t.match((await system.events('session', 'ended')).at(-1), { user_id: user.id })
    t.match((await refresh('made up')).body, { status: 401, code: 'unauthenticated' })
    const problems = (await system.audit('refreshSession')).map(({ outcome }) => outcome)
    t.same(problems, ['success', 'success', 'refused', 'refused'])
  })

  t.test('fifty refreshes at once have one successor', async (t) => {
    const user = await newUser()
    const { refresh_token } = (await signIn(user.email)).body
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)))
    const won = answers.filter(({ status }) => status === 200)
    t.equal(won.length, 1)
    t.equal(answers.filter(({ status }) => status === 401).length, 49)
    const [count] = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
       WHERE s.user_id = $1 AND r.used_at IS NULL`,
      [user.id],
    )
    t.equal(count?.n, 1)
    t.equal((await refresh(won[0]?.body.refresh_token)).status, 200, 'who was here before the rotation is no thief')
  })

  t.test('sessions: listed, ended one by one, and by signing out', async (t) => {
    const user = await newUser()
    const ids: string[] = []
    for (let i = 0; i < 3; i++) {
      const token = (await signIn(user.email)).body.access_token
      ids.push((createDecoder()(token) as { sid: string }).sid)
    }
    const [here = '', there = ''] = ids
    const asker = { ...user.asker, sessionId: here }
    const list = await get(asker, '/api/auth/sessions')
    t.equal(list.body.data.length, 3)
    t.same(
      list.body.data.filter((s: { current: boolean }) => s.current).map((s: { id: string }) => s.id),
      [here],
    )
    t.equal((await system.call(asker, 'DELETE', `/api/auth/sessions/${there}`)).status, 204)
    t.equal((await system.call(asker, 'DELETE', `/api/auth/sessions/${there}`)).status, 404)
    const other = await newUser()
    t.equal((await system.call(other.asker, 'DELETE', `/api/auth/sessions/${here}`)).status, 404, 'not one’s own')
    t.equal((await system.call(asker, 'DELETE', '/api/auth/sessions/7')).status, 404)
    t.equal((await post(asker, '/api/auth/logout')).status, 204)
    t.equal((await get(asker, '/api/auth/sessions')).body.data.length, 1)
    const ended = (await system.events('session', 'ended')).filter(({ user_id }) => user_id === user.id)
    t.same(
      ended.map(({ session_ids }) => session_ids),
      [[there], [here]],
    )
  })

  t.test('the gateway is told what is true now', async (t) => {
    const user = await newUser({ role: 'Doctor' })
    const { sid } = createDecoder()((await signIn(user.email)).body.access_token) as { sid: string }
    const ask = (session_id = sid, tenant_id = 'hospital_a') =>
      system.outside.request(checkSession, { session_id, user_id: user.id, tenant_id })
    t.match(await ask(), { active: true, roles: ['Doctor'] })
    t.ok((await ask()).permissions.includes('records.sign'))
    t.equal((await ask(sid, 'hospital_b')).active, false)
    t.equal((await ask('external-1')).active, false)
    await db.query("UPDATE tenants SET status = 'suspended' WHERE id = 'hospital_a'")
    t.equal((await ask()).active, false, 'suspended hospital')
    await db.query("UPDATE tenants SET status = 'active' WHERE id = 'hospital_a'")
    await db.query("UPDATE users SET status = 'inactive' WHERE id = $1", [user.id])
    t.same(await ask(), { active: false, user_name: '', roles: [], permissions: [] })
    await db.query("UPDATE users SET status = 'active' WHERE id = $1", [user.id])
    await post({ ...user.asker, sessionId: sid }, '/api/auth/logout')
    t.equal((await ask()).active, false, 'signed out')
  })

  t.test('me', async (t) => {
    const user = await newUser({ role: 'Pharmacist' })
    const me = await get(user.asker, '/api/auth/me')
    t.match(me.body, { id: user.id, email: user.email, roles: ['Pharmacist'], mfa_enrollment_required: false })
    t.ok(me.body.permissions.includes('prescriptions.dispense'))
  })
})
