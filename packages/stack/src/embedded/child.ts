import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, closeSync, openSync } from 'node:fs'

/** How a server process is started. */
interface ChildSpec {
  command: string
  args: string[]
  env: Record<string, string | undefined>
  logFile: string
  /** Sent by the kernel when this process dies without stopping the child first (Linux only). */
  deathSignal: 'INT' | 'TERM' | 'KILL'
  cwd?: string
  /** Gets the output as well, in pieces as they come. */
  onOutput?: (chunk: string) => void
}

let setprivFound: boolean | undefined

/** setpriv is part of util-linux, so on every Debian; elsewhere children simply outlive a killed parent. */
export function hasSetpriv(): boolean {
  setprivFound ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0
  return setprivFound
}

/** Starts a process in its own group (Ctrl-C in the terminal is for the parent alone), its output going to a file. */
export function startChild(spec: ChildSpec): ChildProcess {
  const log = openSync(spec.logFile, 'a', 0o600)
  const wrapper = hasSetpriv() ? ['setpriv', '--pdeathsig', spec.deathSignal] : []
  // A command that is itself a setpriv call (another user) takes the option instead of a second wrapper.
  const words =
    spec.command === 'setpriv' && wrapper.length > 0
      ? ['setpriv', '--pdeathsig', spec.deathSignal, ...spec.args]
      : [...wrapper, spec.command, ...spec.args]
  try {
    const [command = spec.command, ...args] = words
    const output = spec.onOutput === undefined ? log : 'pipe'
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: spec.env,
      ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        appendFileSync(spec.logFile, chunk)
        spec.onOutput?.(chunk)
      })
    }
    return child
  } finally {
    closeSync(log)
  }
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}

/** Asks a process to stop; when it does not within the time given, ends it and all that it started (its group). */
export async function stopChild(child: ChildProcess, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (hasExited(child)) return
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), graceMs)
    child.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    child.kill(signal)
  })
}
