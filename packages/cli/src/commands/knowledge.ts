import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { readConfig } from '@hospital/stack/config'
import { Failure } from '@hospital/stack/failure'

const usage = `Usage: hospital knowledge
  Needs no running system.`

/**
 * `hospital knowledge`: how much the medication checks and the laboratory know, and how much of it was read in an opened
 * publication. The rules belong to clinical, which nobody imports, so it runs as a program of its own.
 */
export async function knowledge(words: string[]): Promise<number> {
  if (words.length > 0) throw new Failure(usage)
  const { root } = readConfig()
  const report = spawn(process.execPath, [join(root, 'services/clinical/src/print-knowledge.ts')], { stdio: 'inherit' })
  const [code] = await once(report, 'exit')
  return typeof code === 'number' ? code : 1
}
