export { startNats, type TestNats } from './nats.ts'
export { startOwnPostgres, startPostgres, type TestPostgres, withDatabase } from './postgres.ts'
export { temporaryFolder } from './temporary-folder.ts'
