import { closeSync, existsSync, fchmodSync, fsyncSync, openSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Somebody who was made with a random password. */
export interface NewPerson {
  tenantId: string
  email: string
  password: string
}

export const initialPasswordsFile = (dataDir: string): string => join(dataDir, 'initial-admins.txt')

/**
 * Adds a line for each to the file, which only its owner can read, and waits for the disk: a password that is in the
 * database must be there too, or nobody could sign in. Lines are only added: when the database refused after all, they
 * fit nobody, and a later line of the same e-mail is the one that counts.
 */
export function rememberPasswords(file: string, people: readonly NewPerson[]): void {
  const isNew = !existsSync(file)
  const handle = openSync(file, 'a', 0o600)
  try {
    fchmodSync(handle, 0o600) // before there is anything in it that others must not read
    writeFileSync(handle, people.map((each) => `${each.tenantId}\t${each.email}\t${each.password}\n`).join(''))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  if (isNew) syncFolder(dirname(file))
}

/** A new file is there after a crash once its folder is on the disk too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
