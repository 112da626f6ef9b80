import { readFileSync } from 'node:fs'
import t from 'tap'
import { schemaDocument } from '../src/schema-document.ts'

t.test('docs/schema.md is what the migrations make', async (t) => {
  const written = readFileSync(new URL('../../../docs/schema.md', import.meta.url), 'utf8')
  t.equal(written, await schemaDocument(), 'run `npm run docs` and commit')
})
