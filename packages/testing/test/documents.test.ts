import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrationsDirectory } from '@hospital/database'
import t from 'tap'
import { catalogueDocument } from '../src/catalogue-document.ts'
import { landedFile, presentFiles, readLanded } from '../src/landed-files.ts'
import { schemaDocument } from '../src/schema-document.ts'

t.test('docs/schema.md is what the migrations make', async (t) => {
  const written = readFileSync(new URL('../../../docs/schema.md', import.meta.url), 'utf8')
  t.equal(written, await schemaDocument(), 'run `npm run docs` and commit')
})

t.test('migrations/catalogue.json is what the migrations make', async (t) => {
  const written = readFileSync(join(migrationsDirectory, 'catalogue.json'), 'utf8')
  t.equal(written, await catalogueDocument(), 'run `npm run docs` and commit')
})

t.test('landed migrations stay byte for byte', async (t) => {
  const landed = readLanded(readFileSync(landedFile, 'utf8'))
  const present = presentFiles()
  const changed = [...landed].filter(([file, sum]) => present.get(file) !== sum).map(([file]) => file)
  t.same(
    changed,
    [],
    'put them back and write a new migration; a file that never landed: take its line out of SHA256SUMS',
  )
  const unlisted = [...present.keys()].filter((file) => !landed.has(file))
  t.same(unlisted, [], 'run `npm run docs` and commit')
})
