import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNatsServer } from '@hospital/stack/embedded'
import { explain } from '@hospital/stack/failure'
import { environment, searchPath } from './config.ts'
import { endRunning, run } from './run.ts'
import { buildTapPlugins } from './tap-plugins.ts'
import { type Skipped, tapReport } from './tap-report.ts'
import { startTestDatabase } from './test-database.ts'

interface Counts {
  passed: number
  failed: number
  skipped?: readonly Skipped[]
}

const root = join(import.meta.dirname, '../../../..')
const say = (text: string) => process.stdout.write(`${text}\n`)

/** One tool that passes or fails as a whole. */
async function check(name: string, command: string, args: string[]): Promise<Counts> {
  const started = Date.now()
  const { code, output } = await run(command, args, { cwd: root, env: environment })
  if (code !== 0) say(output.trimEnd())
  tell(code === 0, name, Date.now() - started)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function tell(ok: boolean, name: string, milliseconds: number): void {
  say(`${ok ? '✓' : '✗'} ${name} (${(milliseconds / 1000).toFixed(1)} s)`)
}

/** All test files, or those given, two at a time, on one PostgreSQL of their own. */
async function tests(files: string[]): Promise<Counts> {
  await buildTapPlugins(root)
  findNatsServer(searchPath, say) // once, before the files look for it at the same time
  const folder = await mkdtemp(join(tmpdir(), 'hospital-gate-'))
  const database = await startTestDatabase(folder)
  const report = tapReport(({ file, ok, milliseconds, detail }) => {
    if (!ok) say(`\n${detail.trimEnd()}`)
    tell(ok, file, milliseconds)
  })
  try {
    // Temporary files of the tests go into our folder, so that nothing is left even of a test that was killed.
    const env = { ...environment, TEST_DATABASE_URL: database.url, TMPDIR: folder, TAP_RCFILE: join(root, '.taprc') }
    const { code, output } = await run('tap', ['--reporter=tap', ...files], {
      cwd: root,
      env,
      onLine: (line) => report.line(line),
    })
    const counts = { ...report.counts(), skipped: report.skipped() }
    if (code === 0 || counts.failed > 0) return counts
    say(output.slice(-4000))
    return { ...counts, failed: 1 }
  } finally {
    await database.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function gate(words: string[]): Promise<number> {
  const [mode = 'all', ...rest] = words
  if (mode === 'format') {
    const { code, output } = await run('biome', ['check', '--write'], { cwd: root, env: environment })
    say(output.trimEnd())
    return code
  }
  const files = existsSync(join(root, mode)) ? words : rest
  const started = Date.now()
  const results: Counts[] = []
  if (files.length === 0) {
    results.push(await check('format and lint', 'biome', ['check', '--error-on-warnings']))
    results.push(await check('types', 'tsc', ['--noEmit']))
  }
  if (mode !== 'check') results.push(await tests(files))
  const passed = results.reduce((sum, each) => sum + each.passed, 0)
  const failed = results.reduce((sum, each) => sum + each.failed, 0)
  const skipped = results.flatMap((each) => each.skipped ?? [])
  say(`\ntook ${((Date.now() - started) / 1000).toFixed(0)} s`)
  for (const { file, name, reason } of skipped) say(`skipped: ${file}${name && `: ${name}`}${reason && ` (${reason})`}`)
  if (skipped.length > 0) say(`${skipped.length} skipped`)
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endRunning)
try {
  process.exitCode = await gate(process.argv.slice(2))
} catch (error) {
  say(explain(error))
  say('0 passed, 1 failed')
  process.exitCode = 1
}
