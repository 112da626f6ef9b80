import type { TestSystem } from '../system.ts'
import { type Hospital, type Ledger, newLedger } from './ledger.ts'
import { type Person, type Role, roles } from './people.ts'

/** Two of the demo hospitals, and where their people's mails go. */
const demoHospitals = [
  { tenantId: 'demo_hospital_001', domain: 'citygeneralhospital.com' },
  { tenantId: 'demo_hospital_002', domain: 'riversidemedicalcenter.com' },
]

/** Signs in one person of every role in two hospitals, for a run that is shorter than a token's life. */
export async function openLedger(system: TestSystem): Promise<Ledger> {
  return newLedger(await Promise.all(demoHospitals.map((hospital) => openHospital(system, hospital))))
}

async function openHospital(
  system: TestSystem,
  { tenantId, domain }: (typeof demoHospitals)[number],
): Promise<Hospital> {
  const entries: [Role, Person][] = []
  for (const role of roles) {
    const token = await system.signIn(`${role.toLowerCase().replace(' ', '')}@${domain}`)
    const { body } = await system.request('GET', '/api/auth/me', { token })
    entries.push([role, { id: Number(body.id), token }])
  }
  const people = Object.fromEntries(entries) as Record<Role, Person>
  const { body } = await system.request('GET', '/api/roles?limit=100', { token: people.Admin.token })
  const doctor = (body.data as { id: number; name: string }[]).find(({ name }) => name === 'Doctor')
  return { tenantId, people, doctorRoleId: Number(doctor?.id), entities: [], writes: [], refused: [] }
}
