import { explain } from '@hospital/stack/failure'
import type { TestSystem } from '../system.ts'
import { compareCopies } from './compare-copies.ts'
import { compareRows } from './compare-rows.ts'
import { compareQueues, compareTraces } from './compare-traces.ts'
import { type Fault, untilReady } from './faults.ts'
import { type Findings, noFindings } from './findings.ts'
import type { Ledger } from './ledger.ts'
import { openLedger } from './open-ledger.ts'
import { startLoad } from './start-load.ts'
import { pause } from './until.ts'

/** One check and what it found. */
export interface Result {
  name: string
  seconds: number
  acknowledged: number
  /** What else is worth a line. */
  note?: string
  findings: Findings
}

const beforeMs = 3_000
const afterwardsMs = 3_000

/** People work, the fault is played, they work on; then every acknowledged write is looked for everywhere. */
export async function runFault(system: TestSystem, fault: Fault): Promise<Result> {
  const started = Date.now()
  const findings = noFindings()
  // One step that fails keeps no other from saying what was lost.
  const attempt = async (step: () => Promise<void>) => {
    await step().catch((error: unknown) => void findings.unexpected.push(explain(error)))
  }
  await attempt(() => untilReady(system, 'the check before'))
  const ledger = await openLedger(system).catch((error: unknown) => {
    findings.unexpected.push(explain(error))
    return undefined
  })
  if (ledger !== undefined) {
    await attempt(() => workThrough(system, ledger, fault))
    findings.unexpected.push(...ledger.unexpected)
    await attempt(() => compareRows(system, ledger, findings))
    await attempt(() => compareTraces(system, ledger, findings))
    await attempt(() => compareQueues(system, findings))
    await attempt(() => compareCopies(system, ledger, findings))
  }
  const acknowledged = ledger?.hospitals.reduce((sum, { writes }) => sum + writes.length, 0) ?? 0
  if (acknowledged === 0) findings.unexpected.push('no write was acknowledged, so nothing was checked')
  const { attempts = 0, replays = 0 } = ledger ?? {}
  const note = `${acknowledged} writes acknowledged in ${attempts} attempts, ${replays} answers repeated`
  return { name: fault.name, seconds: (Date.now() - started) / 1000, acknowledged, note, findings }
}

async function workThrough(system: TestSystem, ledger: Ledger, fault: Fault): Promise<void> {
  const load = startLoad({ system, ledger })
  try {
    await pause(beforeMs)
    await fault.play(system)
    await pause(afterwardsMs)
  } finally {
    await load.stop()
  }
}
