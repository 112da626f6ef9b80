import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.ts'
import { isOurProcess, readStack } from './stack-file.ts'

/** Lets one supervisor use the data folder; the lock of one that died is taken over. Answers how to release it. */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, 'supervisor.pid')
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = Number(readFileSync(file, 'utf8'))
      if (pid !== process.pid && isOurProcess(pid, 'main.ts')) throw new Failure(alreadyRunning(dataDir, pid))
      rmSync(file, { force: true })
    }
  }
  throw new Failure(`${dataDir} is being used by another start: try again in a moment.`)
}

function alreadyRunning(dataDir: string, pid: number): string {
  const url = readStack(dataDir)?.gateway.url
  return `It already runs${url ? ` at ${url}` : ''} with this data folder (process ${pid}). Stop that one first, or set PORT and HOSPITAL_DATA_DIR for a second one.`
}
