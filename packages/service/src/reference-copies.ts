import { createHash } from 'node:crypto'
import { type RequestContext, systemContext } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { Deps } from './deps.ts'
import { type Job, startHospitalJob } from './jobs.ts'
import { provisionedTenants, type TenantService } from './tenants.ts'

/** Copies of what another service owns, kept true by its events: where they are, and how their owner is asked. */
export interface Copies<Facts extends { id: number }> {
  /** Names them in logs and reports. */
  name: string
  /** The table that has a row for each of them, with the owner's `id` and `version`. */
  table: string
  /** The facts of one. null: the owner knows nobody by that id. */
  ask(context: RequestContext, id: number): Promise<Facts | null>
  /** Facts by id, `limit` of them after an id, and the checksum of all that the owner has. */
  list(page: { tenant_id: string; after_id: number; limit: number }): Promise<{
    facts: readonly Facts[]
    checksum: string
  }>
  /** What has to be here before; outside the transaction that stores them. */
  prepare?(context: RequestContext, facts: Facts): Promise<void>
  /** Writes what is newer than what is here. */
  store(tx: TenantTx, facts: Facts): Promise<unknown>
}

type CopyDeps = Pick<Deps, 'database'>

/** Asks the owner for one copy, and stores it; one that the owner does not know stays away. */
export async function fetchCopy<Facts extends { id: number }>(
  { database }: CopyDeps,
  copies: Copies<Facts>,
  context: RequestContext,
  id: number,
): Promise<void> {
  if (id < 1) return
  const facts = await copies.ask(context, id)
  if (facts === null) return
  await copies.prepare?.(context, facts)
  await database.inTenant(context, (tx) => copies.store(tx, facts))
}

const Versions = Type.Object({ rows: Type.String() })

/** `id:version` of every row, hashed: equal at the owner and where the copies are when none is missing or old. */
export const checksumOf = (rows: string): string => createHash('sha256').update(rows).digest('hex')

/** The same of a table of this hospital. */
export const checksumOfTable = async (tx: TenantTx, table: string): Promise<string> =>
  checksumOf(
    await tx.oneFirst(sql.type(Versions)`
      SELECT coalesce(string_agg(id || ':' || version, ',' ORDER BY id), '') AS rows FROM ${sql.identifier([table])}`),
  )

const pageSize = 500

/**
 * Compares the copies of one hospital with their owner and fetches what differs. For the times when events were lost: a
 * message server that lost its data, a restored backup. Answers how many were stored.
 */
export async function reconcile<Facts extends { id: number }>(
  { database }: CopyDeps,
  copies: Copies<Facts>,
  tenantId: string,
): Promise<number> {
  const context = systemContext(tenantId, `reconcile-${tenantId}`)
  const mine = await database.inTenant(context, (tx) => checksumOfTable(tx, copies.table))
  let stored = 0
  for (let after = 0; ; ) {
    const { facts, checksum } = await copies.list({ tenant_id: tenantId, after_id: after, limit: pageSize })
    if (checksum === mine) return stored
    for (const one of facts) await copies.prepare?.(context, one)
    await database.inTenant(context, async (tx) => {
      for (const one of facts) await copies.store(tx, one)
    })
    stored += facts.length
    const last = facts.at(-1)
    if (!last || facts.length < pageSize) return stored
    after = last.id
  }
}

const fiveMinutesMs = 5 * 60_000

/** Every few minutes: do these copies equal what their owner has? */
export const startReconciling = <Facts extends { id: number }>(
  service: TenantService,
  deps: Deps,
  copies: Copies<Facts>,
): Job =>
  startHospitalJob(deps, `reconcile ${copies.name}`, {
    everyMs: fiveMinutesMs,
    hospitals: () => provisionedTenants(deps, service),
    work: async (tenantId) => {
      const stored = await reconcile(deps, copies, tenantId)
      if (stored > 0) deps.log.info({ tenant: tenantId, copies: copies.name, stored }, 'reference copies caught up')
    },
  })
