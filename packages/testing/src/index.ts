export { natsUser, type Program } from '@hospital/stack/embedded'
export { type ConventionSubject, proveConventions } from './conventions.ts'
export { type TestDatabase, testDatabase } from './database.ts'
export * as dates from './dates.ts'
export { proveForeignLooksMissing } from './foreign.ts'
export { proveNoFaults } from './fuzz.ts'
export { startNats, type TestNats } from './nats.ts'
export {
  type Break,
  commonJobs,
  holdLocks,
  type JobCase,
  proveOneBrokenHospital,
  provisioningBreak,
  schemaBreaks,
} from './one-broken-hospital.ts'
export { provePatientUniques } from './patient-uniques.ts'
export { startOwnPostgres, startPostgres, type TestPostgres, withDatabase } from './postgres.ts'
export { sampleOf } from './sample.ts'
export { startSmtp } from './smtp.ts'
export { statementsDuring } from './statements.ts'
export { failToStart, type SystemAnswer, startSystem, type TestSystem } from './system.ts'
export { temporaryFolder } from './temporary-folder.ts'
export { type TestGateway, testGateway } from './tokens.ts'
