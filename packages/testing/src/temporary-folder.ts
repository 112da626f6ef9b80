import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A test that is told to stop still tidies up: exit handlers do not run on a signal's own account.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

/** A folder of its own for one test file; gone when the process ends, even when the test never got to its teardown. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'hospital-test-'))
  const removeNow = () => rmSync(path, { recursive: true, force: true })
  process.once('exit', removeNow)
  return {
    path,
    remove: async () => {
      process.off('exit', removeNow)
      await rm(path, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
