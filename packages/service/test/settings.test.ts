import t from 'tap'
import { isProduction, loadSecret, readProcessConfig } from '../src/config.ts'

const random = 'b1946ac92492d2347c6235b4d2611184'

/** What every service needs to start. */
const settings = {
  NATS_URL: 'nats://localhost:4222',
  PORT: '3001',
  DATABASE_URL: 'postgres://owner@localhost/hospital',
  DATABASE_APP_PASSWORD: random,
  NATS_CLINICAL_PASSWORD: random,
  GATEWAY_PUBLIC_KEY: random,
}

t.test('only what NODE_ENV is known to say decides about production', async (t) => {
  t.ok(isProduction({ NODE_ENV: 'production' }))
  for (const mode of [undefined, '', 'development', 'test']) t.notOk(isProduction({ NODE_ENV: mode }), `${mode}`)
  for (const mode of [
    'prod',
    'Production',
    'PRODUCTION',
    'production ',
    ' production',
    'produktion',
    'live',
    'staging',
  ])
    t.throws(
      () => readProcessConfig('clinical', { ...settings, NODE_ENV: mode }),
      /NODE_ENV is ".*nothing here knows/,
      mode,
    )
})

t.test('in production no secret is missing, short or an example, in any service', async (t) => {
  const secrets = Object.keys(settings).filter((name) => /PASSWORD$|KEY$/.test(name))
  t.equal(secrets.length, 3)
  t.equal(readProcessConfig('clinical', { ...settings, NODE_ENV: 'production' }).production, true)
  for (const name of secrets)
    for (const value of [
      '',
      'short',
      'change-me-change-me-change-me',
      'an-Example-of-24-characters',
      'password123password123password123',
    ])
      t.throws(
        () => readProcessConfig('clinical', { ...settings, NODE_ENV: 'production', [name]: value }),
        new RegExp(`The secret ${name.toLowerCase()} is (missing|too short or an example)`),
        `${name}=${value}`,
      )
  t.equal(loadSecret({ GATEWAY_PUBLIC_KEY: 'short' }, 'gateway_public_key'), 'short', 'a trial may do as it likes')
})

t.test('a service that is told no host is reached from this machine alone', async (t) => {
  for (const HOST of [undefined, '']) t.equal(readProcessConfig('clinical', { ...settings, HOST }).host, 'localhost')
})
