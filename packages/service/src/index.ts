export { createServiceApp } from './app.ts'
export { type AuditEntry, appendAudit } from './audit.ts'
export { listAudit, respondAudit } from './audit-queries.ts'
export { loadSecret, type ProcessConfig, readProcessConfig } from './config.ts'
export { type Consuming, consume, consumeOnce, consumeOnceGlobally } from './consume.ts'
export type { Deps, Running } from './deps.ts'
export { type Job, startHospitalJob, startJob } from './jobs.ts'
export { createLog, errorForLog } from './log.ts'
export { decodeCursor, encodeCursor, toPage } from './paging.ts'
export { ensurePeople, type FetchPeople, type FetchPerson, fetchUser } from './people.ts'
export { backgroundOf, runService, type ServiceParts } from './process.ts'
export { contextOf } from './public-pipeline.ts'
export { type Copies, checksumOf, checksumOfTable, fetchCopy, reconcile, startReconciling } from './reference-copies.ts'
export {
  type Account,
  type AfterCommit,
  type Caller,
  type CareGuard,
  handle,
  handleConstant,
  handleGlobal,
  handlePublic,
  type Input,
  type PublicInput,
  type PublicNotes,
  type PublicSteps,
  type Route,
  type StandingRefusal,
  standingRefusal,
} from './route.ts'
export { consumeTenants, provisionedTenants } from './tenants.ts'
export { createTroubles, type Trouble, type Troubles } from './troubles.ts'
export { consumeUsers, storeUser, userCopies } from './user-copies.ts'
export { compileValidation } from './validation.ts'
