import { join } from 'node:path'
import t from 'tap'
import { startSystem, temporaryFolder } from '../src/index.ts'
import { proveCanaries } from './security/canaries.ts'
import { proveDirectCalls, proveSpellings } from './security/doors.ts'
import { proveFields } from './security/fields.ts'
import { proveMatrix } from './security/matrix.ts'
import { proveRelations } from './security/relations.ts'
import { proveRepeats } from './security/repeats.ts'
import { proveStopping } from './security/stopping.ts'

// What nobody may do, proved on the whole running system, from outside. One start for all of it.

t.setTimeout(300_000)

const folder = await temporaryFolder()
t.teardown(folder.remove)
const dataDir = join(folder.path, 'data')
const system = await startSystem({ dataDir })
t.teardown(async () => {
  await system.stop()
})

t.test('who may do what: every role on every operation, by REST and by GraphQL', (t) => proveMatrix(t, system))
t.test('a field that is closed to a role is closed by every door', (t) => proveFields(t, system))
t.test('a service believes nothing but the gateway’s word', (t) => proveDirectCalls(t, system))
t.test('an address spelled otherwise, or another method in a header, opens nothing', (t) => proveSpellings(t, system))
t.test('what is sent again with its key is done once', (t) => proveRepeats(t, system))
t.test('where a hospital asks for a care relation, every door of a chart asks for it', (t) => proveRelations(t, system))
t.test('what stops a session stops its tokens and streams within 5 s', (t) => proveStopping(t, system))
t.test('nothing that people type is written where it does not belong', (t) => proveCanaries(t, system, dataDir))
