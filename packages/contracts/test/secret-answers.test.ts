import t from 'tap'
import { allRoutes, type RouteContract, type TSchema } from '../src/index.ts'

/** Members whose value lets whoever reads it in: `access_token`, `recovery_codes`, `otpauth_url`, `password`, `secret`. */
const secretName = /(^|_)(token|tokens|secret|secrets|password|passwords|passcode|pin|otpauth|otp)(_|$)/
/** A `code` of identity is one that somebody types; anywhere else it is that of a test or a diagnosis. */
const isTypedCode = (name: string, { service }: RouteContract) =>
  service === 'identity' && /^code$|(^|_)codes(_|$)/.test(name)
/** An address that is the answer itself, and not a member of something that has an id, opens something. */
const isOneTimeAddress = (name: string, members: readonly string[]) =>
  /^(.*_)?(url|link|address)$/.test(name) && !members.includes('id') && !members.includes('data')
/** Says what kind of token there is, or that there is one. */
const isHarmless = (name: string) => /^(token_type|next_cursor)$|_(at|in|count|changed|required)$/.test(name)

/** Every member that an answer can have, `user.roles.name` by its path, through lists, unions and records. */
function membersOf(schema: TSchema | null, path = ''): string[] {
  if (schema === null) return []
  const {
    properties = {},
    items,
    anyOf = [],
    allOf = [],
    patternProperties = {},
  } = schema as {
    properties?: Record<string, TSchema>
    items?: TSchema
    anyOf?: TSchema[]
    allOf?: TSchema[]
    patternProperties?: Record<string, TSchema>
  }
  const inner = [...(items ? [items] : []), ...anyOf, ...allOf, ...Object.values(patternProperties)]
  return [
    ...Object.entries(properties).flatMap(([name, part]) => [`${path}${name}`, ...membersOf(part, `${path}${name}.`)]),
    ...inner.flatMap((part) => membersOf(part, path)),
  ]
}

/** The members of an answer that are secrets, found by their names. */
function secretsOf(contract: RouteContract): string[] {
  const members = membersOf(contract.answer)
  return members.filter((path) => {
    const name = path.split('.').at(-1) ?? ''
    if (isHarmless(name)) return false
    return secretName.test(name) || isTypedCode(name, contract) || (name === path && isOneTimeAddress(name, members))
  })
}

t.test('an answer that holds a secret says so, and no other', async (t) => {
  for (const contract of allRoutes) {
    const secrets = secretsOf(contract)
    t.equal(
      contract.secretAnswer,
      secrets.length > 0,
      contract.secretAnswer
        ? `${contract.operationId} says that its answer is a secret: which member is?`
        : `${contract.operationId} answers ${secrets.join(', ')}: declare secretAnswer, so that no key keeps it`,
    )
  }
  t.ok(allRoutes.filter(({ secretAnswer }) => secretAnswer).length >= 6)
})

t.test('a secret answer takes no key; every other POST and PATCH does', async (t) => {
  for (const contract of allRoutes.filter(({ method }) => method === 'POST' || method === 'PATCH'))
    t.equal(contract.idempotent, !contract.secretAnswer, contract.operationId)
})
