import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { knowledgeText } from '../src/knowledge-report.ts'

const knowledgeFile = new URL('../../../docs/knowledge.md', import.meta.url)

t.test('docs/knowledge.md counts the rules that there are', async (t) => {
  t.equal(readFileSync(knowledgeFile, 'utf8'), knowledgeText(), 'run `npm run docs` and commit')
})

t.test('the program that the operator runs prints the same', async (t) => {
  const program = new URL('../src/print-knowledge.ts', import.meta.url)
  t.equal(execFileSync(process.execPath, [program.pathname], { encoding: 'utf8' }), knowledgeText())
})
