import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

interface RunOptions {
  cwd: string
  env?: NodeJS.ProcessEnv
  /** Called with every line as it comes. */
  onLine?: (line: string) => void
  /** The same for lines of standard error; without it they go to `onLine`. */
  onErrorLine?: (line: string) => void
}

const running = new Set<ChildProcess>()

/** Runs a command to its end and keeps what it said. */
export async function run(
  command: string,
  args: string[],
  options: RunOptions,
): Promise<{ code: number; output: string }> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let output = ''
    const follow = (stream: Readable, onLine: RunOptions['onLine']) => {
      let rest = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) onLine?.(line)
      })
    }
    follow(child.stdout, options.onLine)
    follow(child.stderr, options.onErrorLine ?? options.onLine)
    child.on('error', reject)
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code: code ?? 1, output })
    })
  })
}

/** Ends whatever still runs: the gate was interrupted. */
export function endRunning(): void {
  for (const child of running) child.kill('SIGTERM')
}
