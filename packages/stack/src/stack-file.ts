import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `stack.json` in the data folder: what runs, for people and programs that look for it. */
export interface Stack {
  gateway: { url: string; pid: number | undefined }
  services: { name: string; url: string; pid: number | undefined }[]
  postgres: {
    host: string
    port: number
    user: string
    databases: string[]
    pid?: number | undefined
    /** Of the embedded server: where the owner's password is. */
    password_file?: string
  }
  nats: { url: string; pid?: number | undefined }
  supervisor: { pid: number }
  secrets_dir: string
  started_at: string
}

const fileOf = (dataDir: string) => join(dataDir, 'stack.json')

export function writeStack(dataDir: string, stack: Stack): void {
  const file = fileOf(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o644 })
  renameSync(`${file}.new`, file) // readers never see half a file
}

export function readStack(dataDir: string): Stack | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Stack
  } catch {
    return undefined
  }
}

export function removeStack(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true })
}

/** The stack of a supervisor that lives. */
export function runningStack(dataDir: string): Stack | undefined {
  const stack = readStack(dataDir)
  return stack !== undefined && isOurProcess(stack.supervisor.pid, 'main.ts') ? stack : undefined
}

/** Whether the pid is a process of ours: pids are used again, so its command line or environment must say what we expect. */
export function isOurProcess(pid: number, word: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (!existsSync('/proc/self/cmdline')) return true
  return ['cmdline', 'environ'].some((name) => contains(`/proc/${pid}/${name}`, word))
}

function contains(file: string, word: string): boolean {
  try {
    return readFileSync(file, 'latin1').includes(word)
  } catch {
    return false // gone meanwhile, or another user's
  }
}
