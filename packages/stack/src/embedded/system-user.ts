import { spawnSync } from 'node:child_process'
import { Failure } from '../failure.ts'

/** The words to put before a command so that it does not run as root, and the owner its files must have. */
interface RunAs {
  prefix: string[]
  owner: { uid: number; gid: number } | undefined
}

/**
 * PostgreSQL refuses to run as root. Started by root, it runs as the user `postgres` (made when missing). That user may
 * not be able to enter the folders above its data (a clone in /root or in a private temporary folder): only then it is
 * given the capability to pass them. The cluster's own files belong to it either way.
 */
export function unprivileged(folder: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], owner: undefined }
  const owner = systemUser('postgres') ?? createSystemUser('postgres') ?? systemUser('nobody')
  if (owner === undefined) {
    throw new Failure(
      'PostgreSQL cannot run as root and no user "postgres" could be made: create one, or start as another user.',
    )
  }
  const plain = ['setpriv', '--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups']
  const passing = [...plain, '--inh-caps', '+dac_override', '--ambient-caps', '+dac_override']
  const prefix = [plain, passing].find((candidate) => canReach(candidate, `${folder}/.`))
  if (prefix === undefined) {
    throw new Failure(`The user "postgres" cannot reach ${folder}: use a HOSPITAL_DATA_DIR that every user may enter.`)
  }
  return { prefix, owner }
}

/** Whether the program can be run by the user that `unprivileged` names: every folder above it must be open to it. */
export function canRun(runAs: RunAs, program: string): boolean {
  if (runAs.owner === undefined) return true
  const { uid, gid } = runAs.owner
  return canReach(['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups'], program)
}

function canReach(prefix: string[], path: string): boolean {
  const [command = 'setpriv', ...args] = prefix
  return spawnSync(command, [...args, 'stat', path]).status === 0
}

function systemUser(name: string): { uid: number; gid: number } | undefined {
  const id = (flag: string) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout?.trim()
  const [uid, gid] = [id('-u'), id('-g')]
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

function createSystemUser(name: string): { uid: number; gid: number } | undefined {
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name])
  return systemUser(name)
}
