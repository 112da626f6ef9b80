import { readFileSync, writeFileSync } from 'node:fs'
import { documentFile, documents } from './documents.ts'
import { landedDocument, landedFile } from './landed-files.ts'

/** `npm run docs`: writes the generated documents anew; what messages.json and the landed files already hold stays. */
for (const { path, text } of documents) writeFileSync(documentFile(path), await text())
writeFileSync(landedFile, landedDocument(readFileSync(landedFile, 'utf8')))
