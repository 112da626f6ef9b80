import { join } from 'node:path'
import { explain } from '@hospital/stack/failure'
import { startSystem } from '../system.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type Fault, faults } from './faults.ts'
import { type Result, runCheck } from './run-check.ts'
import { hasPassed, linesOf, tableOf } from './table.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/** Shorter than a part is stopped for, so that clients see what a hanging part means. */
const env = { ANSWER_TIMEOUT_MS: '4000' }

/** `npm run test:landing [-- NAME…]`: faults under load against a whole system; see docs/architecture.md. */
async function land(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !faults.some((fault) => fault.name === name))
  if (unknown.length > 0) {
    say(`No check is called ${unknown.join(', ')}. There are:`)
    for (const { name, about } of faults) say(`  ${name.padEnd(16)} ${about}`)
    return 2
  }
  const results = await runAll(faults.filter(({ name }) => names.length === 0 || names.includes(name)))
  const passed = results.filter(hasPassed).length
  say(`\n${tableOf(results)}\n`)
  for (const line of results.flatMap(linesOf)) say(line)
  say(`${passed} passed, ${results.length - passed} failed`)
  return passed === results.length ? 0 : 1
}

/** One system for all checks: what one leaves behind is the next one's ground. */
async function runAll(meant: readonly Fault[]): Promise<Result[]> {
  const folder = await temporaryFolder()
  const system = await startSystem({ dataDir: join(folder.path, 'data'), env })
  const results: Result[] = []
  try {
    for (const fault of meant) {
      const result = await runCheck(system, fault)
      const { name, seconds, acknowledged, attempts, replays } = result
      const numbers = `${acknowledged} writes acknowledged in ${attempts} attempts, ${replays} repeated answers`
      say(`${hasPassed(result) ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s): ${numbers}`)
      results.push(result)
    }
  } finally {
    await system.stop()
    await folder.remove()
  }
  return results
}

try {
  process.exitCode = await land(process.argv.slice(2))
} catch (error) {
  say(explain(error))
  say('0 passed, 1 failed')
  process.exitCode = 1
}
