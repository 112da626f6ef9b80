export { createServiceApp } from './app.ts'
export { type AuditEntry, appendAudit } from './audit.ts'
export { auditId, listAudit, respondAudit } from './audit-queries.ts'
export { databaseUrlOf, loadSecret, type ProcessConfig, readProcessConfig } from './config.ts'
export { type Consuming, consume, consumeOnce, consumeOnceGlobally } from './consume.ts'
export type { Deps, Running } from './deps.ts'
export { type Job, startHospitalJob, startJob } from './jobs.ts'
export { createLog, errorForLog } from './log.ts'
export { decodeCursor, encodeCursor, toPage } from './paging.ts'
export { type FetchPeople, fetchUser } from './people.ts'
export { backgroundOf, runService, type ServiceParts } from './process.ts'
export { checksumOf, consumeUsers, ensureDoctor, ensureStaff, storeUser } from './reference-copies.ts'
export {
  type CareGuard,
  handle,
  handleGlobal,
  handlePublic,
  type Input,
  type PublicInput,
  type Route,
} from './route.ts'
export { consumeTenants, provisionedTenants, reconcileEverything } from './tenants.ts'
export { createTroubles, type Trouble, type Troubles } from './troubles.ts'
export { compileValidation } from './validation.ts'
