import { join } from 'node:path'
import { explain } from '@hospital/stack/failure'
import { againAtChanges } from './again.ts'
import { environment } from './config.ts'
import { endRunning, run } from './run.ts'
import { type TestCounts, withTestServers } from './run-tests.ts'
import { say, sum, tell } from './say.ts'
import { readWords, type Wish } from './words.ts'

const root = join(import.meta.dirname, '../../../..')

/** One tool that passes or fails as a whole. */
async function check(name: string, command: string, args: string[]): Promise<TestCounts> {
  const started = Date.now()
  const { code, output } = await run(command, args, { cwd: root, env: environment })
  if (code !== 0) say(output.trimEnd())
  tell(code === 0, name, Date.now() - started)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }
}

async function format(): Promise<number> {
  const { code, output } = await run('biome', ['check', '--write'], { cwd: root, env: environment })
  say(output.trimEnd())
  return code
}

/** Tools first, then tests, as far as they are wanted. */
async function gate(wish: Wish): Promise<number> {
  const started = Date.now()
  const results: TestCounts[] = []
  if (wish.mode !== 'files') {
    results.push(await check('format and lint', 'biome', ['check', '--error-on-warnings']))
    results.push(await check('types', 'tsc', ['--noEmit']))
  }
  if (wish.mode !== 'check') results.push(await withTestServers(root, (runTests) => runTests(wish)))
  const passed = results.reduce((sum, each) => sum + each.passed, 0)
  const failed = results.reduce((sum, each) => sum + each.failed, 0)
  sum({ passed, failed, skipped: results.flatMap((each) => each.skipped) }, Date.now() - started)
  return failed === 0 && passed > 0 ? 0 : 1
}

/** The files of a wish again and again; the servers stay. */
async function watchFiles(wish: Wish, stop: AbortSignal): Promise<number> {
  await withTestServers(root, (runTests) =>
    againAtChanges(root, stop, async () => {
      const started = Date.now()
      const counts = await runTests(wish)
      if (stop.aborted) return
      sum(counts, Date.now() - started)
      say('\nWaiting for a change; Ctrl-C ends.')
    }),
  )
  return 0
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stop.abort()
    endRunning()
  })
}
try {
  const wish = readWords(root, process.argv.slice(2))
  if (wish.mode === 'format') process.exitCode = await format()
  else process.exitCode = wish.watch ? await watchFiles(wish, stop.signal) : await gate(wish)
} catch (error) {
  say(explain(error))
  say('0 passed, 1 failed')
  process.exitCode = 1
}
