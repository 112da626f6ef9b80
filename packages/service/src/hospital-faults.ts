import { Problem } from '@hospital/contracts'
import { DatabaseUnavailable, isBrokenSchema, TenantMigrationError } from '@hospital/database'

/** The database server is away, or has no connection for us: nothing can be done for any hospital. */
export const isServerAway = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable && ['unreachable', 'busy'].includes(error.reason)

/**
 * Something cannot be done for one hospital at the moment, whatever the event or job: its schema is not made, not
 * migrated or damaged, its tables are locked, or another service cannot answer about it.
 */
export function isHospitalFault(error: unknown): boolean {
  if (isServerAway(error)) return false
  if (error instanceof Problem) return error.statusCode >= 500
  return error instanceof TenantMigrationError || isBrokenSchema(error)
}
