import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'

export interface MailSettings {
  /** `smtp://user:password@host:port`; without it mails become files in `folder`. */
  smtpUrl: string | undefined
  from: string
  folder: string
}

export interface Mail {
  to: string
  subject: string
  text: string
}

/** Sends mails; resolves when the mail is in other hands, or on disk. */
export interface Mailer {
  send(mail: Mail): Promise<void>
}

/** Mails that do not speak of patients or secrets beyond the one code; over SMTP, or as files where no SMTP is. */
export function createMailer(settings: MailSettings): Mailer {
  return settings.smtpUrl === undefined || settings.smtpUrl === ''
    ? fileMailer(settings)
    : smtpMailer(settings.smtpUrl, settings.from)
}

function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport(
    { url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 },
    { from },
  )
  return {
    async send(mail) {
      await transport.sendMail(mail)
    },
  }
}

function fileMailer({ folder, from }: MailSettings): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true }, { from })
  return {
    async send(mail) {
      const { message } = await transport.sendMail(mail)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(4).toString('hex')}.eml`
      const path = join(folder, name)
      await writeFile(`${path}.part`, message as Buffer, { mode: 0o600 })
      await rename(`${path}.part`, path)
    },
  }
}

const outages = ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'ECONNREFUSED', 'ECONNRESET', 'EAUTH']

/** True when the mail server is away or does not let us in: no fault of the mail, it can be sent later. */
export const isMailOutage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && outages.includes(String(error.code))
