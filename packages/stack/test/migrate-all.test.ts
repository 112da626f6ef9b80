import { ensureDatabase, withOwner } from '@hospital/database'
import { startPostgres, temporaryFolder, withDatabase } from '@hospital/testing'
import t from 'tap'
import { readConfig } from '../src/config.ts'
import { migrateAll } from '../src/migrate-all.ts'
import { makeSecrets } from '../src/secrets.ts'

// What `migrate` and `start` both begin with; on a real PostgreSQL.

const server = await startPostgres()
const folder = await temporaryFolder()
const name = `migrate_all_${process.pid}`
const urls = {
  identity: withDatabase(server.url, name),
  clinical: withDatabase(server.url, `${name}_clinical`),
  scheduling: withDatabase(server.url, `${name}_scheduling`),
}
t.teardown(async () => {
  for (const url of Object.values(urls)) {
    const database = new URL(url).pathname.slice(1)
    await withOwner(server.url, (owner) => owner.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))
  }
  await folder.remove()
  await server.stop()
})

t.test('an older program on a newer database ends with one sentence', async (t) => {
  const config = { ...readConfig({ HOSPITAL_DATA_DIR: folder.path }), databaseUrls: urls }
  makeSecrets(config)
  for (const url of Object.values(urls)) await ensureDatabase(url)
  t.match(await migrateAll(config, urls), { failed: [] })
  await withOwner(urls.clinical, (owner) =>
    owner.query("INSERT INTO clinical.pgmigrations (name, run_on) VALUES ('1899999999999_later', now())"),
  )
  await t.rejects(migrateAll(config, urls), {
    name: 'Failure',
    message: `Schema clinical of database ${name}_clinical has the migration 1899999999999_later, which this program does not know: a newer version was here. Run that version or a later one.`,
  })
})
