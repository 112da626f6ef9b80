import { getPatientFacts } from '@hospital/contracts'
import { proveForeignLooksMissing } from '@hospital/testing'
import t from 'tap'
import { startIdentity } from './identity-system.ts'

const identity = await startIdentity()
t.teardown(identity.stop)
t.setTimeout(300_000)
// Stands in for clinical, which knows nobody.
identity.outside.respond(getPatientFacts, async () => null)

const { post, newUser } = identity
await newUser({ role: 'Admin' })
const stranger = await newUser({ tenant: 'hospital_b', role: 'Admin' })
const role = await post(stranger.asker, '/api/roles', { name: 'Ward clerk', permissions: ['users.read'] })
if (role.status !== 201) throw new Error(JSON.stringify(role.body))

const ids: readonly [RegExp, number][] = [
  [/^\/api\/users/, stranger.id],
  [/^\/api\/roles/, Number(role.body['id'])],
  // Sessions have ids that cannot be guessed; any number is like none.
  [/^\/api\/auth\/sessions/, stranger.id],
  [/^\/api\/tenants/, stranger.id],
  [/^\/api\/patients/, stranger.id],
]

proveForeignLooksMissing(
  t,
  {
    service: 'identity',
    app: identity.app,
    gateway: identity.gateway,
    tenantId: 'hospital_a',
    auditRows: async () => 1,
  },
  (path) => ids.find(([pattern]) => pattern.test(path))?.[1],
  ['listAuditEvents'],
)
