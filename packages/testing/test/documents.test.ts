import { readFileSync } from 'node:fs'
import t from 'tap'
import { documentFile, documents } from '../src/documents.ts'

for (const { path, text } of documents)
  t.test(`${path} is what it is made from`, async (t) => {
    t.equal(readFileSync(documentFile(path), 'utf8'), await text(), 'run `npm run docs` and commit')
  })
