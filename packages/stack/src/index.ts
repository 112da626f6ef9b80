export { contextToken, type TokenOwner } from './context-token.ts'
export { prepareDataDir } from './data-dir.ts'
export { lockDataDir } from './lock.ts'
export { migrateAll } from './migrate-all.ts'
export { checkNats } from './nats.ts'
export { endOrphans } from './orphans.ts'
export { checkReachable, type DatabaseUrls, databaseUrls, needsEmbeddedPostgres } from './postgres.ts'
export {
  checkGatewayPort,
  type DevRun,
  gatewayUrl,
  type RunningProgram,
  type Surroundings,
  startGateway,
  startServices,
  untilReady,
} from './programs.ts'
export { checkSecrets, gatewayKey, makeSecrets, readSecret, secretNames } from './secrets.ts'
export { describeStack, startServers } from './servers.ts'
export { readStack, removeStack, runningStack, type Stack, writeStack } from './stack-file.ts'
export { type Undo, undoList } from './undo.ts'
export { withDatabases } from './with-databases.ts'
