import { readFileSync } from 'node:fs'
import { type MessageHistory, messagesOfToday, withToday } from './message-forms.ts'

const messagesFile = new URL('../../../docs/messages.json', import.meta.url)

/** docs/messages.json as it stands: every form in which a message was ever sent. */
export const writtenMessages = (): MessageHistory => JSON.parse(readFileSync(messagesFile, 'utf8'))

/** docs/messages.json with the forms that today's contracts add. */
export const messagesDocument = (): string =>
  `${JSON.stringify(withToday(writtenMessages(), messagesOfToday()), null, 1)}\n`
