import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atExit } from './at-exit.ts'

/** A folder of its own for one test file; gone when the process ends, even when the test never got to its teardown. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'hospital-test-'))
  const forget = atExit(() => rmSync(path, { recursive: true, force: true }))
  return {
    path,
    remove: async () => {
      forget()
      await rm(path, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
