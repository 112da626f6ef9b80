import { readFileSync } from 'node:fs'
import t from 'tap'
import { documentFile, documents } from '../src/documents.ts'
import { landedFile, presentFiles, readLanded } from '../src/landed-files.ts'

for (const { path, text } of documents)
  t.test(`${path} is what it is made from`, async (t) => {
    t.equal(readFileSync(documentFile(path), 'utf8'), await text(), 'run `npm run docs` and commit')
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
