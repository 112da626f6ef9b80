import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { makeSecrets, readSecret, secretNames } from '@hospital/stack'
import { type Config, readConfig } from '@hospital/stack/config'
import { natsConfig, natsUser, programs } from '@hospital/stack/embedded'
import { Failure } from '@hospital/stack/failure'
import { say } from '@hospital/stack/terminal'

const usage = `Usage: hospital secrets [--nats-config FILE] [--postgres-password FILE]
  makes the secrets that are missing, and on demand the files that servers in containers start with`

/** `hospital secrets`: makes what is missing, and says where it is; never shows a secret. */
export async function secrets(words: string[]): Promise<number> {
  const config = readConfig()
  const { natsFile, postgresFile } = options(words)
  const made = makeSecrets(config)
  if (natsFile !== undefined) writePrivately(natsFile, containerNats(config), 0o600)
  // A volume of its own, which PostgreSQL's user must be able to read.
  if (postgresFile !== undefined) writePrivately(postgresFile, readSecret(config, 'database_owner_password'), 0o644)
  say(`${secretNames.length} secrets in ${config.secretsDir}: ${made.length} made now, the others were there.`)
  return 0
}

function options(words: string[]): { natsFile: string | undefined; postgresFile: string | undefined } {
  const option = { type: 'string' } as const
  try {
    const { values } = parseArgs({ args: words, options: { 'nats-config': option, 'postgres-password': option } })
    return { natsFile: values['nats-config'], postgresFile: values['postgres-password'] }
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n${usage}`)
  }
}

/** The same users as the embedded server has; listening for the other containers, every write on the disk at once. */
function containerNats(config: Config): string {
  return natsConfig({
    host: '0.0.0.0',
    port: 4222,
    monitorPort: 8222,
    storeDir: '/data/jetstream',
    syncAlways: true,
    users: programs.map((program) => natsUser(program, readSecret(config, `nats_${program}_password`))),
  })
}

function writePrivately(file: string, text: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { mode })
  chmodSync(file, mode)
}
