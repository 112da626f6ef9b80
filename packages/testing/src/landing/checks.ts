import { join } from 'node:path'
import { environment } from '../config.ts'
import { run } from '../gate/run.ts'
import type { TestSystem } from '../system.ts'
import { faults } from './faults.ts'
import { noFindings } from './findings.ts'
import { type Result, runFault } from './run-fault.ts'

/** One of the checks of `npm run test:landing`. */
export interface Check {
  name: string
  about: string
  run(system: TestSystem, dataDir: string): Promise<Result>
}

const root = join(import.meta.dirname, '../../../..')

/** As an operator asks for it; after faults, what they left behind is in the trails too. */
const auditTrail: Check = {
  name: 'audit-trail',
  about: '`hospital audit verify`: every trail is whole, also after the checks before',
  run: async (_, dataDir) => {
    const started = Date.now()
    const program = [join(root, 'packages/cli/src/main.ts'), 'audit', 'verify']
    const env = { ...environment, HOSPITAL_DATA_DIR: dataDir }
    const { code, output } = await run(process.execPath, program, { cwd: root, env })
    const bad = output.split('\n').filter((line) => line.includes('✗'))
    const unaudited = code === 0 ? [] : bad.length > 0 ? bad : [output.trim()]
    const findings = { ...noFindings(), unaudited }
    const note = output.trim().split('\n').at(-1) ?? ''
    return { name: 'audit-trail', seconds: (Date.now() - started) / 1000, acknowledged: 0, note, findings }
  },
}

/** In the order in which they run. */
export const checks: readonly Check[] = [
  ...faults.map((fault) => ({ ...fault, run: (system: TestSystem) => runFault(system, fault) })),
  auditTrail,
]
