export { appendAuditRows } from './audit/append.ts'
export { type AuditOptions, sealAudit, type VerifyOptions, verifyAudit } from './audit/audit.ts'
export { type AuditRow, auditKey } from './audit/mac.ts'
export { ChainBroken } from './audit/seal.ts'
export { type SealerOptions, startAuditSealer } from './audit/sealer.ts'
export type { AuditVerdict, BadRow } from './audit/verify.ts'
export { describeDatabase, type ExpectedCatalogue, majorVersion, type ServiceCatalogue } from './catalogue/catalogue.ts'
export { type Drift, findDrift } from './catalogue/drift.ts'
export { onConstraint, type Violation } from './constraint.ts'
export { createDatabase, type Database, type DatabaseOptions } from './database.ts'
export {
  DatabaseUnavailable,
  errorCode,
  isBrokenSchema,
  translateError,
  type UnavailableReason,
} from './errors.ts'
export {
  announce,
  announceAll,
  appendEvent,
  type GlobalHappening,
  type Happening,
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
  type TenantFailure,
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
  serviceDatabaseUrl,
  tenantRole,
} from './names.ts'
export { type OutboxReader, type OutboxRow, outboxReader } from './outbox.ts'
export { sql } from './sql.ts'
export { type NewRow, type PlainRow, type RowChange, type Table, type TableNotes, table } from './table.ts'
export { eventsToldIn, type GlobalTx, type TenantContext, type TenantTx } from './transaction.ts'
