import type { DevRun } from '@hospital/stack'
import { services } from '@hospital/stack/config'
import { Failure } from '@hospital/stack/failure'
import type { LogReader } from './pretty-log.ts'

const programs = [...services, 'gateway'] as const
type Program = (typeof programs)[number]

/**
 * How programs run while somebody works on them: Node starts each again when a file it imports changes, and after a
 * crash when something was changed. `--inspect clinical` opens that one to a debugger on port 9229.
 */
export function devRun(words: readonly string[], onOutput: LogReader): DevRun {
  const inspected = readWords(words)
  return {
    nodeWords: (program) => [
      '--watch',
      '--watch-preserve-output',
      ...(program === inspected ? ['--inspect=127.0.0.1:9229'] : []),
    ],
    onOutput,
  }
}

function readWords([option, name, ...rest]: readonly string[]): Program | undefined {
  if (option === undefined) return undefined
  const program = programs.find((program) => program === name)
  if (option !== '--inspect' || program === undefined || rest.length > 0)
    throw new Failure(`There is only --inspect with one of ${programs.join(', ')}.`)
  return program
}
