import { join } from 'node:path'
import { explain } from '@hospital/stack/failure'
import { startSystem } from '../system.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type Check, checks } from './checks.ts'
import type { Result } from './run-fault.ts'
import { hasPassed, linesOf, tableOf } from './table.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/** Shorter than a part is stopped for, so that clients see what a hanging part means. */
const env = { ANSWER_TIMEOUT_MS: '4000' }

/** `npm run test:landing [-- NAME…]`: the long checks that run before each landing, against a whole system. */
async function land(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name))
  if (unknown.length > 0) {
    say(`No check is called ${unknown.join(', ')}. There are:`)
    for (const { name, about } of checks) say(`  ${name.padEnd(16)} ${about}`)
    return 2
  }
  const results = await runAll(checks.filter(({ name }) => names.length === 0 || names.includes(name)))
  const passed = results.filter(hasPassed).length
  say(`\n${tableOf(results)}\n`)
  for (const line of results.flatMap(linesOf)) say(line)
  say(`${passed} passed, ${results.length - passed} failed`)
  return passed === results.length ? 0 : 1
}

/** One system for all checks: what one leaves behind is the next one's ground. */
async function runAll(meant: readonly Check[]): Promise<Result[]> {
  const folder = await temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const system = await startSystem({ dataDir, env })
  const results: Result[] = []
  try {
    for (const check of meant) {
      const result = await check.run(system, dataDir)
      const { name, seconds, note } = result
      say(`${hasPassed(result) ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)${note === undefined ? '' : `: ${note}`}`)
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
