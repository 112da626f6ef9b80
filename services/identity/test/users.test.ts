import { getUserFacts, listUserFacts } from '@hospital/contracts'
import { checksumOf } from '@hospital/service'
import { hash as argon2, verify as verifyArgon2 } from '@node-rs/argon2'
import { hash as bcrypt } from '@node-rs/bcrypt'
import t from 'tap'
import { createPasswords } from '../src/auth/password-adapter.ts'
import { type Asker, goodPassword, startIdentity } from './identity-system.ts'

t.setTimeout(120_000)

t.test('users', async (t) => {
  const system = await startIdentity()
  t.teardown(() => system.stop())
  const { get, post, patch, call, newUser, roleId, db } = system
  const admin = (await newUser({ role: 'Admin', name: 'Ada Admin' })).asker
  const nurseId = await roleId('Nurse')
  const doctorId = await roleId('Doctor')
  const adminId = await roleId('Admin')
  const create = (who: Asker, body: object) =>
    post(who, '/api/users', { name: 'New Person', password: goodPassword, ...body })

  t.test('created with a role, told to the others, able to sign in, unique by e-mail', async (t) => {
    const answer = await create(admin, { email: 'Dora@example.org', role_id: doctorId, phone_number: '555-0199' })
    t.equal(answer.status, 201)
    t.equal(answer.headers['etag'], '"1"')
    t.match(answer.body, {
      name: 'New Person',
      email: 'Dora@example.org',
      status: 'active',
      phone_number: '555-0199',
      roles: [{ id: doctorId, name: 'Doctor' }],
      tenant_id: 'hospital_a',
      mfa_enabled: false,
    })
    t.notMatch(JSON.stringify(answer.body), /argon2|password/)
    t.match((await system.events('user', 'created')).at(-1), { id: answer.body.id, is_doctor: true, status: 'active' })
    t.equal((await system.signIn('dora@example.org')).status, 200)
    t.match((await create(admin, { email: 'DORA@example.org' })).body, { status: 409, code: 'email-taken' })
    const other = (await newUser({ role: 'Admin', tenant: 'hospital_b' })).asker
    t.equal((await create(other, { email: 'dora@example.org', role_id: nurseId })).status, 201, 'elsewhere it is free')
    t.equal((await get(other, `/api/users/${answer.body.id}`)).status, 404, 'another hospital sees nobody')
    t.match(await system.audit('createUser'), [{ outcome: 'success' }, { outcome: 'refused', problem: 'email-taken' }])
  })

  t.test('refused: unknown roles, both ways to name roles, weak passwords', async (t) => {
    t.match((await create(admin, { email: 'a@example.org', role_id: 999999 })).body, {
      status: 422,
      code: 'unknown-reference',
      errors: [{ pointer: '/role_id' }],
    })
    const operator = await roleId('Operator')
    t.match((await create(admin, { email: 'a@example.org', role_ids: [nurseId, operator] })).body, {
      code: 'unknown-reference',
      errors: [{ pointer: '/role_ids/1' }],
    })
    t.equal((await create(admin, { email: 'a@example.org', role_id: nurseId, role_ids: [nurseId] })).status, 422)
    for (const password of ['password123!', 'Password1234', '123456789012', 'aaaaaaaaaaaa', 'short-9-x']) {
      const weak = await create(admin, { email: 'a@example.org', password })
      t.match(weak.body, { status: 422, code: 'weak-password', errors: [{ pointer: '/password' }] }, password)
    }
    t.match((await create(admin, { email: 'longmailbox@example.org', password: 'longmailbox@example.org' })).body, {
      code: 'weak-password',
    })
    t.equal(
      (await create(admin, { email: 'a@example.org', password: `ab${'xyz '.repeat(32)}` })).status,
      400,
      'over 128',
    )
    const longest = `${'correct horse '.repeat(9)}ab`
    t.equal((await create(admin, { email: 'long@example.org', password: longest })).status, 201, '128 are fine')
    t.equal((await system.signIn('long@example.org', { password: longest })).status, 200)
    t.equal(
      (await system.signIn('long@example.org', { password: longest.slice(0, -1) })).status,
      401,
      'none is cut off',
    )
  })

  t.test('nobody grants what they do not hold', async (t) => {
    const clerk: Asker = {
      ...(await newUser({ role: 'Receptionist' })).asker,
      permissions: [
        'users.read',
        'users.manage',
        'patients.read',
        'patients.write',
        'appointments.read',
        'appointments.write',
      ],
    }
    t.match((await create(clerk, { email: 'b@example.org', role_id: adminId })).body, {
      status: 403,
      code: 'privilege-escalation',
    })
    const reception = await roleId('Receptionist')
    const made = await create(clerk, { email: 'c@example.org', role_id: reception })
    t.equal(made.status, 201, 'what one holds one may give')
    const roles = (id: number, role_ids: number[]) => call(clerk, 'PUT', `/api/users/${id}/roles`, { role_ids })
    t.equal((await roles(made.body.id, [adminId])).status, 403)
    t.equal((await roles(clerk.userId, [adminId])).status, 403)
    const victim = await newUser({ role: 'Admin' })
    t.equal(
      (await patch(clerk, `/api/users/${victim.id}`, 1, { email: 'mine@example.org' })).status,
      403,
      'taking an account over',
    )
    t.equal((await call(clerk, 'DELETE', `/api/users/${victim.id}`)).status, 403)
    t.equal(
      (await call(admin, 'PUT', `/api/users/${admin.userId}/roles`, { role_ids: [adminId, doctorId] })).status,
      403,
    )
    t.ok((await system.audit('setUserRoles')).every(({ outcome }) => outcome === 'denied'))
    t.equal((await system.audit('setUserRoles')).length, 3)
  })

  t.test('changed with If-Match; a new e-mail has to be confirmed', async (t) => {
    const user = await newUser({ email: 'old@example.org' })
    await db.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [user.id])
    const path = `/api/users/${user.id}`
    t.equal((await call(admin, 'PATCH', path, { name: 'X' })).status, 428)
    t.match((await patch(admin, path, 7, { name: 'X' })).body, { status: 412, current_version: 1 })
    const renamed = await patch(admin, path, 1, { name: 'Renamed', phone_number: null })
    t.match(renamed.body, { name: 'Renamed', version: 2, email_verified: true })
    const moved = await patch(admin, path, 2, { email: 'new@example.org' })
    t.match(moved.body, { email: 'new@example.org', email_verified: false, version: 3 })
    t.match((await system.events('user', 'updated')).at(-1), { id: user.id, name: 'Renamed', version: 3 })
    const taken = await newUser()
    t.equal((await patch(admin, path, 3, { email: taken.email.toUpperCase() })).body.code, 'email-taken')
    t.equal((await patch(admin, path, 3, { password: 'x' })).status, 400)
    t.equal((await patch(admin, path, 3, { name: null })).status, 400)
  })

  t.test('a new role shows in the version, the events and the cached sessions', async (t) => {
    const user = await newUser({ role: 'Nurse' })
    await system.signIn(user.email)
    const set = (role_ids: number[]) => call(admin, 'PUT', `/api/users/${user.id}/roles`, { role_ids })
    const answer = await set([nurseId, doctorId])
    t.match(answer.body, { version: 2, roles: [{ name: 'Doctor' }, { name: 'Nurse' }] })
    t.match((await system.events('user', 'updated')).at(-1), { id: user.id, is_doctor: true, version: 2 })
    t.match((await system.events('session', 'ended')).at(-1), { user_id: user.id })
    t.match((await set([nurseId])).body, { version: 3 })
    t.match((await system.events('user', 'updated')).at(-1), { id: user.id, is_doctor: false, version: 3 })
    t.match((await set([nurseId])).body, { version: 3 }, 'nothing changed')
  })

  t.test('deactivated: sessions end, the row stays, and it can be undone', async (t) => {
    const user = await newUser()
    const { refresh_token } = (await system.signIn(user.email)).body
    t.match((await call(admin, 'DELETE', `/api/users/${user.id}`)).body, { status: 'inactive', version: 2 })
    t.equal((await system.signIn(user.email)).status, 401)
    t.equal((await post(null, '/api/auth/refresh', { refresh_token })).status, 401)
    t.match((await system.events('user', 'updated')).at(-1), { id: user.id, status: 'inactive' })
    t.match((await call(admin, 'DELETE', `/api/users/${user.id}`)).body, { version: 2 }, 'twice is once')
    t.match((await patch(admin, `/api/users/${user.id}`, 2, { status: 'active' })).body, { status: 'active' })
    t.equal((await system.signIn(user.email)).status, 200)
  })

  t.test('twenty at once cannot take away the last Admin', async (t) => {
    await db.query("INSERT INTO tenants (id, name) VALUES ('twenty', 'Twenty')")
    const admins = await Promise.all(Array.from({ length: 20 }, () => newUser({ tenant: 'twenty', role: 'Admin' })))
    const ways = admins.map(({ id, asker }, i) => {
      if (i % 3 === 0) return call(asker, 'DELETE', `/api/users/${id}`)
      if (i % 3 === 1) return call(asker, 'PUT', `/api/users/${id}/roles`, { role_ids: [nurseId] })
      return patch(asker, `/api/users/${id}`, 1, { status: 'inactive' })
    })
    const answers = await Promise.all(ways)
    const refused = answers.filter(({ status }) => status !== 200)
    t.match(
      refused.map(({ body }) => body.code),
      ['last-admin'],
      'one stays',
    )
    const left = await db.query(
      `SELECT u.id FROM users u JOIN user_roles ur ON ur.user_id = u.id JOIN roles r ON r.id = ur.role_id
       WHERE u.tenant_id = 'twenty' AND u.status = 'active' AND r.name = 'Admin'`,
    )
    t.equal(left.length, 1)
  })

  t.test('who cannot come in is no successor of the last Admin', async (t) => {
    await db.query("INSERT INTO tenants (id, name) VALUES ('heirs', 'Heirs')")
    const person = () => newUser({ tenant: 'heirs', role: 'Admin' })
    const [chief, lockedOut, invited, external] = [await person(), await person(), await person(), await person()]
    const set = (id: number, password: string | null, status: string) =>
      db.query('UPDATE users SET password = $2, status = $3 WHERE id = $1', [id, password, status])
    await set(lockedOut.id, '$2b$10$example.hash.for.password123', 'active')
    await set(invited.id, null, 'invited')
    await set(external.id, null, 'active')
    const leave = () => call(chief.asker, 'DELETE', `/api/users/${chief.id}`)
    t.match((await leave()).body, { status: 409, code: 'last-admin' })
    t.equal((await call(chief.asker, 'DELETE', `/api/users/${lockedOut.id}`)).status, 200)
    await db.query("INSERT INTO external_identities (user_id, issuer, subject) VALUES ($1, 'https://i', 's')", [
      external.id,
    ])
    t.equal((await leave()).status, 200, 'one who comes in through a provider stays')
  })

  t.test('what the database takes for a hash is what some password fits', async (t) => {
    const passwords = await createPasswords()
    const cost = { memoryCost: 64, timeCost: 1, parallelism: 1 }
    const bcryptHash = await bcrypt(goodPassword, { cost: 4 })
    const real = [
      ...['$2a', '$2b', '$2x', '$2y'].map((kind) => kind + bcryptHash.slice(3)),
      ...(await Promise.all([0, 1, 2].map((algorithm) => argon2(goodPassword, { ...cost, algorithm })))),
      await argon2(goodPassword, { ...cost, version: 0 }),
      await argon2(goodPassword, { ...cost, outputLen: 64 }),
      await passwords.hash(goodPassword),
    ]
    const next = (character: string) => String.fromCharCode(character.charCodeAt(0) + 1)
    const damaged = [bcryptHash, real[4] ?? ''].flatMap((stored) =>
      [...stored].flatMap((character, i) => [
        stored.slice(0, i),
        stored.slice(0, i) + stored.slice(i + 1),
        `${stored.slice(0, i)}${next(character)}${stored.slice(i + 1)}`,
        `${stored.slice(0, i)}!${stored.slice(i)}`,
      ]),
    )
    const samples = [
      'password123',
      'changeme',
      '5f4dcc3b5aa765d61d8327deb882cf99',
      '*',
      `${bcryptHash}\n`,
      ` ${bcryptHash}`,
    ]
    const stored = [...real, ...damaged, ...samples]
    const rows = await db.query<{ is_hash: boolean }>(
      'SELECT is_password_hash(stored) AS is_hash FROM unnest($1::text[]) WITH ORDINALITY AS t (stored, at) ORDER BY at',
      [stored],
    )
    const fits = await passwords.turn((verify) => Promise.all(stored.map((each) => verify(goodPassword, each))))
    for (const [i, each] of real.entries()) t.ok(rows[i]?.is_hash && fits[i], each)
    const lost = stored.filter((_, i) => fits[i] && !rows[i]?.is_hash)
    t.same(lost, [], 'nobody who can sign in is taken for locked out')
    const taken = damaged.filter((_, i) => rows[real.length + i]?.is_hash)
    const unreadable: string[] = []
    for (const each of taken.filter((text) => text.startsWith('$argon2')))
      await verifyArgon2(each, goodPassword).catch(() => void unreadable.push(each))
    t.same(unreadable, [], 'what it takes for one can be read as one')
    t.notOk(
      taken.some((each) => each.startsWith('$2') && each.length !== 60),
      'nor anything cut',
    )
    t.notOk(rows.slice(-samples.length).some(({ is_hash }) => is_hash))
  })

  t.test('listed by name in pages; found by part, role and status', async (t) => {
    await db.query("INSERT INTO tenants (id, name) VALUES ('many', 'Many')")
    const asker = (await newUser({ tenant: 'many', role: 'Admin', name: 'Zoe' })).asker
    for (const name of ['Bea 100%', 'Cid', 'Bea 100%', 'abel']) await newUser({ tenant: 'many', name, role: 'Doctor' })
    const names: string[] = []
    for (let cursor = ''; ; ) {
      const page = await get(asker, `/api/users?limit=2${cursor}`)
      names.push(...page.body.data.map((user: { name: string }) => user.name))
      if (page.body.page.next_cursor === null) break
      cursor = `&cursor=${page.body.page.next_cursor}`
    }
    t.equal(names.length, 5)
    t.same(new Set(names).size, 4)
    const find = async (query: string) => (await get(asker, `/api/users?${query}`)).body.data.length
    t.equal(await find('q=bea'), 2)
    t.equal(await find('q=0%25'), 2)
    t.equal(await find('q=%25%25'), 0, 'signs of LIKE are only signs')
    t.equal(await find('role=doctor'), 4)
    t.equal(await find('role=Doctor&q=zoe'), 0)
    t.equal(await find('status=inactive'), 0)
    const [one, two] = (await get(asker, '/api/users?limit=2')).body.data
    t.equal(await find(`ids=${two.id},${one.id},999999999`), 2)
    t.equal((await get(asker, '/api/users?cursor=abc')).body.code, 'invalid-cursor')
  })

  t.test('copies are made from facts and compared by checksum', async (t) => {
    const doctor = await newUser({ tenant: 'hospital_b', role: 'Doctor' })
    const ask = (user_id: number, tenant_id = 'hospital_b') =>
      system.outside.request(getUserFacts, { tenant_id, user_id })
    t.match(await ask(doctor.id), { id: doctor.id, is_doctor: true, status: 'active', version: 1 })
    t.equal(await ask(doctor.id, 'hospital_a'), null)
    const all = await system.outside.request(listUserFacts, { tenant_id: 'hospital_b', after_id: 0, limit: 500 })
    t.equal(all.checksum, checksumOf(all.users.map(({ id, version }) => `${id}:${version}`).join(',')))
    const [first] = all.users
    const rest = await system.outside.request(listUserFacts, {
      tenant_id: 'hospital_b',
      after_id: first?.id ?? 0,
      limit: 1,
    })
    t.same(rest.users, all.users.slice(1, 2))
  })

  t.test('roles of a hospital’s own', async (t) => {
    const list = (await get(admin, '/api/roles?limit=100')).body.data
    t.equal(list.length, 7)
    t.ok(list.every((role: { built_in: boolean }) => role.built_in))
    const made = await post(admin, '/api/roles', { name: 'Auditor', permissions: ['audit.read', 'users.read'] })
    t.match(made.body, { name: 'Auditor', built_in: false, permissions: ['users.read', 'audit.read'], version: 1 })
    t.equal(made.status, 201)
    t.match((await post(admin, '/api/roles', { name: 'auditor', permissions: [] })).body, { code: 'name-taken' })
    t.match((await post(admin, '/api/roles', { name: 'DOCTOR', permissions: [] })).body, { code: 'name-taken' })
    t.match((await post(admin, '/api/roles', { name: 'S', permissions: ['records.sign'] })).body, {
      status: 403,
      code: 'privilege-escalation',
    })
    t.equal((await post(admin, '/api/roles', { name: 'S', permissions: ['tenants.manage'] })).status, 400)
    t.match((await patch(admin, `/api/roles/${nurseId}`, 1, { name: 'X' })).body, { code: 'built-in-role' })
    const path = `/api/roles/${made.body.id}`
    const user = await newUser({ role: 'Auditor' })
    await system.signIn(user.email)
    t.match((await system.signIn(user.email)).body.user, {
      roles: ['Auditor'],
      permissions: ['users.read', 'audit.read'],
    })
    t.match((await patch(admin, path, 1, { permissions: ['audit.read', 'labs.verify'] })).body, {
      code: 'privilege-escalation',
    })
    t.match((await patch(admin, path, 1, { permissions: ['audit.read'] })).body, {
      permissions: ['audit.read'],
      version: 2,
    })
    t.match((await system.events('user', 'updated')).at(-1), { id: user.id, version: 2 }, 'holders change with it')
    t.match((await system.signIn(user.email)).body.user.permissions, ['audit.read'])
    t.match((await call(admin, 'DELETE', path)).body, { status: 409, code: 'role-in-use' })
    await db.query('DELETE FROM user_roles WHERE user_id = $1', [user.id])
    const other = (await newUser({ role: 'Admin', tenant: 'hospital_b' })).asker
    t.equal((await call(other, 'DELETE', path)).status, 404)
    t.equal((await call(admin, 'DELETE', path)).status, 204)
    t.equal((await call(admin, 'DELETE', path)).status, 404)
  })
})
