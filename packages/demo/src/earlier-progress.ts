import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnerClient } from '@hospital/stack/people'

const fileOf = (dataDir: string) => join(dataDir, 'demo.json')

/**
 * Earlier versions wrote into the data folder, and not into the database, which demo hospitals they made up. The embedded
 * database belongs to that folder, so for it the file is taken over.
 */
export async function takeOverProgress(client: OwnerClient, dataDir: string): Promise<void> {
  if (!existsSync(fileOf(dataDir))) return
  const { since, hospitals } = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as {
    since: string
    hospitals: Record<string, 'loading' | 'loaded'>
  }
  for (const [id, state] of Object.entries(hospitals)) {
    await client.query(
      `INSERT INTO public.demo_hospitals (tenant_id, dates_from, loaded_at)
       SELECT id, $2, CASE WHEN $3 THEN now() END FROM public.tenants WHERE id = $1 ON CONFLICT DO NOTHING`,
      [id, since, state === 'loaded'],
    )
  }
}

/** Once what it said is in the database. */
export function forgetProgress(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true })
}
