import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isAbsolute, join } from 'node:path'
import { readConfig } from '@hospital/stack/config'
import { Failure } from '@hospital/stack/failure'

const usage = `Usage: hospital records verify FILE
  FILE holds medical records as the API gives them: one, a list, or a page. Needs no running system.`

/**
 * `hospital records verify FILE`: do signed records still say what was signed? Exit code 1 when one does not.
 * The rule belongs to clinical, which nobody imports, so it runs as a program of its own.
 */
export async function records(words: string[]): Promise<number> {
  const [verb, file] = words
  if (verb !== 'verify' || file === undefined || words.length > 2) throw new Failure(usage)
  const { root, calledFrom } = readConfig()
  const script = join(root, 'services/clinical/src/verify-records.ts')
  const verification = spawn(process.execPath, [script, isAbsolute(file) ? file : join(calledFrom, file)], {
    stdio: 'inherit',
  })
  const [code] = await once(verification, 'exit')
  return typeof code === 'number' ? code : 1
}
