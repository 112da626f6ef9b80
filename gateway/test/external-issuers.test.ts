import tap, { type Test } from 'tap'
import { readIssuers } from '../src/trusted-issuers.ts'
import { nurse, stage, testIssuer } from './stage.ts'

const person = { ...nurse, session_id: 'external-1', user_id: 9, tenant_id: 'hospital_a' }

async function withIssuers(t: Test, now?: () => number) {
  const [cognito, other] = await Promise.all([testIssuer('RS256'), testIssuer('ES256')])
  t.teardown(() => Promise.all([cognito.close(), other.close()]))
  const s = await stage(
    t,
    {
      issuers: [
        { issuer: cognito.url, client_id: 'client-1', token_use: 'access', jwks_uri: `${cognito.url}/keys` },
        { issuer: other.url, audience: 'hospital-api' },
      ],
    },
    now,
  )
  s.external = ({ subject }) => (subject === 'known' ? person : null)
  const status = async (token: string, headers: Record<string, string> = {}): Promise<[number, string | undefined]> => {
    const response = await s.ask('/api/patients', { token, headers })
    const body = (await response.json()) as { code?: string }
    return [response.status, body.code]
  }
  const access = (claims: object = {}, header: object = {}): string =>
    cognito.token({ iss: cognito.url, client_id: 'client-1', token_use: 'access', sub: 'known', ...claims }, header)
  const id = (claims: object = {}): string =>
    other.token({
      iss: other.url,
      aud: ['x', 'hospital-api'],
      sub: 'known',
      email: 'a@b.c',
      email_verified: true,
      ...claims,
    })
  return { s, cognito, other, status, access, id }
}

const unauthenticated: [number, string] = [401, 'unauthenticated']

tap.test('tokens of a trusted issuer are accepted for a person we know', async (t) => {
  const { s, status, access, id } = await withIssuers(t)
  const asked: object[] = []
  s.external = (question) => {
    asked.push(question)
    return question.subject === 'known' ? person : null
  }
  t.same(await status(access()), [200, undefined])
  t.same(await status(id()), [200, undefined])
  t.match(asked, [
    { subject: 'known', email: null, email_verified: false, tenant_id: null },
    { subject: 'known', email: 'a@b.c', email_verified: true, tenant_id: null },
  ])
  t.same(await status(access({ sub: 'stranger' })), [403, 'user-not-provisioned'])
  t.same(await status(access(), { 'x-tenant-id': 'hospital_b' }), [403, 'tenant-mismatch'])
  s.external = () => ({ ...person, active: false })
  t.same(await status(access({ sub: 'inactive' })), [403, 'user-not-provisioned'])
})

tap.test('another audience, client, use, issuer or algorithm is refused', async (t) => {
  const { cognito, other, status, access, id } = await withIssuers(t)
  t.same(await status(access({ client_id: 'client-2' })), unauthenticated)
  t.same(await status(access({ client_id: undefined })), unauthenticated)
  t.same(await status(access({ token_use: 'id', client_id: undefined, aud: 'client-1' })), unauthenticated)
  t.same(await status(id({ aud: 'other-api' })), unauthenticated)
  t.same(await status(id({ aud: undefined })), unauthenticated)
  t.same(await status(access({ iss: 'https://elsewhere' })), unauthenticated)
  t.same(await status(access({ iss: other.url })), unauthenticated, 'signed by the keys of another trusted issuer')
  t.same(
    await status(
      access({ iss: 'hospital', aud: 'hospital', sub: '5', tid: 'hospital_a', sid: 'session-1' }, { typ: 'at+jwt' }),
    ),
    unauthenticated,
  )
  t.same(await status(access({ exp: Math.floor(Date.now() / 1000) - 60 })), unauthenticated)
  t.same(await status(cognito.token({ iss: cognito.url, client_id: 'client-1', token_use: 'access' })), unauthenticated)
})

tap.test('keys rotate, unknown key ids cost one fetch in thirty seconds, an issuer that is down is 503', async (t) => {
  let ahead = 0
  const { cognito, status, access } = await withIssuers(t, () => Date.now() + ahead)
  cognito.down = true
  t.same(await status(access()), [503, 'service-unavailable'])
  cognito.down = false
  ahead += 1_000
  t.same(await status(access()), [200, undefined])
  t.equal(cognito.fetches, 1)
  await Promise.all(Array.from({ length: 20 }, (_, n) => status(access({}, { kid: `unknown-${n}` }))))
  t.equal(cognito.fetches, 1, 'the last fetch was just now')
  ahead += 30_000
  await Promise.all(Array.from({ length: 20 }, (_, n) => status(access({}, { kid: `unknown-${n}` }))))
  t.equal(cognito.fetches, 2)
  cognito.rotate()
  ahead += 30_000
  t.same(await status(access()), [200, undefined])
  t.equal(cognito.fetches, 3)
  cognito.rotate('EdDSA')
  cognito.down = true
  ahead += 30_000
  t.same(await status(access()), [503, 'service-unavailable'], 'an unknown key while the issuer is away')
})

tap.test('issuers are configured, or the gateway does not start', async (t) => {
  t.same(readIssuers(undefined, false), [])
  t.same(readIssuers('[{"issuer":"https://a","audience":"b"}]', true), [{ issuer: 'https://a', audience: 'b' }])
  t.throws(() => readIssuers('{', false), /not JSON/)
  t.throws(() => readIssuers('[{"issuer":"https://a"}]', false), /needs an audience or a client_id/)
  t.throws(() => readIssuers('[{"issuer":"http://a","audience":"b"}]', true), /https in production/)
  t.throws(() => readIssuers('[{"issuer":"https://a","audience":"b","token_use":"refresh"}]', false), /token_use/)
  t.throws(() => readIssuers('[{"issuer":"https://a","audience":"b","algorithm":"none"}]', false), /algorithm/)
})
