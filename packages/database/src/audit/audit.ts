import type pg from 'pg'
import { errorCode } from '../errors.ts'
import { withOwner } from '../migrate/client.ts'
import { quoted, type ServiceName } from '../names.ts'
import { auditChain } from './chain.ts'
import { auditKey } from './mac.ts'
import { type AuditKeeping, sealTenant } from './seal.ts'
import { type AuditVerdict, verifyTenant } from './verify.ts'

export interface AuditOptions {
  /** The owner's URL: seals are out of the runtime role's reach. */
  url: string
  service: ServiceName
  /** The runtime role's password; the rows' signatures come from it. */
  appPassword: string
  /** A folder outside the database, best on another disk or machine, where the chain's heads are written down. */
  anchorDirectory: string
}

const keepingOf = (options: AuditOptions): AuditKeeping => ({
  anchorDirectory: options.anchorDirectory,
  key: auditKey(options.appPassword),
})

/** The hospitals that have a trail. */
export async function listTrails(client: pg.Client, service: ServiceName): Promise<string[]> {
  const text =
    service === 'identity'
      ? 'SELECT id FROM public.tenants ORDER BY id'
      : `SELECT tenant_id AS id FROM ${quoted(service)}.tenant_migrations WHERE version IS NOT NULL ORDER BY tenant_id`
  const { rows } = await client.query<{ id: string }>(text)
  return rows.map(({ id }) => id)
}

/**
 * Seals what waits in the trails of the given tenants. Answers how many rows were sealed; rejects with the first error when
 * all were tried.
 */
export async function sealAudit(options: AuditOptions, tenants: readonly string[]): Promise<number> {
  const keeping = keepingOf(options)
  return withOwner(options.url, async (client) => {
    const errors: unknown[] = []
    let total = 0
    for (const tenantId of tenants) {
      await sealTenant(client, auditChain(options.service, tenantId), keeping).then(
        ({ sealed }) => {
          total += sealed
        },
        (error) => errors.push(error),
      )
    }
    if (errors.length > 0) throw errors[0]
    return total
  })
}

interface VerifyOptions extends AuditOptions {
  tenants?: readonly string[]
  onProgress?: (tenantId: string, checked: number) => void
}

/** Verifies the trails of every tenant, or of the given ones: one verdict each, the first bad row named. */
export async function verifyAudit(options: VerifyOptions): Promise<AuditVerdict[]> {
  const keeping = keepingOf(options)
  return withOwner(options.url, async (client) => {
    await client.query("SET lock_timeout TO '5s'")
    const verdicts: AuditVerdict[] = []
    for (const tenantId of options.tenants ?? (await listTrails(client, options.service))) {
      const chain = auditChain(options.service, tenantId)
      const onProgress = (checked: number) => options.onProgress?.(tenantId, checked)
      verdicts.push(
        await verifyTenant(client, chain, keeping, onProgress).catch((error) => couldNotVerify(tenantId, error)),
      )
    }
    return verdicts
  })
}

/** A trail that cannot be read, its table gone or locked, is no reason to look at no other. */
function couldNotVerify(tenantId: string, error: unknown): AuditVerdict {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const failure = `${errorCode(error) ?? name}: ${message}`
  return { tenantId, checked: 0, pending: 0, anchored: true, bad: null, failure }
}
