import { withOwner } from '@hospital/database'
import type { OwnerClient } from '@hospital/stack/people'
import { demoHospitals } from './hospitals.ts'

/** A demo hospital as the database notes it. */
export interface NotedHospital {
  id: string
  /** The moment that the dates of its data are counted from: the same when loading is taken up again. */
  datesFrom: string
  isLoaded: boolean
}

/** The demo hospitals that were made up in this database, whether or not they are complete. */
export async function listDemoHospitals(client: OwnerClient): Promise<NotedHospital[]> {
  const { rows } = await client.query<{ id: string; dates_from: Date; is_loaded: boolean }>(
    `SELECT tenant_id AS id, dates_from, loaded_at IS NOT NULL AS is_loaded FROM public.demo_hospitals ORDER BY tenant_id`,
  )
  return rows.map(({ id, dates_from, is_loaded }) => ({ id, datesFrom: dates_from.toISOString(), isLoaded: is_loaded }))
}

/** Notes which hospitals are going to be made up. One that is there already is somebody's, and is never touched. */
export async function noteDemoHospitals(client: OwnerClient): Promise<void> {
  await client.query(
    `INSERT INTO public.demo_hospitals (tenant_id, dates_from)
     SELECT id, coalesce((SELECT min(dates_from) FROM public.demo_hospitals), now()) FROM unnest($1::text[]) AS wanted (id)
     WHERE NOT EXISTS (SELECT FROM public.tenants t WHERE t.id = wanted.id)
     ON CONFLICT DO NOTHING`,
    [demoHospitals.map(({ id }) => id)],
  )
}

export async function markLoaded(identityUrl: string, id: string): Promise<void> {
  await withOwner(identityUrl, (client) =>
    client.query('UPDATE public.demo_hospitals SET loaded_at = now() WHERE tenant_id = $1', [id]),
  )
}

/** What is in the databases, for `decideDemo`. */
export async function contentOf(client: OwnerClient): Promise<'nothing' | 'demo' | 'people'> {
  const { rows } = await client.query<{ demo: boolean; people: boolean }>(
    `SELECT EXISTS (SELECT FROM public.demo_hospitals) AS demo,
       EXISTS (SELECT FROM public.users) OR EXISTS (SELECT FROM public.tenants WHERE id <> 'platform') AS people`,
  )
  if (rows[0]?.demo === true) return 'demo'
  return rows[0]?.people === true ? 'people' : 'nothing'
}
