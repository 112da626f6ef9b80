import { hospitalRoles, type Permission } from '@hospital/contracts'
import t from 'tap'
import { mergeNewestFirst } from '../src/audit-events/rules.ts'
import { needsMfa, weaknessOf } from '../src/auth/password-rules.ts'
import { decideRefresh, decideSignIn, permissionsNow } from '../src/auth/rules.ts'
import { chooseUser } from '../src/external-identities/rules.ts'
import { maxGuesses, waitForGuess } from '../src/guesses/rules.ts'
import { createKeys } from '../src/keys.ts'
import { canGrant, canManage, permissionsOf } from '../src/roles/rules.ts'
import { canChangeStatus, isReservedId, isTimeZone } from '../src/tenants/rules.ts'
import { makeCode, plainCode } from '../src/verification/code-adapter.ts'

const builtIn = (name: string) => ({ id: 1, name, tenant_id: null, permissions: [] })

t.test('rules of signing in', async (t) => {
  const match = (tenant_id: string, tenant_status: string) => ({ tenant_id, tenant_name: tenant_id, tenant_status })
  t.same(decideSignIn([]), { outcome: 'invalid-credentials' })
  t.equal(decideSignIn([match('a', 'suspended'), match('b', 'active')]).outcome, 'enter', 'the only open hospital')
  t.same(decideSignIn([match('a', 'active'), match('b', 'active')]), {
    outcome: 'tenant-required',
    tenants: [
      { id: 'a', name: 'a' },
      { id: 'b', name: 'b' },
    ],
  })
  t.equal(decideSignIn([match('a', 'suspended')]).outcome, 'tenant-suspended')
  t.equal(decideSignIn([match('a', 'provisioning')]).outcome, 'tenant-provisioning')

  const later = '2030-01-01T00:00:00.000Z'
  const token = { used_at: null, expires_at: later, session_expires_at: later, session_ended: false }
  const at = (text: string) => new Date(text)
  const now = at('2026-01-01T00:00:01.000Z')
  const shown = (arrivedAt: Date, overlaps = false) => ({ arrivedAt, overlaps })
  t.equal(decideRefresh(token, shown(now), now), 'rotate')
  t.equal(decideRefresh({ ...token, session_ended: true }, shown(now), now), 'ended')
  t.equal(decideRefresh({ ...token, expires_at: '2026-01-01T00:00:00.000Z' }, shown(now), now), 'expired')
  const used = { ...token, used_at: '2026-01-01T00:00:00.500Z' }
  const after = at('2026-01-01T00:00:00.501Z')
  t.equal(decideRefresh(used, shown(at('2026-01-01T00:00:00.400Z')), now), 'raced', 'was here before the rotation')
  t.equal(decideRefresh(used, shown(after, true), now), 'raced', 'ran beside it')
  t.equal(decideRefresh(used, shown(after), now), 'reused', 'came after it')

  const doctor = { id: 2, name: 'Doctor', tenant_id: null, permissions: [] }
  const standing = { has_mfa: false, password_needs_mfa: false, mfa_required_role_ids: [], roles: [doctor] }
  t.ok(permissionsNow(standing).includes('records.sign'))
  t.same(permissionsNow({ ...standing, mfa_required_role_ids: [2] }), [], 'nothing before the second factor')
  t.same(permissionsNow({ ...standing, password_needs_mfa: true }), [])
  t.ok(permissionsNow({ ...standing, mfa_required_role_ids: [2], has_mfa: true }).length > 0)
})

t.test('rules of granting', async (t) => {
  const other = { userId: 2, keepsOffice: true }
  const admin = { userId: 1, permissions: permissionsOf(builtIn('Admin')) }
  for (const { name } of hospitalRoles) t.ok(canGrant(admin, builtIn(name), other), `an Admin appoints a ${name}`)
  t.notOk(canGrant(admin, builtIn('Doctor'), { userId: 1, keepsOffice: true }), 'but not themselves a Doctor too')
  t.ok(canGrant(admin, builtIn('Doctor'), { userId: 1, keepsOffice: false }), 'unless they step down')
  t.ok(canGrant(admin, builtIn('Admin'), { userId: 1, keepsOffice: true }))
  const clerk = { userId: 3, permissions: ['users.read', 'users.manage'] as Permission[] }
  for (const { name } of hospitalRoles) t.notOk(canGrant(clerk, builtIn(name), other), `a clerk makes nobody a ${name}`)
  const own = { id: 9, name: 'Signer', tenant_id: 'a', permissions: ['records.sign'] }
  t.notOk(canGrant(admin, own, other), 'professions come with built-in roles only')
  t.notOk(canManage(clerk, 4, [builtIn('Admin')]), 'nor changes an Admin')
  t.ok(canManage(clerk, 3, [builtIn('Nurse')]), 'oneself one may change')
  t.same(permissionsOf({ id: 1, name: 'X', tenant_id: 'a', permissions: ['tenants.manage', 'labs.read', 'unknown'] }), [
    'labs.read',
  ])
})

t.test('rules of passwords', async (t) => {
  const weakness = (password: string, hasMfa = false) =>
    weaknessOf(password, { hasMfa, own: ['jane.doe@example.org', 'Jane Doe'] })
  for (const password of ['correct horse battery', 'xkcd-936-is-right', 'ünïcödé ïst füñ', 'nur kleine buchstaben']) {
    t.equal(weakness(password), null, password)
  }
  t.match(weakness('short-9-x'), /12/)
  t.equal(weakness('short-9-x', true), null, 'eight with a second factor')
  t.match(weakness('seven77', true), /8/)
  t.ok(needsMfa('short-9-x') && !needsMfa('long enough 12'))
  t.match(weakness('🙂'.repeat(11)), /12/, 'characters are counted, not code units')
  for (const common of ['password1234', 'Password123!', 'qwertyuiop123', 'iloveyou!!!!', '1q2w3e4r5t6y'])
    t.ok(weakness(common), common)
  for (const dull of ['aaaaaaaaaaaa', '123456789012', 'abcdefghijkl', '987654321098', 'abcabcabcabc', 'zxcvzxcvzxcv'])
    t.ok(weakness(dull), dull)
  t.ok(weakness('jane.doe@example.org') && weakness('Jane.Doe@Example.org1'), 'one’s own address')
  t.match(weakness('x'.repeat(129)), /128/)
})

t.test('rules of guessing, codes and keys', async (t) => {
  const now = new Date('2026-01-01T12:00:00Z')
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
  t.equal(waitForGuess(Array(maxGuesses - 1).fill(ago(1)), now), 0)
  t.equal(
    waitForGuess([...Array(maxGuesses - 1).fill(ago(1)), ago(10)], now),
    5 * 60_000,
    'until the oldest is forgotten',
  )
  const code = makeCode()
  t.match(code, /^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/)
  t.equal(plainCode(` ${code.toLowerCase().replace('-', ' ')} `), code.replace('-', ''))
  const keys = createKeys('secret')
  const sealed = keys.seal('row 1', 'JBSWY3DP')
  t.notMatch(sealed, /JBSWY/)
  t.equal(keys.unseal('row 1', sealed), 'JBSWY3DP')
  t.throws(() => keys.unseal('row 2', sealed), 'a sealed text belongs to its row')
  t.throws(() => createKeys('other').unseal('row 1', sealed))
})

t.test('rules of hospitals', async (t) => {
  t.ok(isTimeZone('Europe/London') && isTimeZone('UTC'))
  t.notOk(isTimeZone('Mars/Base') || isTimeZone('+01:00') || isTimeZone('london'))
  t.ok(canChangeStatus('active', 'suspended') && canChangeStatus('suspended', 'active'))
  t.notOk(canChangeStatus('provisioning', 'active') || canChangeStatus('provisioning', 'suspended'))
  t.ok(isReservedId('platform') && isReservedId('clinical') && isReservedId('pg_x'))
  t.notOk(isReservedId('demo_hospital_001'))
  const row = (at: string, id: string) => ({ at, id })
  const [a, b, c, d] = [row('2', 'b:2'), row('2', 'a:9'), row('1', 'c:1'), row('3', 'a:1')]
  t.same(mergeNewestFirst([[d, b], [a], [c]]), [d, a, b, c])
})

t.test('the user that is meant', async (t) => {
  const [a, b] = [{ tenant_id: 'a' }, { tenant_id: 'b' }]
  t.equal(chooseUser([], null), null)
  t.same(chooseUser([a], null), a)
  t.equal(chooseUser([a, b], null), null, 'never a guess')
  t.same(chooseUser([a, b], 'b'), b)
  t.equal(chooseUser([a], 'b'), null)
})
