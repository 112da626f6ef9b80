import { readConfig } from '../config.ts'
import { makeSecrets, secretNames } from '../secrets.ts'
import { say } from '../terminal.ts'

/** `hospital secrets`: makes what is missing, and says where it is; never shows a secret. */
export async function secrets(): Promise<number> {
  const config = readConfig()
  const made = makeSecrets(config)
  say(`${secretNames.length} secrets in ${config.secretsDir}: ${made.length} made now, the others were there.`)
  return 0
}
