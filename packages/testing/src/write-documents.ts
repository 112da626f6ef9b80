import { writeFileSync } from 'node:fs'
import { documentFile, documents } from './documents.ts'

/** `npm run docs`: writes the generated documents anew; what messages.json already holds stays. */
for (const { path, text } of documents) writeFileSync(documentFile(path), await text())
