import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrationsDirectory } from '@hospital/database'
import { catalogueDocument } from './catalogue-document.ts'
import { landedDocument, landedFile } from './landed-files.ts'
import { schemaDocument } from './schema-document.ts'

/** `npm run docs`: writes the generated documents anew. */
writeFileSync(new URL('../../../docs/schema.md', import.meta.url), await schemaDocument())
writeFileSync(join(migrationsDirectory, 'catalogue.json'), await catalogueDocument())
writeFileSync(landedFile, landedDocument(readFileSync(landedFile, 'utf8')))
