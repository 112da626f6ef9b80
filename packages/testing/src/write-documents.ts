import { writeFileSync } from 'node:fs'
import { messagesDocument, messagesFile } from './messages-document.ts'
import { schemaDocument } from './schema-document.ts'

/** `npm run docs`: writes the generated documents anew; what messages.json already holds stays. */
writeFileSync(messagesFile, messagesDocument())
writeFileSync(new URL('../../../docs/schema.md', import.meta.url), await schemaDocument())
