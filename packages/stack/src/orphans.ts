import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOurProcess, type Stack } from './stack-file.ts'

const graceMs = 10_000

/**
 * Ends what a supervisor left behind that was killed outright: its programs, the embedded servers. They would hold
 * ports and data that the new start needs.
 */
export async function endOrphans(dataDir: string, stack: Stack | undefined): Promise<void> {
  const programs = [...(stack?.services ?? []), ...(stack?.gateway ? [stack.gateway] : [])]
  await Promise.all(programs.map(({ pid }) => end(pid, `HOSPITAL_DATA_DIR=${dataDir}`, 'SIGTERM')))
  await end(stack?.nats.pid, dataDir, 'SIGTERM')
  await end(postmasterOf(dataDir), join(dataDir, 'postgres'), 'SIGINT')
}

function postmasterOf(dataDir: string): number | undefined {
  const file = join(dataDir, 'postgres', 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined
}

async function end(pid: number | undefined, word: string, signal: NodeJS.Signals): Promise<void> {
  if (pid === undefined || !isOurProcess(pid, word)) return
  process.kill(pid, signal)
  const deadline = Date.now() + graceMs
  while (isOurProcess(pid, word)) {
    if (Date.now() > deadline) return void process.kill(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
