import { dictionary } from '@zxcvbn-ts/language-common'

/** The passwords that everybody tries first, from public leaks. Lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(
  (dictionary['passwords-common'] as readonly string[]).map((password) => password.toLowerCase()),
)
