import { isAbsolute, join } from 'node:path'
import { parseArgs } from 'node:util'
import { demoPassword } from '@hospital/contracts'
import { demoHospitals, signInOf } from '@hospital/demo'
import { gatewayUrl, runningStack } from '@hospital/stack'
import type { Config } from '@hospital/stack/config'
import { Failure } from '@hospital/stack/failure'

export interface ImportOptions {
  tenant: string
  folder: string
  url: string
  email: string
  password: string
  /** Bundles at a time. */
  concurrency: number
}

const usage = `Usage: hospital import fhir --tenant T DIR
  --email E --password P   who imports (permission data.import); default: the demo Admin of a demo hospital
  --url U                  the gateway; default: the one that runs here
  --concurrency N          bundles at a time, default 4`

export function readOptions(words: string[], config: Config): ImportOptions {
  const { values, positionals } = parsed(words)
  const [format, folder, ...rest] = positionals
  const { tenant } = values
  if (format !== 'fhir' || folder === undefined || tenant === undefined || rest.length > 0) throw new Failure(usage)
  const concurrency = Number(values.concurrency ?? 4)
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 32)
    throw new Failure('--concurrency must be 1 to 32.')
  return {
    tenant,
    folder: isAbsolute(folder) ? folder : join(config.calledFrom, folder),
    url: values.url ?? runningStack(config.dataDir)?.gateway.url ?? gatewayUrl(config),
    ...signIn(tenant, values.email, values.password),
    concurrency,
  }
}

function parsed(words: string[]) {
  const option = { type: 'string' } as const
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: { tenant: option, email: option, password: option, url: option, concurrency: option },
    })
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n${usage}`)
  }
}

function signIn(tenant: string, email?: string, password?: string): { email: string; password: string } {
  if (email !== undefined && password !== undefined) return { email, password }
  const demo = demoHospitals.find(({ id }) => id === tenant)
  if (demo === undefined || email !== undefined || password !== undefined) {
    throw new Failure(`Say who imports into ${tenant}: --email and --password of a user who may (an Admin).`)
  }
  return { email: signInOf(demo, 'Admin'), password: demoPassword }
}
