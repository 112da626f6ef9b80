import { eventsDocument } from './events-document.ts'
import { messagesDocument } from './messages-document.ts'
import { permissionsDocument } from './permissions-document.ts'
import { schemaDocument } from './schema-document.ts'

/** A document that is made, never written by hand: its name in docs/ and the text it must have. */
export interface GeneratedDocument {
  name: string
  text(): string | Promise<string>
}

export const documents: readonly GeneratedDocument[] = [
  { name: 'events.md', text: eventsDocument },
  { name: 'messages.json', text: messagesDocument },
  { name: 'permissions.md', text: permissionsDocument },
  { name: 'schema.md', text: schemaDocument },
]

export const documentFile = (name: string): URL => new URL(`../../../docs/${name}`, import.meta.url)
