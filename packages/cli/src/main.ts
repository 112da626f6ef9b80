import { showsStacks } from '@hospital/stack/config'
import { explain } from '@hospital/stack/failure'
import { complain, say } from '@hospital/stack/terminal'

const help = `hospital <command>

  start                              everything on this machine, until Ctrl-C (npm start)
  migrate                            brings all databases to the newest version
  migrate status                     the version of every database and hospital
  import fhir --tenant T DIR         imports FHIR R4 bundles (*.json) through the running system
  records verify FILE                do signed medical records still say what was signed?
  knowledge                          what the clinical checks know, verified and not
  audit verify [--tenant T]          has anybody touched the audit trail?
  secrets                            makes the secrets that are missing
  doctor                             says what is wrong with this installation
  help                               this text

Settings come from the environment; see the table in README.md.`

type Command = (words: string[]) => Promise<number>

/** Loaded on demand: most commands need little of the rest. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).start,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  audit: async () => (await import('./commands/audit.ts')).audit,
  import: async () => (await import('./commands/import-fhir.ts')).importFhir,
  records: async () => (await import('./commands/records.ts')).records,
  knowledge: async () => (await import('./commands/knowledge.ts')).knowledge,
  secrets: async () => (await import('./commands/secrets.ts')).secrets,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  help: async () => async () => {
    say(help)
    return 0
  },
}

const [name = 'help', ...words] = process.argv.slice(2)
const load = commands[name.replace(/^--?/, '')]
if (load === undefined) {
  complain(`there is no command "${name}".\n\n${help}`)
  process.exit(2)
}
try {
  const command = await load()
  process.exit(await command(words))
} catch (error) {
  complain(explain(error))
  if (showsStacks()) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`)
  process.exit(1)
}
