// Runs a TypeScript file of this repository on the pinned Node, installing the workspace first when needed.
// Plain JavaScript for any Node >= 20: it is the first thing that runs on a bare machine.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const pnpm = 'pnpm@12.21.0'
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const bin = join(root, 'node_modules', '.bin')

/** After a full install pnpm keeps a byte-equal copy of the lock file: then there is nothing to do. */
function isInstalled() {
  const copy = join(root, 'node_modules', '.pnpm', 'lock.yaml')
  return existsSync(copy) && readFileSync(copy).equals(readFileSync(join(root, 'pnpm-lock.yaml')))
}

function install() {
  process.stderr.write(
    'Installing Node 24 and the packages of this repository (the first time takes about half a minute) …\n',
  )
  const started = Date.now()
  // NODE_ENV=production would leave the development tools out, and the next command would miss them.
  const { NODE_ENV, ...inherited } = process.env
  const result = spawnSync('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], {
    cwd: root,
    env: { ...inherited, CI: 'true' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`)
    fail(
      result.error?.code === 'ENOENT'
        ? 'npm is missing (npx was not found): install npm and run the command again.'
        : 'The packages could not be installed (see above): check the network, the disk and the rights on this folder, then run the command again.',
    )
  }
  process.stderr.write(`Installed in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

function fail(message) {
  process.stderr.write(`hospital: ${message}\n`)
  process.exit(1)
}

/** The pinned Node where its package exists (Linux), else the running one, which must then be new enough. */
function node() {
  const pinned = join(bin, 'node')
  if (existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) < 24) {
    fail(`Node 24 or newer is needed on ${process.platform}-${process.arch}; this is ${process.version}.`)
  }
  return process.execPath
}

/** `npm start` killed outright leaves its children behind; then the program is told to stop. */
function watchNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return
  const before = ancestors()
  setInterval(() => ancestors() !== before && child.kill('SIGTERM'), 1000).unref()
}

/** The process that started this one (a shell) and the one that started that (npm). */
function ancestors() {
  const stat = `/proc/${process.ppid}/stat`
  const grandparent = existsSync(stat) ? readFileSync(stat, 'utf8').split(') ').at(-1).split(' ')[1] : ''
  return `${process.ppid} ${grandparent}`
}

if (!isInstalled()) install()
const child = spawn(node(), process.argv.slice(2), {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compile'),
    // Relative paths on the command line are meant from where the user stands, not from the repository.
    HOSPITAL_CALLED_FROM: process.env.INIT_CWD ?? process.cwd(),
  },
})
watchNpm(child)
// A terminal sends Ctrl-C to the program too: here it only must not end the wait for it.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => fail(error.message))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
