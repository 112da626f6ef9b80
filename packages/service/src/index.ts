export { createServiceApp, type Deps } from './app.ts'
export { type AuditEntry, appendAudit } from './audit.ts'
export { auditId, listAudit, respondAudit } from './audit-queries.ts'
export { databaseUrlOf, loadSecret, type ProcessConfig, readProcessConfig } from './config.ts'
export { type Consuming, consume, consumeOnce, consumeOnceGlobally } from './consume.ts'
export { type Job, startHospitalJob, startJob } from './jobs.ts'
export { createLog, errorForLog } from './log.ts'
export { decodeCursor, encodeCursor, toPage } from './paging.ts'
export { ensureDoctor, ensurePeople, ensureStaff, type FetchPeople, type FetchPerson, fetchUser } from './people.ts'
export { backgroundOf, type Running, runService, type ServiceParts } from './process.ts'
export { type Copies, checksumOf, checksumOfTable, fetchCopy, reconcile, startReconciling } from './reference-copies.ts'
export {
  type CareGuard,
  handle,
  handleGlobal,
  handlePublic,
  type Input,
  type PublicInput,
  type Route,
} from './route.ts'
export { consumeTenants, provisionedTenants } from './tenants.ts'
export { createTroubles, type Trouble, type Troubles } from './troubles.ts'
export { consumeUsers, storeUser, userCopies } from './user-copies.ts'
export { compileValidation } from './validation.ts'
