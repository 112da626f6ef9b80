import { readFileSync } from 'node:fs'
import t from 'tap'
import { documentFile, documents } from '../src/documents.ts'

for (const { name, text } of documents)
  t.test(`docs/${name} is what it is made from`, async (t) => {
    t.equal(readFileSync(documentFile(name), 'utf8'), await text(), 'run `npm run docs` and commit')
  })
