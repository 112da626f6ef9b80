import type { Mail } from './mail-adapter.ts'

/** Why somebody gets a code. */
export type MailReason = 'invitation' | 'reset' | 'verification'

interface Reader {
  name: string
  email: string
  tenant_name: string
}

const subjects: Record<MailReason, (hospital: string) => string> = {
  invitation: (hospital) => `You have an account at ${hospital}`,
  reset: (hospital) => `Your code for a new password at ${hospital}`,
  verification: (hospital) => `Confirm your e-mail address for ${hospital}`,
}

const bodies: Record<MailReason, (hospital: string, code: string) => string[]> = {
  invitation: (hospital, code) => [
    `An account was made for you at ${hospital}. Choose a password with this code:`,
    '',
    `    ${code}`,
    '',
    'It is good for ten minutes and works once. If it has run out, ask for another one under "Forgot password".',
  ],
  reset: (hospital, code) => [
    `Somebody, hopefully you, asked for a new password at ${hospital}. Your code is:`,
    '',
    `    ${code}`,
    '',
    'It is good for ten minutes and works once. If it was not you, nothing has changed and there is nothing to do.',
  ],
  verification: (hospital, code) => [
    `To confirm this address for ${hospital}, enter this code:`,
    '',
    `    ${code}`,
    '',
    'It is good for ten minutes and works once.',
  ],
}

/** A line of its own: names come from people, and mails have headers. */
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim()

/** The mail that carries a code. */
export function codeMail(reason: MailReason, reader: Reader, code: string): Mail {
  const hospital = oneLine(reader.tenant_name)
  const text = [`Dear ${oneLine(reader.name)},`, '', ...bodies[reason](hospital, code), ''].join('\n')
  return { to: reader.email, subject: subjects[reason](hospital), text }
}
