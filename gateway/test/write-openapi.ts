import { writeFileSync } from 'node:fs'
import { openApiFile, openApiText } from './openapi-file.ts'

/** The gateway's part of `npm run docs`. */
writeFileSync(openApiFile, openApiText())
