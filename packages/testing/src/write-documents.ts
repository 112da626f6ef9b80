import { writeFileSync } from 'node:fs'
import { schemaDocument } from './schema-document.ts'

/** `npm run docs`: writes the generated documents anew. */
writeFileSync(new URL('../../../docs/schema.md', import.meta.url), await schemaDocument())
