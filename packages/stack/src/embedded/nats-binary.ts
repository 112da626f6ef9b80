import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Failure } from '../failure.ts'

const wayOut =
  'Install nats-server 2.9 or newer so that it is on PATH (Debian: apt-get install nats-server; macOS: brew install nats-server), or set NATS_URL.'

/**
 * The nats-server to run: on PATH, else one we fetched before, else taken out of the system's package. The package is
 * unpacked rather than installed: that needs no root and starts no second server on port 4222.
 */
export function findNatsServer(searchPath: string, say: (line: string) => void): string {
  const cached = join(toolDir(), 'nats-server')
  const found = onPath(searchPath) ?? (existsSync(cached) ? cached : undefined)
  if (found !== undefined) return checked(found)
  say('Fetching nats-server with the package manager …')
  return checked(unpackDebianPackage(cached))
}

function onPath(searchPath: string): string | undefined {
  const folders = [...searchPath.split(delimiter), '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']
  return folders.map((folder) => join(folder, 'nats-server')).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function checked(binary: string): string {
  const text = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout ?? ''
  const [, major = 0, minor = 0] = (/v?(\d+)\.(\d+)/.exec(text) ?? []).map(Number)
  if (major > 2 || (major === 2 && minor >= 9)) return binary
  throw new Failure(`${binary} is ${text.trim() || 'not runnable'}. ${wayOut}`)
}

function toolDir(): string {
  const home = homedir()
  return isWritable(home)
    ? join(home, '.cache', 'hospital')
    : join(tmpdir(), `hospital-tools-${process.getuid?.() ?? 0}`)
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function unpackDebianPackage(target: string): string {
  const work = mkdtempSync(join(tmpdir(), 'hospital-nats-'))
  try {
    let result = download(work, [])
    if (result.status !== 0) {
      // The machine's package lists are empty or stale: fetch lists of our own, which any user may do.
      const lists = privateLists(work)
      run('apt-get', [...lists, 'update', '-qq'], work)
      result = download(work, lists)
    }
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'))
    if (archive === undefined)
      throw new Failure(`nats-server is missing and could not be fetched (${lastLine(result)}). ${wayOut}`)
    run('dpkg-deb', ['-x', archive, 'unpacked'], work)
    mkdirSync(join(target, '..'), { recursive: true })
    const place = `${target}.${process.pid}`
    run('cp', [join('unpacked', 'usr', 'sbin', 'nats-server'), place], work)
    renameSync(place, target) // atomic: two starts at once do not see half a file
    return target
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function download(work: string, options: string[]): SpawnSyncReturns<string> {
  return run('apt-get', ['-o', 'APT::Sandbox::User=root', ...options, 'download', '-qq', 'nats-server'], work)
}

function privateLists(work: string): string[] {
  for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(work, folder), { recursive: true })
  const settings = {
    'Dir::State::Lists': join(work, 'lists'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

function run(command: string, args: string[], cwd: string): SpawnSyncReturns<string> {
  return spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 180_000 })
}

function lastLine(result: SpawnSyncReturns<string>): string {
  return result.error?.message ?? (result.stderr.trim().split('\n').at(-1) || 'no package manager')
}
