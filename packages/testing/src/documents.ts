import { catalogueDocument } from './catalogue-document.ts'
import { eventsDocument } from './events-document.ts'
import { messagesDocument } from './messages-document.ts'
import { permissionsDocument } from './permissions-document.ts'
import { schemaDocument } from './schema-document.ts'
import { stepsDocument } from './steps-document.ts'

/** A document that is made, never written by hand: its path from the root and the text it must have. */
interface GeneratedDocument {
  path: string
  text(): string | Promise<string>
}

export const documents: readonly GeneratedDocument[] = [
  { path: 'docs/events.md', text: eventsDocument },
  { path: 'docs/messages.json', text: messagesDocument },
  { path: 'docs/permissions.md', text: permissionsDocument },
  { path: 'docs/schema.md', text: schemaDocument },
  { path: 'docs/steps.md', text: stepsDocument },
  { path: 'migrations/catalogue.json', text: catalogueDocument },
]

export const documentFile = (path: string): URL => new URL(`../../../${path}`, import.meta.url)
