import { getPatientFacts } from '@hospital/contracts'
import { proveNoFaults } from '@hospital/testing'
import t from 'tap'
import { startIdentity } from './identity-system.ts'

const identity = await startIdentity()
t.teardown(identity.stop)
t.setTimeout(600_000)
// Stands in for clinical, which knows nobody.
identity.outside.respond(getPatientFacts, async () => null)
const people: string[] = []
for (let i = 0; i < 5; i++) people.push((await identity.newUser({ role: 'Admin' })).email)
const roles = (await identity.db.query<{ id: number }>('SELECT id FROM roles ORDER BY id')).map(({ id }) => Number(id))

proveNoFaults(
  t,
  {
    service: 'identity',
    app: identity.app,
    gateway: identity.gateway,
    tenantId: 'hospital_a',
    auditRows: async () => 1,
  },
  {
    ids: { '/api/roles': roles },
    fields: {
      cursor: [undefined],
      role_id: roles,
      role_ids: roles.map((id) => [id]),
      email: people,
      password: ['a long enough passphrase', 'wrong passphrase here'],
      id: ['another_hospital'],
    },
  },
  // Each password that fits is hashed.
  { perOperation: 50 },
)
