import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import tap, { type Test } from 'tap'
import { externalReader } from '../src/external-tokens.ts'
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

tap.test('a key decides its algorithm, and must be fit to sign', async (t) => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: 'https://a', aud: 'b', sub: 'known', exp: Math.floor(Date.now() / 1000) + 60 }
  const signed = (alg: string, by: (text: string) => Buffer): string => {
    const text = `${part({ alg, kid: 'k' })}.${part(claims)}`
    return `${text}.${by(text).toString('base64url')}`
  }
  const rsa = (key: KeyObject, alg = 'RS256') => signed(alg, (text) => sign('sha256', Buffer.from(text), key))
  const reads = async (token: string, jwk: object): Promise<boolean> => {
    const read = externalReader(
      { issuer: 'https://a', audience: 'b', jwks_uri: 'https://a/keys' },
      { fetchJson: async () => ({ keys: [{ kid: 'k', ...jwk }] }), onKeysMissing: () => undefined, now: Date.now },
    )
    return read(token, 'k').then(
      (reading) => reading?.bearer.kind === 'external',
      () => false,
    )
  }
  const good = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const jwkOf = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ format: 'jwk' })
  const pem = good.publicKey.export({ type: 'spki', format: 'pem' }) as string
  t.ok(await reads(rsa(good.privateKey), jwkOf(good)))
  t.notOk(await reads(rsa(small.privateKey), jwkOf(small)), 'a key of 1024 bits')
  t.notOk(await reads(rsa(good.privateKey), { ...jwkOf(good), use: 'enc' }), 'a key for something else')
  t.notOk(await reads(rsa(good.privateKey), { ...jwkOf(good), alg: 'RS512' }), 'a key of another algorithm')
  t.notOk(await reads(rsa(good.privateKey, 'RS512'), jwkOf(good)), 'an algorithm that we do not take')
  const hmac = (secret: string) => signed('HS256', (text) => createHmac('sha256', secret).update(text).digest())
  t.notOk(await reads(hmac(pem), jwkOf(good)), 'the public key as a secret')
  t.notOk(await reads(hmac('s'), { kty: 'oct', k: Buffer.from('s').toString('base64url') }), 'a secret in a JWKS')
  t.notOk(
    await reads(
      signed('none', () => Buffer.alloc(0)),
      jwkOf(good),
    ),
    'no algorithm',
  )
  t.notOk(await reads(rsa(good.privateKey), good.privateKey.export({ format: 'jwk' })), 'a private key in a JWKS')
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
