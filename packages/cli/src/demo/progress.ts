import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withOwner } from '@hospital/database'
import { demoHospitals } from './hospitals.ts'

/** How far loading a demo hospital came; kept in the data folder. */
export interface DemoProgress {
  /** The moment that the dates of the data are counted from: the same when loading is taken up again. */
  since: string
  hospitals: Record<string, 'loading' | 'loaded'>
}

const fileOf = (dataDir: string) => join(dataDir, 'demo.json')

export function readProgress(dataDir: string): DemoProgress {
  const file = fileOf(dataDir)
  const nothing: DemoProgress = { since: new Date().toISOString(), hospitals: {} }
  return existsSync(file) ? { ...nothing, ...(JSON.parse(readFileSync(file, 'utf8')) as DemoProgress) } : nothing
}

export function writeProgress(dataDir: string, progress: DemoProgress): void {
  const file = fileOf(dataDir)
  writeFileSync(`${file}.new`, `${JSON.stringify(progress, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

/**
 * The demo hospitals that are still to load: those that are not there, those that are there without a single user (an
 * adopted database), and those whose loading was interrupted. A hospital with people in it is never touched.
 */
export async function demoToLoad(dataDir: string, identityUrl: string): Promise<string[]> {
  const { hospitals } = readProgress(dataDir)
  const ids = demoHospitals.map(({ id }) => id)
  const inhabited = await withOwner(identityUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'SELECT DISTINCT tenant_id AS id FROM public.users WHERE tenant_id = ANY ($1)',
      [ids],
    )
    return new Set(rows.map(({ id }) => id))
  })
  return ids.filter((id) => !inhabited.has(id) || hospitals[id] === 'loading')
}
