import type { ServiceName } from '@hospital/database'
import type { TestSystem } from '../system.ts'
import type { Findings } from './findings.ts'
import type { Ledger } from './ledger.ts'
import { untilTrue } from './until.ts'

/** A table that one service keeps for itself of another one's rows: both sides as `id` and what else must be equal. */
interface Copy {
  what: string
  owner: [ServiceName, string]
  copy: [ServiceName, string]
}

const copiesOf = (tenantId: string): Copy[] => {
  const users = `SELECT id, name, status, version FROM public.users WHERE tenant_id = '${tenantId}'`
  const doctors = `
    SELECT u.id, u.name, u.version FROM public.users u
    WHERE u.tenant_id = '${tenantId}' AND EXISTS (
      SELECT FROM public.user_roles ur JOIN public.roles r ON r.id = ur.role_id
      WHERE ur.user_id = u.id AND r.name = 'Doctor')`
  const keepers: ServiceName[] = ['clinical', 'scheduling']
  return [
    ...keepers.flatMap((keeper): Copy[] => [
      {
        what: `the staff of ${tenantId} at ${keeper}`,
        owner: ['identity', users],
        copy: [keeper, `SELECT id, name, status, version FROM ${tenantId}.staff`],
      },
      {
        what: `the doctors of ${tenantId} at ${keeper}`,
        owner: ['identity', doctors],
        copy: [keeper, `SELECT id, name, version FROM ${tenantId}.doctors`],
      },
    ]),
    {
      what: `the patients of ${tenantId} at scheduling`,
      owner: ['clinical', `SELECT id::int, last_name, status, version FROM ${tenantId}.patients`],
      copy: ['scheduling', `SELECT id::int, last_name, status, version FROM ${tenantId}.patients`],
    },
    {
      what: `the appointments of ${tenantId} at clinical`,
      owner: [
        'scheduling',
        // Other steps than these two change nothing about who cares for whom.
        `SELECT id, patient_id, doctor_id, status, version FROM ${tenantId}.appointments
         WHERE status IN ('scheduled', 'cancelled')`,
      ],
      copy: [
        'clinical',
        `SELECT appointment_id AS id, patient_id, doctor_id, status, version FROM ${tenantId}.care_appointments`,
      ],
    },
  ]
}

/** Waits until every copy is as its owner's rows, but not longer than this. */
export async function compareCopies(
  system: TestSystem,
  ledger: Ledger,
  findings: Findings,
  withinMs = 60_000,
): Promise<void> {
  const copies = ledger.hospitals.flatMap(({ tenantId }) => copiesOf(tenantId))
  let differences: string[] = []
  const areEqual = async () => {
    differences = (await Promise.all(copies.map((copy) => findDifferences(system, copy)))).flat()
    return differences.length === 0
  }
  if (!(await untilTrue(areEqual, withinMs))) findings.untold.push(...differences)
}

async function findDifferences(system: TestSystem, { what, owner, copy }: Copy): Promise<string[]> {
  const [own, copied] = await Promise.all([byId(system, owner), byId(system, copy)])
  const missing = [...own.keys()].filter((id) => !copied.has(id))
  const stale = [...own].filter(([id, row]) => copied.has(id) && copied.get(id) !== row).map(([id]) => id)
  return [
    ...(missing.length > 0 ? [`${what} still lack ${missing.join(', ')}`] : []),
    ...(stale.length > 0 ? [`${what} are still old for ${stale.join(', ')}`] : []),
  ]
}

async function byId(system: TestSystem, [service, text]: [ServiceName, string]): Promise<Map<number, string>> {
  const rows = await system.query<{ id: number }>(service, text)
  return new Map(rows.map((row) => [row.id, JSON.stringify(row)]))
}
