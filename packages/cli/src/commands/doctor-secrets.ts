import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '@hospital/stack/config'

/** Says which secrets are missing and which files others can read; their values stay unread. */
export function checkSecretsReadable(config: Config, names: readonly string[]): string {
  if (!existsSync(config.secretsDir) && !config.production) return 'none yet; the first start makes them'
  const missing: string[] = []
  const open: string[] = []
  for (const name of names) {
    const file = join(config.secretsDir, name)
    if (config.inherited[name.toUpperCase()]) continue
    if (!existsSync(file)) missing.push(name)
    else if ((statSync(file).mode & 0o077) !== 0) open.push(name)
  }
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}; run "npm run hospital -- secrets"`)
  if (open.length > 0) throw new Error(`others can read ${open.join(', ')} in ${config.secretsDir}: chmod 600`)
  return `${names.length} in ${config.secretsDir}`
}
