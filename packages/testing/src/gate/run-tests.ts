import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNatsServer } from '@hospital/stack/embedded'
import { environment, searchPath } from './config.ts'
import { run } from './run.ts'
import { say, tell } from './say.ts'
import { buildTapPlugins } from './tap-plugins.ts'
import { type Skipped, tapReport } from './tap-report.ts'
import { startTestDatabase } from './test-database.ts'
import type { Wish } from './words.ts'

export interface TestCounts {
  passed: number
  failed: number
  skipped: readonly Skipped[]
}

/** Runs the files of a wish, all files when it names none; may be called again and again. */
export type RunTests = (wish: Wish) => Promise<TestCounts>

/** Gives the work what tests need, once: tap with our plugins, one PostgreSQL, a folder for all temporary files. */
export async function withTestServers<T>(root: string, work: (runTests: RunTests) => Promise<T>): Promise<T> {
  await buildTapPlugins(root)
  findNatsServer(searchPath, say) // once, before the files look for it at the same time
  const folder = await mkdtemp(join(tmpdir(), 'hospital-gate-'))
  const database = await startTestDatabase(folder)
  // Temporary files of the tests go into our folder, so that nothing is left even of a test that was killed.
  const env = { ...environment, TEST_DATABASE_URL: database.url, TMPDIR: folder, TAP_RCFILE: join(root, '.taprc') }
  try {
    return await work((wish) => runTests(root, env, wish))
  } finally {
    await database.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function runTests(root: string, env: NodeJS.ProcessEnv, wish: Wish): Promise<TestCounts> {
  // Who names files wants to see what they print; of all files it is told where one fails.
  const onPrinted = wish.mode === 'files' ? say : undefined
  const report = tapReport(({ file, ok, milliseconds, detail }) => {
    if (!ok) say(`\n${detail.trimEnd()}`)
    tell(ok, file, milliseconds)
  }, onPrinted)
  const { code, output } = await run('tap', tapWords(wish), {
    cwd: root,
    env,
    onLine: (line) => report.line(line),
    ...(onPrinted !== undefined && { onErrorLine: onPrinted }),
  })
  const counts = { ...report.counts(), skipped: report.skipped() }
  if (code === 0 || counts.failed > 0) return counts
  say(output.slice(-4000))
  return { ...counts, failed: 1 }
}

/** Two files at a time; what one alone prints comes while it runs. A file in a debugger has no time limit of tap's. */
function tapWords({ files, inspect }: Wish): string[] {
  const jobs = files.length === 1 ? ['--jobs=1'] : []
  const debug = inspect ? ['--node-arg=--inspect-brk', '--timeout=0'] : []
  return ['--reporter=tap', ...jobs, ...debug, ...files]
}
