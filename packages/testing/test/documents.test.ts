import { readFileSync } from 'node:fs'
import t from 'tap'
import { documentFile, documents } from '../src/documents.ts'
import { landedFile, misplacedFiles, presentFiles, readLanded } from '../src/landed-files.ts'

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
  t.same(
    misplacedFiles(new Set([...landed.keys(), ...present.keys()])),
    [],
    'databases that have the later ones refuse these: name them with a number after the last of their folder, and take their lines out of SHA256SUMS',
  )
  t.same(misplacedFiles(['a/2.sql', 'b/1.sql', 'a/3.sql', 'a/1.sql', 'b/2.sql']), ['a/1.sql'])
  const unlisted = [...present.keys()].filter((file) => !landed.has(file))
  t.same(unlisted, [], 'run `npm run docs` and commit')
})
