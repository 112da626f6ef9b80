import { writeFileSync } from 'node:fs'
import { knowledgeText } from '../src/knowledge-report.ts'

/** The rules' part of `npm run docs`. */
writeFileSync(new URL('../../../docs/knowledge.md', import.meta.url), knowledgeText())
