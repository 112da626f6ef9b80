import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '@hospital/stack/failure'

/** What was asked for: `npm test -- [--inspect] [--watch] [files]`, or one of the other modes. */
export interface Wish {
  mode: 'all' | 'check' | 'format' | 'files'
  /** Test files, from the root of the repository. */
  files: readonly string[]
  /** Waits for a debugger before the first line of the file. */
  inspect: boolean
  /** Runs the files again at each change. */
  watch: boolean
}

/** Reads the words of the command line; throws a Failure for what cannot be meant. */
export function readWords(root: string, words: readonly string[]): Wish {
  const options = words.filter((word) => word.startsWith('--'))
  const rest = words.filter((word) => !word.startsWith('--'))
  const unknown = options.find((option) => option !== '--inspect' && option !== '--watch')
  if (unknown !== undefined) throw new Failure(`There is no option ${unknown}: there are --inspect and --watch.`)
  const wish = { files: rest, inspect: options.includes('--inspect'), watch: options.includes('--watch') }
  const [mode] = rest
  if (options.length === 0 && rest.length <= 1 && (mode === undefined || mode === 'check' || mode === 'format'))
    return { ...wish, mode: mode ?? 'all', files: [] }
  const missing = rest.find((file) => !existsSync(join(root, file)))
  if (missing !== undefined) throw new Failure(`There is no file ${missing}: name test files from the root.`)
  if (rest.length === 0)
    throw new Failure(`${options[0]} wants a test file, for example packages/stack/test/settings.test.ts.`)
  if (wish.inspect && rest.length > 1) throw new Failure('--inspect wants one test file: a debugger attaches to one.')
  return { ...wish, mode: 'files' }
}
