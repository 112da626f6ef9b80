export { appendAuditRows } from './audit/append.ts'
export { type AuditOptions, sealAudit, verifyAudit } from './audit/audit.ts'
export { type AuditRow, auditKey } from './audit/mac.ts'
export { ChainBroken } from './audit/seal.ts'
export { startAuditSealer } from './audit/sealer.ts'
export type { AuditVerdict, BadRow } from './audit/verify.ts'
export { describeDatabase, type ExpectedCatalogue, majorVersion, type ServiceCatalogue } from './catalogue/catalogue.ts'
export { findDrift } from './catalogue/drift.ts'
export { among, type Fragment } from './columns.ts'
export { onConstraint, type Violation } from './constraint.ts'
export { createDatabase, type Database } from './database.ts'
export {
  DatabaseUnavailable,
  errorCode,
  isBrokenSchema,
  translateError,
} from './errors.ts'
export {
  announce,
  announceAll,
  appendEvent,
  inbox,
  type Telling,
  toTell,
} from './events.ts'
export { ensureDatabase, isOwnDatabase, withOwner } from './migrate/client.ts'
export { migrationsDirectory } from './migrate/files.ts'
export { MigrationRefused } from './migrate/history.ts'
export {
  type MigrateOptions,
  type MigrationProgress,
  type MigrationReport,
  migrateService,
  provisionTenant,
} from './migrate/migrate.ts'
export { restrictDatabase } from './migrate/roles.ts'
export { listTenants, type MigrationStatus, migrationStatus, type TenantStatus } from './migrate/status.ts'
export { TenantMigrationError } from './migrate/tenant.ts'
export {
  databaseName,
  databaseRoles,
  globalSchema,
  isTenantId,
  isTenantSchema,
  rolePrefix,
  runtimeUrl,
  type ServiceName,
  tenantRole,
} from './names.ts'
export { type OutboxReader, type OutboxRow, outboxReader } from './outbox.ts'
export { sql } from './sql.ts'
export { type NewRow, type RowChange, table } from './table.ts'
export { eventsToldIn, type GlobalTx, type TenantContext, type TenantTx } from './transaction.ts'
