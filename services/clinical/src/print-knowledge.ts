import { knowledgeText } from './knowledge-report.ts'

// Offline: what this version of the rules knows, whichever hospital asks.
process.stdout.write(knowledgeText())
