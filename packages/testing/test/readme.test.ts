import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { problems } from '@hospital/contracts'
import t, { type Test } from 'tap'
import { startSystem, temporaryFolder } from '../src/index.ts'

// What README.md, CONTRIBUTING.md and docs/ say is so: the requests work, the files are there, the settings are all named.

t.setTimeout(300_000)

const root = join(import.meta.dirname, '../../..')
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const readme = textOf('README.md')
const run = promisify(execFile)

/** The lines between the walk marker and the end of its code. */
function walk(): string {
  const [, code] = /<!-- walk[^>]*-->\n```sh\n([\s\S]*?)```/.exec(readme) ?? []
  if (!code?.startsWith('API=')) throw new Error('README.md has no walk that begins with API=')
  return code
}

/** The steps of the walk: lines that end in a backslash go on. Comments are left out. */
const steps = (code: string): string[] =>
  code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

const mark = '--- step ---'

t.test('the first requests work as they stand', async (t) => {
  const folder = await temporaryFolder()
  t.teardown(folder.remove)
  const system = await startSystem({ dataDir: join(folder.path, 'data') })
  try {
    const lines = steps(walk()).map((line) => line.replace(/^API=.*/, `API=${system.url}`))
    const script = lines.map((line) => `${line}\necho; echo '${mark}'`).join('\n')
    const { stdout } = await run('sh', ['-c', script], { timeout: 60_000 })
    const answers = stdout.split(mark).map((text) => text.trim())
    t.equal(answers.length, lines.length + 1, 'every line was carried out')
    for (const [at, line] of lines.entries()) checkAnswer(t, line, answers[at] ?? '')
  } finally {
    await system.stop()
  }
})

function checkAnswer(t: Test, line: string, text: string): void {
  if (/^\w+=/.test(line)) {
    t.equal(text, '', `${line.slice(0, 60)} says nothing`)
    return
  }
  const name = line.slice(0, 100)
  try {
    const answer = JSON.parse(text) as Record<string, unknown>
    t.notOk(Object.hasOwn(problems, String(answer['code'])), `${name}: ${text.slice(0, 200)}`)
    if (Array.isArray(answer['data'])) t.ok(answer['data'].length > 0, `${name} finds something`)
  } catch {
    t.fail(`${name}: no JSON: ${text.slice(0, 200)}`)
  }
}

t.test('docker publishes the gateway alone, and unless somebody says more, to this machine alone', async (t) => {
  const published = [...textOf('docker-compose.yml').matchAll(/^ {4}ports:\n((?: {6}.*\n)+)/gm)].flatMap(
    ([, lines = '']) => lines.trim().split('\n'),
  )
  t.equal(published.length, 1)
  t.match(published[0]?.trim(), /^- '\$\{PUBLISH:-127\.0\.0\.1\}:\$\{PORT:-3000\}:3000'$/)
  t.notMatch(textOf('docker-compose.yml'), /network_mode: host|\bports: *\[/)
})

const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })]

/** Code in backticks that can only be a file or folder of the repository. */
const isPath = (text: string): boolean =>
  /^(packages|services|gateway|migrations|docs)\/[\w./*-]+$/.test(text) && !text.includes('*')

t.test('every file that the pages name is there', async (t) => {
  for (const page of pages) {
    const text = textOf(page)
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
    for (const link of links.filter((link) => !/^(https?:|mailto:|\/)/.test(link)))
      t.ok(existsSync(join(root, dirname(page), link)), `${page} leads to ${normalize(join(dirname(page), link))}`)
    const paths = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.replace(/:\d+$/, ''))
    for (const path of paths.filter(isPath)) t.ok(existsSync(join(root, path)), `${page} names ${path}`)
  }
})

t.test('every command and script that the pages name is there', async (t) => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
  const { stdout } = await run(process.execPath, ['packages/cli/src/main.ts', 'help'], { cwd: root })
  for (const page of pages) {
    for (const [, script = ''] of textOf(page).matchAll(/\bnpm run ([\w-]+)/g))
      t.ok(scripts[script], `${page}: npm run ${script}`)
    for (const [, command = ''] of textOf(page).matchAll(/\bhospital -- ([a-z]+)/g))
      t.ok(command === 'help' || new RegExp(`\\b${command}\\b`).test(stdout), `${page}: hospital ${command}`)
  }
})

/** What programs of the stack tell each other, npm and shells say, or only containers need: nobody sets these by hand. */
const internal = ['PATH', 'IDENTITY_URL', 'CLINICAL_URL', 'SCHEDULING_URL', 'HOSPITAL_CALLED_FROM', 'TEST_DATABASE_URL']

const readers = globSync('{gateway,services/*,packages/*}/src/**/config.ts', { cwd: root })

t.test('every environment variable that is read is in the table, and the other way round', async (t) => {
  t.ok(readers.length >= 6, readers.join(' '))
  const table = readme.slice(readme.indexOf('## Configuration'), readme.indexOf('## Docker'))
  const documented = new Set([...table.matchAll(/`([A-Z][A-Z0-9_]{2,})`/g)].map(([, name = '']) => name))
  const texts = readers.map(textOf).join('\n')
  const read = new Set(
    [
      ...texts.matchAll(/\benv(?:ironment)?(?:\.|\[')([A-Z][A-Z0-9_]+)/g),
      ...texts.matchAll(/\(env, '([A-Z][A-Z0-9_]+)'/g),
    ].map(([, name = '']) => name),
  )
  // Read under names that are put together.
  for (const service of ['IDENTITY', 'CLINICAL', 'SCHEDULING']) read.add(`${service}_DATABASE_URL`)
  for (const name of read) {
    if (!internal.includes(name)) t.ok(documented.has(name), `${name} is in the table`)
  }
  for (const name of documented) t.ok(read.has(name), `${name} of the table is read`)
})
