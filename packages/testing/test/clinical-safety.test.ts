import { readFileSync } from 'node:fs'
import t from 'tap'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

t.test('every hazard names its control and a test that is there', async (t) => {
  const rows = read('docs/clinical-safety.md')
    .split('\n')
    .filter((line) => /^\| [LM]\d+ \|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  t.ok(rows.length >= 30, `${rows.length} hazards`)
  const ids = rows.map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length, 'each once')
  for (const [, id = '', hazard, cause, control, proof = ''] of rows) {
    t.ok(hazard && cause && control, `${id} is whole`)
    const [, file = '', title = ''] = /^`([a-z-]+\.test\.ts)`: (.+)$/.exec(proof) ?? []
    const source = file === '' ? '' : read(`services/clinical/test/${file}`)
    t.ok(source.includes(`t.test('${title}'`), `${id}: ${file} has no test “${title}”: name the one that proves it`)
  }
})
