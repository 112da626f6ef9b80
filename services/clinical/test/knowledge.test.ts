import { readFileSync } from 'node:fs'
import t from 'tap'
import { knowledgeFile, knowledgeText } from './knowledge-file.ts'

t.test('docs/knowledge.md counts the rules that there are', async (t) => {
  t.equal(readFileSync(knowledgeFile, 'utf8'), knowledgeText(), 'run `npm run docs` and commit')
})
