import tap from 'tap'
import { startCognito, startOidc } from './providers.ts'
import { nurse, stage } from './stage.ts'

const person = { ...nurse, session_id: 'external-1', user_id: 9, tenant_id: 'hospital_a' }

tap.test('Amazon Cognito: access and ID tokens, each only where it is trusted', async (t) => {
  const cognito = await startCognito(t)
  const { issuer, clientId } = cognito
  const tokens = await cognito.signIn('nora@example.com')
  const asked: object[] = []
  const gateway = async (settings: object) => {
    const s = await stage(t, { issuers: [{ issuer, ...settings }] })
    s.external = (question) => {
      asked.push(question)
      return question.subject === tokens.subject ? person : null
    }
    return async (token: string): Promise<number> => (await s.ask('/api/patients', { token })).status
  }

  const either = await gateway({ client_id: clientId })
  t.equal(await either(tokens.access), 200)
  t.equal(await either(tokens.id), 200)
  t.match(asked, [
    { issuer, subject: tokens.subject, email: null },
    { issuer, subject: tokens.subject, email: 'nora@example.com', email_verified: true },
  ])
  const other = await cognito.signIn('otto@example.com')
  t.equal(await either(other.access), 403, 'somebody we do not know')

  const accessOnly = await gateway({ client_id: clientId, token_use: 'access' })
  t.equal(await accessOnly(tokens.access), 200)
  t.equal(await accessOnly(tokens.id), 401)
  const idOnly = await gateway({ client_id: clientId, token_use: 'id' })
  t.equal(await idOnly(tokens.access), 401)
  t.equal(await idOnly(tokens.id), 200)
  const another = await gateway({ client_id: 'another-client' })
  t.equal(await another(tokens.access), 401)
  t.equal(await another(tokens.id), 401)
})

tap.test('an OpenID provider, its keys found through its discovery document', async (t) => {
  const oidc = await startOidc(t)
  const s = await stage(t, { issuers: [{ issuer: oidc.issuer, audience: 'urn:hospital:api', token_use: 'access' }] })
  s.external = ({ subject }) => (subject === 'staff-app' ? person : null)
  t.equal((await s.ask('/api/patients', { token: await oidc.token('urn:hospital:api') })).status, 200)
  t.equal((await s.ask('/api/patients', { token: await oidc.token('urn:elsewhere:api') })).status, 401)
})
