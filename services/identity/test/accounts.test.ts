import { confirmPassword } from '@hospital/contracts'
import { startSmtp } from '@hospital/testing'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { generate } from 'otplib'
import t from 'tap'
import { goodPassword, startIdentity, until } from './identity-system.ts'

t.setTimeout(120_000)

t.test('accounts', async (t) => {
  const smtp = await startSmtp()
  const system = await startIdentity({ smtpUrl: smtp.url })
  t.teardown(async () => {
    await system.stop()
    await smtp.stop()
  })
  const { newUser, signIn, post, get, call, db } = system
  const wrong = (email: string, more = {}) => signIn(email, { password: 'certainly not this', ...more })

  /** The newest code mailed to an address. */
  const codeFor = async (email: string, at = 0): Promise<string> => {
    const mine = () => smtp.messages.filter(({ to }) => to.includes(email))
    await until(`mail number ${at + 1} to ${email}`, () => mine().length > at)
    return /^\s{4}([0-9A-Z]{4}-[0-9A-Z]{4})\s*$/m.exec(mine().at(-1)?.text ?? '')?.[1] ?? ''
  }

  t.test('ten wrong guesses, over every door, then nobody is heard, except on a known device', async (t) => {
    const user = await newUser()
    const { device_token, access_token } = (await signIn(user.email)).body
    t.ok(access_token)
    const asker = user.asker
    for (let i = 0; i < 6; i++) t.equal((await wrong(user.email)).status, 401)
    const change = (current_password: string) =>
      post(asker, '/api/auth/password', { current_password, password: 'another good password' })
    t.match((await change('wrong')).body, { status: 403, code: 'wrong-password' })
    await t.rejects(
      system.outside.request(confirmPassword, { tenant_id: 'hospital_a', user_id: user.id, password: 'no' }),
      { code: 'wrong-password' },
    )
    t.match(
      (await post(null, '/api/auth/password/reset', { email: user.email, code: 'AAAA-AAAA', password: goodPassword }))
        .body,
      { code: 'invalid-code' },
    )
    t.match((await post(null, '/api/auth/email/verify', { email: user.email, code: 'AAAA-AAAA' })).body, {
      code: 'invalid-code',
    })
    const refused = await signIn(user.email)
    t.match(refused.body, { status: 429, code: 'too-many-attempts' })
    t.ok(Number(refused.headers['retry-after']) > 800)
    t.equal((await change(goodPassword)).status, 429, 'at every door')
    t.equal((await signIn(user.email, { device_token: 'made up' })).status, 429)
    const owner = await signIn(user.email, { device_token })
    t.equal(owner.status, 200, 'the owner’s device')
    t.equal(owner.body.device_token, device_token)
    for (let i = 0; i < 10; i++) t.equal((await wrong(user.email, { device_token })).status, 401)
    t.equal((await signIn(user.email, { device_token })).status, 429, 'which has ten guesses of its own')
    t.equal((await system.audit('signIn')).filter(({ problem }) => problem === 'too-many-attempts').length, 3)
  })

  t.test('a hundred guesses at once are heard ten times; unknown e-mails alike', async (t) => {
    const user = await newUser()
    for (const email of [user.email, 'nobody-at-all@example.org']) {
      const answers = await Promise.all(Array.from({ length: 60 }, () => wrong(email)))
      t.equal(answers.filter(({ status }) => status === 401).length, 10)
      t.equal(answers.filter(({ status }) => status === 429).length, 50)
    }
  })

  t.test('signing in rightly thirty times at once is no guessing', async (t) => {
    const user = await newUser()
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn(user.email)))
    t.ok(answers.every(({ status }) => status === 200))
  })

  t.test('known and unknown e-mails take the same time', async (t) => {
    const bcryptCost12 = '$2b$12$KIXQ4hQ1n1Q1n1Q1n1Q1nuxo3T1Z1n1Q1n1Q1n1Q1n1Q1n1Q1n1Q1'
    const emails = [
      (await newUser()).email,
      'no-such-person@example.org',
      (await newUser({ hash: bcryptCost12 })).email,
    ]
    const times: number[] = []
    for (const email of emails) {
      const startedAt = performance.now()
      await wrong(email)
      times.push(performance.now() - startedAt)
    }
    t.ok(Math.min(...times) >= 345, `never faster than the slowest kind of comparison: ${times.map(Math.round)}`)
  })

  t.test('a forgotten password', async (t) => {
    const user = await newUser()
    const device = (await signIn(user.email)).body
    const asked = await post(null, '/api/auth/password/forgot', { email: user.email.toUpperCase() })
    t.equal(asked.status, 202)
    const unknown = await post(null, '/api/auth/password/forgot', { email: 'nobody@example.org' })
    t.same([unknown.status, unknown.body], [asked.status, asked.body])
    const code = await codeFor(user.email)
    const [stored] = await db.query<{ code: string; minutes: number }>(
      'SELECT code, extract(epoch FROM expires_at - created_at)::int / 60 AS minutes FROM user_verification WHERE user_id = $1',
      [user.id],
    )
    t.notMatch(stored?.code, code.slice(0, 4), 'stored hashed')
    t.ok((stored?.minutes ?? 99) <= 10)
    const reset = (password: string, typed = code) =>
      post(null, '/api/auth/password/reset', { email: user.email, code: typed, password })
    t.match((await reset('password1234')).body, { code: 'weak-password' })
    t.match((await reset('another fine password', 'ZZZZ-ZZZZ')).body, { status: 400, code: 'invalid-code' })
    t.equal((await reset('another fine password', code.toLowerCase())).status, 204)
    t.match((await reset('yet another password')).body, { code: 'invalid-code' }, 'a code works once')
    t.equal((await signIn(user.email)).status, 401)
    t.equal((await signIn(user.email, { password: 'another fine password' })).status, 200)
    t.equal(
      (await post(null, '/api/auth/refresh', { refresh_token: device.refresh_token })).status,
      401,
      'sessions end',
    )
    t.match((await get(user.asker, `/api/users/${user.id}`)).body, { email_verified: true })
    t.match((await system.events('session', 'ended')).at(-1), { user_id: user.id })
    const outcomes = (await system.audit('resetPassword')).map(({ outcome, problem }) => problem ?? outcome)
    t.same(outcomes.slice(-3), ['weak-password', 'invalid-code', 'success'], 'one row each')
  })

  t.test('repeated with its key, a request about a password is done once', async (t) => {
    const user = await newUser()
    const key = { 'idempotency-key': 'again and again' }
    const replayed = { headers: { 'idempotent-replayed': 'true' } }
    const forgot = () => post(null, '/api/auth/password/forgot', { email: user.email }, key)
    t.equal((await forgot()).status, 202)
    const code = await codeFor(user.email)
    t.match(await forgot(), { status: 202, ...replayed })
    const unknown = () => post(null, '/api/auth/password/forgot', { email: 'nobody-here@example.org' }, key)
    t.notMatch(await unknown(), replayed, 'another e-mail is another request')
    t.match(await unknown(), { status: 202, ...replayed }, 'and is answered as if somebody had it')
    const body = { email: user.email, code, password: 'a password set once' }
    const reset = (headers = {}) => post(null, '/api/auth/password/reset', body, headers)
    t.equal((await reset(key)).status, 204)
    t.match(await reset(key), { status: 204, ...replayed })
    t.match((await reset()).body, { code: 'invalid-code' }, 'without the key the code is used up')
    await post(user.asker, '/api/auth/email/verification')
    const proof = { email: user.email, code: await codeFor(user.email, 1) }
    const verify = () => post(null, '/api/auth/email/verify', proof, key)
    t.equal((await verify()).status, 204)
    t.match(await verify(), { status: 204, ...replayed })
    t.equal(smtp.messages.filter(({ to }) => to.includes(user.email)).length, 2, 'one mail for each')
    const [guesses] = await db.query<{ wrong: number }>(
      `SELECT count(*)::int AS wrong FROM login_attempts WHERE NOT succeeded AND door IN ('password-code', 'email-code')
       AND at > (SELECT created_at FROM users WHERE id = $1)`,
      [user.id],
    )
    t.equal(guesses?.wrong, 1, 'a repeat is no guess')
    const signedIn = await post(null, '/api/auth/login', { email: user.email, password: body.password }, key)
    t.match(signedIn.body, { status: 400, errors: [{ pointer: 'header:Idempotency-Key' }] }, 'tokens are kept nowhere')
  })

  t.test('a code has five tries and ten minutes; three mails a quarter of an hour', async (t) => {
    const user = await newUser()
    const forgot = () => post(null, '/api/auth/password/forgot', { email: user.email })
    const reset = (code: string) =>
      post(null, '/api/auth/password/reset', { email: user.email, code, password: 'a fine new password' })
    await forgot()
    const first = await codeFor(user.email)
    for (let i = 0; i < 5; i++) await reset('ZZZZ-ZZZZ')
    t.match((await reset(first)).body, { code: 'invalid-code' }, 'the sixth try is too late')
    await forgot()
    const second = await codeFor(user.email, 1)
    await db.query("UPDATE user_verification SET expires_at = now() - interval '1 second' WHERE user_id = $1", [
      user.id,
    ])
    t.match((await reset(second)).body, { code: 'invalid-code' }, 'expired')
    for (let i = 0; i < 3; i++) await forgot()
    await codeFor(user.email, 2)
    await new Promise((resolve) => setTimeout(resolve, 300))
    t.equal(smtp.messages.filter(({ to }) => to.includes(user.email)).length, 3)
    const gone = await newUser({ status: 'inactive' })
    await post(null, '/api/auth/password/forgot', { email: gone.email })
    await new Promise((resolve) => setTimeout(resolve, 200))
    t.equal(smtp.messages.filter(({ to }) => to.includes(gone.email)).length, 0)
  })

  t.test('an invitation, also when the mail server is away for a while', async (t) => {
    const admin = (await newUser({ role: 'Admin' })).asker
    smtp.refuse(true)
    const body = {
      name: 'Ines\r\nBcc: evil@example.org',
      email: 'ines@example.org',
      role_id: await system.roleId('Doctor'),
    }
    const made = await post(admin, '/api/users', body)
    t.match(made.body, { status: 'invited', email_verified: false })
    t.equal((await signIn('ines@example.org')).status, 401)
    await new Promise((resolve) => setTimeout(resolve, 300))
    smtp.refuse(false)
    const code = await codeFor('ines@example.org')
    t.notMatch(smtp.messages.at(-1)?.text, /^Bcc:/m, 'a name makes no header')
    t.equal(smtp.messages.at(-1)?.to.length, 1)
    const reset = { email: 'ines@example.org', code, password: 'my very first password' }
    t.equal((await post(null, '/api/auth/password/reset', reset)).status, 204)
    t.match((await signIn('ines@example.org', { password: reset.password })).body.user, { roles: ['Doctor'] })
    t.match((await system.events('user', 'updated')).at(-1), { status: 'active', is_doctor: true })
  })

  t.test('an address is confirmed by a mailed code', async (t) => {
    const user = await newUser()
    t.equal((await post(user.asker, '/api/auth/email/verification')).status, 202)
    const code = await codeFor(user.email)
    t.match(
      (await post(null, '/api/auth/password/reset', { email: user.email, code, password: goodPassword })).body,
      {
        code: 'invalid-code',
      },
      'is no code for a password',
    )
    t.equal((await post(null, '/api/auth/email/verify', { email: user.email, code })).status, 204)
    t.match((await get(user.asker, `/api/users/${user.id}`)).body, { email_verified: true, version: 2 })
    t.equal((await post(null, '/api/auth/email/verify', { email: user.email, code })).status, 400)
  })

  t.test('changing one’s password ends the other sessions', async (t) => {
    const user = await newUser()
    const here = (await signIn(user.email)).body
    const there = (await signIn(user.email)).body
    const sid = JSON.parse(Buffer.from(here.access_token.split('.')[1], 'base64url').toString()).sid
    const asker = { ...user.asker, sessionId: sid }
    const change = (password: string) => post(asker, '/api/auth/password', { current_password: goodPassword, password })
    t.match((await change('password1234')).body, { code: 'weak-password', errors: [{ pointer: '/password' }] })
    t.equal((await change('a changed good password')).status, 204)
    t.equal((await post(null, '/api/auth/refresh', { refresh_token: there.refresh_token })).status, 401)
    t.equal((await post(null, '/api/auth/refresh', { refresh_token: here.refresh_token })).status, 200)
    t.same(
      (await system.audit('changePassword')).slice(-2).map(({ outcome }) => outcome),
      ['refused', 'success'],
    )
  })

  t.test('a second factor', async (t) => {
    const user = await newUser({ role: 'Doctor' })
    const first = (await post(user.asker, '/api/auth/mfa/totp')).body
    const { secret, otpauth_url } = (await post(user.asker, '/api/auth/mfa/totp')).body
    t.not(secret, first.secret, 'not confirmed: begun again')
    t.match(otpauth_url, /^otpauth:\/\/totp\/Hospital%20A:.*secret=/)
    const [row] = await db.query<{ secret: string }>('SELECT secret FROM mfa_totp WHERE user_id = $1', [user.id])
    t.notMatch(row?.secret, secret, 'stored encrypted')
    t.equal((await signIn(user.email)).status, 200, 'nothing is asked before it is confirmed')
    const now = () => Math.floor(Date.now() / 1000)
    t.match((await post(user.asker, '/api/auth/mfa/totp/confirm', { code: '000000' })).body, { code: 'invalid-code' })
    const confirmed = await post(user.asker, '/api/auth/mfa/totp/confirm', {
      code: await generate({ secret, epoch: now() - 30 }),
    })
    const codes: string[] = confirmed.body.recovery_codes
    t.equal(new Set(codes).size, 10)
    t.equal((await post(user.asker, '/api/auth/mfa/totp')).body.code, 'mfa-enrolled')
    t.match((await get(user.asker, `/api/users/${user.id}`)).body, { mfa_enabled: true, version: 2 })

    const half = await signIn(user.email)
    t.match(half.body, { status: 401, code: 'mfa-required' })
    t.notOk(half.body.access_token)
    const finish = (mfa_token: string, code: string) => post(null, '/api/auth/login/mfa', { mfa_token, code })
    const { mfa_token } = half.body
    t.match((await finish(mfa_token, '000000')).body, { status: 401, code: 'invalid-credentials' })
    const code = await generate({ secret, epoch: now() })
    const done = await finish(mfa_token, code)
    t.match(done.body, { token_type: 'Bearer', user: { id: user.id, roles: ['Doctor'] } })
    t.equal(
      (await finish(mfa_token, await generate({ secret, epoch: now() + 30 }))).body.code,
      'unauthenticated',
      'a token works once',
    )
    const again = (await signIn(user.email)).body.mfa_token
    t.match((await finish(again, code)).body, { code: 'invalid-credentials' }, 'and so does a code')
    const withRecovery = await Promise.all(
      Array.from({ length: 5 }, () => finish(again, codes[0]?.toUpperCase() ?? '')),
    )
    t.equal(withRecovery.filter(({ status }) => status === 200).length <= 1, true)
    const third = (await signIn(user.email)).body.mfa_token
    t.equal((await finish(third, codes[0] ?? '')).status, 401, 'a recovery code works once')
    t.equal((await finish(third, codes[1] ?? '')).status, 200)
    t.match((await finish('made up', '000000')).body, { code: 'unauthenticated' })
    t.ok((await system.audit('signInWithMfa')).some(({ outcome }) => outcome === 'success'))

    const remove = (password: string) => call(user.asker, 'DELETE', '/api/auth/mfa/totp', { password })
    t.match((await remove('wrong')).body, { status: 403, code: 'wrong-password' })
    t.equal((await remove(goodPassword)).status, 204)
    t.equal((await remove(goodPassword)).status, 404)
    t.equal((await signIn(user.email)).status, 200)
  })

  t.test('a hospital asks for a second factor', async (t) => {
    const admin = (await newUser({ role: 'Admin', tenant: 'hospital_b' })).asker
    const user = await newUser({ role: 'Doctor', tenant: 'hospital_b' })
    await signIn(user.email)
    const settings = await get(admin, '/api/hospital/security')
    t.match(settings.body, { mfa_required_role_ids: [], version: 1 })
    const doctor = await system.roleId('Doctor')
    const change = (mfa_required_role_ids: number[], version: number) =>
      system.patch(admin, '/api/hospital/security', version, { mfa_required_role_ids })
    t.match((await change([999999], 1)).body, { code: 'unknown-reference' })
    t.match((await change([doctor], 1)).body, { mfa_required_role_ids: [doctor], version: 2 })
    t.equal((await change([], 1)).status, 412)
    t.match((await system.events('session', 'ended', 'hospital_b')).at(-1), { user_id: user.id })
    t.match((await signIn(user.email)).body.user, { permissions: [], mfa_enrollment_required: true })
    t.match((await get(user.asker, '/api/auth/me')).body, { mfa_enrollment_required: true })
    const { secret } = (await post(user.asker, '/api/auth/mfa/totp')).body
    t.equal((await post(user.asker, '/api/auth/mfa/totp/confirm', { code: await generate({ secret }) })).status, 200)
    t.ok((await get(user.asker, '/api/auth/me')).body.permissions.length > 0)
    t.match((await call(admin, 'DELETE', `/api/users/${user.id}/mfa`)).body, { mfa_enabled: false })
    t.match((await get(user.asker, '/api/auth/me')).body, { permissions: [] })
  })

  t.test('with a second factor eight characters are enough, and only with it', async (t) => {
    const user = await newUser()
    const { secret } = (await post(user.asker, '/api/auth/mfa/totp')).body
    await post(user.asker, '/api/auth/mfa/totp/confirm', { code: await generate({ secret }) })
    const body = { current_password: goodPassword, password: 'ox-73-tu' }
    t.equal((await post(user.asker, '/api/auth/password', body)).status, 204)
    t.equal((await call(user.asker, 'DELETE', '/api/auth/mfa/totp', { password: 'ox-73-tu' })).status, 204)
    t.match((await signIn(user.email, { password: 'ox-73-tu' })).body.user, {
      permissions: [],
      mfa_enrollment_required: true,
    })
  })
})

t.test('without SMTP, mails are files; in production the demo password opens nothing', async (t) => {
  const system = await startIdentity({ production: true })
  t.teardown(() => system.stop())
  const user = await system.newUser()
  await system.post(null, '/api/auth/password/forgot', { email: user.email })
  await until('a file', () => system.mails().length === 1)
  t.match(system.mails()[0], new RegExp(`^To: ${user.email}`, 'm'))
  const demo = await system.newUser({ hash: await bcrypt('password123', { cost: 4 }) })
  t.equal((await system.signIn(demo.email, { password: 'password123' })).status, 401)
  t.equal((await system.signIn(user.email)).status, 200)
})
