import { readConfig } from '@hospital/stack/config'
import { explain } from '@hospital/stack/failure'
import { complain, say } from '@hospital/stack/terminal'
import { start } from '../commands/start.ts'
import { devRun } from './dev-run.ts'
import { logReader, prettyLines } from './pretty-log.ts'

// `npm run dev`: the stack of `npm start` for work on the code. It is no command of `hospital` and not in the image.

try {
  const { isTerminal } = readConfig()
  const run = devRun(process.argv.slice(2), logReader(prettyLines(isTerminal), say))
  say(
    'Services and gateway start again when a file that they import changes; migrations and the starting itself do not.',
  )
  process.exit(await start([], run))
} catch (error) {
  complain(explain(error))
  process.exit(1)
}
