import { writeFileSync } from 'node:fs'
import { knowledgeFile, knowledgeText } from './knowledge-file.ts'

/** The rules' part of `npm run docs`. */
writeFileSync(knowledgeFile, knowledgeText())
