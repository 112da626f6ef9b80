import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import t from 'tap'

// The rules of docs/architecture.md about who may import whom. A rule that must bend is bent here, with its reason.

const root = join(import.meta.dirname, '../../..')
const services = ['identity', 'clinical', 'scheduling'] as const

interface Source {
  /** From the root of the repository. */
  path: string
  /** `packages/database`, `services/clinical`, `gateway` … */
  home: string
  text: string
  /** What it imports, as written. */
  imports: string[]
  /** Those of its imports that are not for types alone. */
  valueImports: string[]
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  const found = [
    ...code.matchAll(
      /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
    ),
  ]
  const named = (match: RegExpExecArray) => match[1] ?? match[2] ?? match[3] ?? ''
  const values = found.filter(([statement]) => !/^\s*(?:import|export)\s+type\b/.test(statement))
  return { path, home: homeOf(path), text: code, imports: found.map(named), valueImports: values.map(named) }
}

function homeOf(path: string): string {
  const [first = '', second = ''] = path.split('/')
  return first === 'gateway' ? first : `${first}/${second}`
}

function filesUnder(home: string): string[] {
  // Not below node_modules: the links there lead in circles.
  const folders = ['src', 'test'].map((folder) => join(home, folder)).filter((folder) => existsSync(join(root, folder)))
  const below = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  const beside = readdirSync(join(root, home)).map((file) => join(home, file))
  return [...below, ...beside].filter((file) => /\.(ts|mjs|js)$/.test(file))
}

const homes = ['packages', 'services'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
)
const sources = [...homes, 'gateway'].flatMap((home) => filesUnder(home)).map(read)
const production = sources.filter(({ path }) => path.includes('/src/'))

/** Every pair of a file and something it imports that the rule does not allow. */
function offenders(among: Source[], isForbidden: (file: Source, imported: string) => boolean): string[] {
  return among.flatMap((file) =>
    file.imports
      .filter((imported) => isForbidden(file, imported))
      .map((imported) => `${file.path} imports ${imported}`),
  )
}

const isPackage = (imported: string, name: string) => imported === name || imported.startsWith(`${name}/`)

/** A relative import as a path from the root. */
const target = (file: Source, imported: string) => relative(root, join(root, dirname(file.path), imported))

t.test('files are found, and their imports', async (t) => {
  t.ok(production.length > 30)
  t.ok(production.some(({ imports }) => imports.includes('@hospital/contracts')))
})

t.test('only packages/database imports slonik and pg, only packages/messaging imports nats', async (t) => {
  const drivers = (_: Source, imported: string) =>
    ['slonik', 'pg', 'node-pg-migrate'].some((name) => isPackage(imported, name))
  t.same(
    offenders(
      sources.filter(({ home }) => home !== 'packages/database'),
      drivers,
    ),
    [],
  )
  const bus = (_: Source, imported: string) => isPackage(imported, 'nats')
  t.same(
    offenders(
      sources.filter(({ home }) => home !== 'packages/messaging'),
      bus,
    ),
    [],
  )
})

t.test('services import neither each other nor the gateway, and nobody imports them', async (t) => {
  const programs = [...services.map((name) => `@hospital/${name}`), '@hospital/gateway']
  t.same(
    offenders(production, (_, imported) => programs.some((name) => isPackage(imported, name))),
    [],
  )
})

/** Packages from the ground up: each imports only those of the layers before its own, so that no circle can be. */
const layers = [['contracts'], ['database', 'messaging'], ['service'], ['stack'], ['demo'], ['cli']]
const layerOf = (name: string) => layers.findIndex((layer) => layer.includes(name))

t.test('packages import only those of the layers below, programs only up to packages/service', async (t) => {
  const known = [...layers.flat(), 'testing'].map((name) => `packages/${name}`)
  t.same(
    homes.filter((home) => home.startsWith('packages/') && !known.includes(home)),
    [],
    'every package has a layer',
  )
  const ceilingOf = ({ home }: Source) =>
    home.startsWith('packages/') ? layerOf(basename(home)) : layerOf('service') + 1
  const reachesUp = (file: Source, imported: string) => {
    const [scope, name = ''] = imported.split('/')
    return scope === '@hospital' && layerOf(name) >= ceilingOf(file)
  }
  const others = production.filter(({ home }) => home !== 'packages/testing')
  t.same(offenders(others, reachesUp), [])
  const testing = production.filter(({ home }) => home === 'packages/testing')
  t.same(
    offenders(testing, (_, imported) => layerOf(imported.split('/')[1] ?? '') > layerOf('stack')),
    [],
  )
})

t.test('the image holds every package but the tests', async (t) => {
  const recipe = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const copied = [...recipe.matchAll(/^COPY (\S+)\/package\.json/gm)].map((match) => match[1])
  t.same(copied.toSorted(), [...homes, 'gateway'].filter((home) => home !== 'packages/testing').toSorted())
  const kept = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
  t.ok(kept.includes('packages/testing') && kept.includes('**/test'))
})

t.test('what `npm run dev` adds is not in the image, and nothing else needs it', async (t) => {
  const dev = 'packages/cli/src/dev'
  t.ok(readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').includes(dev))
  const others = production.filter(({ path }) => !path.startsWith(`${dev}/`))
  const isDev = (file: Source, imported: string) =>
    isPackage(imported, 'pino-pretty') || (imported.startsWith('.') && target(file, imported).startsWith(`${dev}/`))
  t.same(offenders(others, isDev), [])
  const manifests = [...homes, 'gateway'].map((home) => readFileSync(join(root, home, 'package.json'), 'utf8'))
  const shipped = manifests.filter((text) => Object.hasOwn(JSON.parse(text).dependencies ?? {}, 'pino-pretty'))
  t.same(shipped, [], 'pino-pretty is a development dependency')
})

/** The file that an import names, from the root; undefined for libraries. */
function importedFile(file: Source, imported: string): string | undefined {
  if (imported.startsWith('.')) return target(file, imported)
  const home = homes.find((home) => imported === `@hospital/${basename(home)}`)
  return home === undefined ? undefined : join(home, 'src/index.ts')
}

/** The files of the first circle of imports, each importing the next; null where there is none. */
function findCircle(among: readonly Source[]): string[] | null {
  const byPath = new Map(among.map((file) => [file.path, file]))
  const done = new Set<string>()
  const walk = (path: string, way: readonly string[]): string[] | null => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    const file = byPath.get(path)
    if (!file || done.has(path)) return null
    for (const imported of file.imports) {
      const next = importedFile(file, imported)
      const circle = next === undefined ? null : walk(next, [...way, path])
      if (circle) return circle
    }
    done.add(path)
    return null
  }
  for (const path of byPath.keys()) {
    const circle = walk(path, [])
    if (circle) return circle
  }
  return null
}

t.test('no files import each other in a circle, not even for a type', async (t) => {
  t.equal(findCircle(sources)?.join(' imports ') ?? null, null)
  const file = (path: string, ...imports: string[]): Source => ({
    path,
    home: homeOf(path),
    text: '',
    imports,
    valueImports: imports,
  })
  const circle = [
    file('packages/x/src/start.ts', 'node:fs', './a.ts'),
    file('packages/x/src/a.ts', './deep/b.ts', '@sinclair/typebox'),
    file('packages/x/src/deep/b.ts', '../end.ts', '../a.ts'),
    file('packages/x/src/end.ts'),
  ]
  t.same(findCircle(circle), ['packages/x/src/a.ts', 'packages/x/src/deep/b.ts', 'packages/x/src/a.ts'])
  t.equal(findCircle(circle.slice(0, 2)), null)
})

t.test('a relative import stays inside its package', async (t) => {
  const leaves = (file: Source, imported: string) =>
    imported.startsWith('.') && homeOf(target(file, imported)) !== file.home
  t.same(offenders(production, leaves), [])
})

t.test('the gateway touches no database', async (t) => {
  const gateway = production.filter(({ home }) => home === 'gateway')
  t.same(
    offenders(gateway, (_, imported) => isPackage(imported, '@hospital/database')),
    [],
  )
})

t.test('packages/contracts runs in a browser', async (t) => {
  const contracts = production.filter(({ home }) => home === 'packages/contracts')
  t.same(
    offenders(contracts, (_, imported) => !imported.startsWith('.') && !isPackage(imported, '@sinclair/typebox')),
    [],
  )
  const nodeOnly = contracts.filter(({ text }) => /\b(process|Buffer|__dirname|require)\b\s*[.(]/.test(text))
  t.same(
    nodeOnly.map(({ path }) => path),
    [],
  )
})

/** What a file below a feature's folder may do stands in its name, or before its `.ts` after a dash. */
const kinds = ['routes', 'rules', 'queries', 'consumers', 'responders'] as const
/** Kinds that only come as a suffix: `refresh-work.ts`. */
const suffixes = ['mapping', 'work', 'adapter'] as const
/** Data and nothing else: a table of drugs, a list of words; `prescriptions/knowledge/*.ts`. */
const dataFolder = 'knowledge'
type Kind = (typeof kinds)[number] | (typeof suffixes)[number] | typeof dataFolder

/** The kind of a file below `services/<service>/src/<feature>/`; null for a name that does not say it. */
function kindOf(path: string): Kind | null {
  const [, , , , ...below] = path.split('/')
  if (below.length === 2 && below[0] === dataFolder) return dataFolder
  if (below.length !== 1) return null
  const name = basename(path, '.ts')
  const kind = kinds.find((kind) => name === kind || name.endsWith(`-${kind}`))
  return kind ?? suffixes.find((suffix) => name.endsWith(`-${suffix}`)) ?? null
}

const featureFiles = production.filter(({ path }) => /^services\/[^/]+\/src\/[^/]+\//.test(path))
const ofKind = (...wanted: Kind[]) => featureFiles.filter(({ path }) => wanted.some((kind) => kindOf(path) === kind))

/** True for an import of another file of a feature that is none of these kinds. */
const isFeatureFileBut = (file: Source, imported: string, allowed: readonly Kind[]): boolean => {
  const path = imported.startsWith('.') ? target(file, imported) : ''
  const isFeatureFile = featureFiles.some((other) => other.path === path)
  return isFeatureFile && !allowed.some((kind) => kindOf(path) === kind)
}

const isOneOf = (imported: string, names: readonly string[]) => names.some((name) => isPackage(imported, name))
/** What computes and does no I/O. */
const pureLibraries = [
  '@hospital/contracts',
  '@sinclair/typebox',
  'luxon',
  '@atomic-ehr/ucum',
  '@zxcvbn-ts/language-common',
]

t.test('the name of a file of a feature says what it may do', async (t) => {
  t.same(
    featureFiles.filter(({ path }) => kindOf(path) === null).map(({ path }) => path),
    [],
    `name them ${kinds.join(', ')}, or end their names in -${[...kinds, ...suffixes].join(', -')}; data goes below ${dataFolder}/`,
  )
  const nameless = ['services/x/src/f/booking.ts', 'services/x/src/f/work.ts', 'services/x/src/f/deep/rules.ts']
  for (const path of nameless) t.equal(kindOf(path), null, path)
  t.equal(kindOf('services/x/src/f/rules.ts'), 'rules')
  t.equal(kindOf('services/x/src/f/refresh-work.ts'), 'work')
  t.equal(kindOf('services/x/src/f/knowledge/drugs.ts'), 'knowledge')
})

t.test('rules and data are pure: contracts, libraries that compute, and each other', async (t) => {
  const pure = ofKind('rules', 'knowledge')
  // A digest is a function of its text.
  const libraries = [...pureLibraries, 'node:crypto']
  const isForbidden = (file: Source, imported: string) =>
    imported.startsWith('.')
      ? target(file, imported).split('/').length < 5 || isFeatureFileBut(file, imported, ['rules', 'knowledge'])
      : !isOneOf(imported, libraries)
  t.same(offenders(pure, isForbidden), [])
  t.same(
    offenders(ofKind('knowledge'), (file, imported) => isFeatureFileBut(file, imported, ['knowledge'])),
    [],
  )
  const clocks = pure.filter(({ text }) => /\bDate\.now\(|new Date\(\)|Math\.random\(|\brandom[A-Z]\w*\(/.test(text))
  t.same(
    clocks.map(({ path }) => path),
    [],
    'the time and chance are passed in',
  )
})

t.test('mappings turn one form into another: they ask nobody', async (t) => {
  // A calendar is written in turns, so that others are answered in between.
  const libraries = [...pureLibraries, 'ical-generator', 'node:timers']
  const mappings = ofKind('mapping')
  const isForbidden = (file: Source, imported: string) =>
    imported.startsWith('.')
      ? isFeatureFileBut(file, imported, ['rules', 'mapping', 'knowledge'])
      : !isOneOf(imported, libraries)
  const valueImports = mappings.map((file) => ({ ...file, imports: file.valueImports }))
  t.same(offenders(valueImports, isForbidden), [], 'types of rows and mails may be taken from anywhere')
})

t.test('queries read and write rows: database, contracts, what is pure, and each other', async (t) => {
  const libraries = [...pureLibraries, '@hospital/database', 'node:crypto']
  const queries = ofKind('queries').map((file) => ({ ...file, imports: file.valueImports }))
  const isForbidden = (file: Source, imported: string) =>
    imported.startsWith('.')
      ? isFeatureFileBut(file, imported, ['queries', 'rules', 'mapping', 'knowledge'])
      : !isOneOf(imported, libraries)
  t.same(offenders(queries, isForbidden), [])
})

t.test('work loads, decides and writes for whoever calls it: it knows no HTTP and listens to nothing', async (t) => {
  const isForbidden = (file: Source, imported: string) =>
    isOneOf(imported, ['fastify', '@hospital/messaging']) ||
    isFeatureFileBut(file, imported, ['work', 'queries', 'rules', 'mapping', 'knowledge', 'adapter', 'responders'])
  t.same(offenders(ofKind('work'), isForbidden), [])
})

t.test(
  'adapters are the one place of something outside: mail, password hashes, tokens; they know no rows',
  async (t) => {
    const isForbidden = (file: Source, imported: string) =>
      isOneOf(imported, ['@hospital/database', '@hospital/messaging', 'fastify']) ||
      // Not the pipeline; the form of our tokens is a library.
      imported === '@hospital/service' ||
      isFeatureFileBut(file, imported, ['adapter', 'rules', 'mapping', 'knowledge'])
    t.same(offenders(ofKind('adapter'), isForbidden), [])
  },
)

t.test('whatever hears or answers is begun', async (t) => {
  const idle = ofKind('consumers', 'responders').flatMap(({ path, text }) => {
    const app = production.find((file) => file.path === join(...path.split('/').slice(0, 3), 'app.ts'))
    const begun = [...text.matchAll(/^export (?:const|function) ((?:consume|respond)\w*)/gm)].map(
      ([, name = '']) => name,
    )
    return begun.filter((name) => !app?.text.includes(`${name}(`)).map((name) => `${path}: ${name}`)
  })
  t.same(idle, [], "call these in `start` of the service's app.ts")
})

t.test('process.env is read in config.ts only', async (t) => {
  // bootstrap.mjs runs before anything is installed, so it has nothing to import.
  const exceptions = ['packages/cli/bootstrap.mjs']
  const readers = sources
    .filter(({ path }) => basename(path) !== 'config.ts' && !exceptions.includes(path))
    .filter(({ path }) => !path.includes('/test/'))
    .filter(({ text }) => /\bprocess\.env\b/.test(text))
  t.same(
    readers.map(({ path }) => path),
    [],
  )
})

t.test('NODE_ENV is understood in one place', async (t) => {
  // bootstrap.mjs keeps it from the installation.
  const readers = sources
    .filter(({ path }) => !path.includes('/test/') && path !== 'packages/cli/bootstrap.mjs')
    .filter(({ text }) => /\.NODE_ENV\b|\[['"]NODE_ENV['"]\]|\bNODE_ENV\b[^'"`]*\}\s*=/.test(text))
  t.same(
    readers.map(({ path }) => path),
    ['packages/service/src/config.ts'],
  )
})

t.test('test code is imported by tests alone', async (t) => {
  const others = production.filter(({ home }) => home !== 'packages/testing')
  t.same(
    offenders(others, (_, imported) => isPackage(imported, '@hospital/testing') || isPackage(imported, 'tap')),
    [],
  )
})

t.test('rules are tried out without database and message server', async (t) => {
  const trials = sources.filter(({ path }) => /^services\/[^/]+\/test\/(.+-)?rules\.test\.ts$/.test(path))
  t.ok(trials.length > 5)
  const servers = ['@hospital/testing', '@hospital/database', '@hospital/messaging', '@hospital/service']
  const isStart = (file: Source, imported: string) =>
    servers.some((name) => isPackage(imported, name)) ||
    (imported.startsWith('.') && !/\/src\/|\/outcome\.ts$/.test(target(file, imported)))
  t.same(offenders(trials, isStart), [], 'they are answered in milliseconds')
})

t.test('files and folders are kebab-case', async (t) => {
  const isKebab = (part: string) => /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|generated|d))?(\.(ts|mjs|js))?$/.test(part)
  t.same(
    sources.map(({ path }) => path).filter((path) => !path.split('/').every(isKebab)),
    [],
  )
})

t.test('no enum, no class but errors, no any, nothing left to do', async (t) => {
  const classes = production.filter(({ text }) =>
    /^\s*(export\s+)?(abstract\s+)?class\s+\w+(?!.*\bextends\s+\w*(Error|Problem)\b)/m.test(text),
  )
  t.same(
    classes
      .filter(({ text }) => !/class\s+\w+\s+extends\s+\w*(Error|Problem|Failure)/.test(text))
      .map(({ path }) => path),
    [],
  )
  const marks = sources.filter(({ path }) => !path.endsWith('architecture.test.ts'))
  const unfinished = marks.filter(({ path }) =>
    /\b(TODO|FIXME|XXX)\b|@ts-ignore|@ts-nocheck/.test(readFileSync(join(root, path), 'utf8')),
  )
  t.same(
    unfinished.map(({ path }) => path),
    [],
  )
})
