import t from 'tap'
import { readConfig } from '../src/config.ts'

/** Ways to miss a word that somebody takes for spelled right. */
const nearly = (word: string) => [
  word.toUpperCase(),
  word[0]?.toUpperCase() + word.slice(1),
  ` ${word}`,
  `${word} `,
  `${word}\n`,
  `"${word}"`,
  word.slice(0, -1),
]

t.test('NODE_ENV and HOSPITAL_DEMO say something known, or nothing starts', async (t) => {
  for (const mode of [...nearly('production'), ...nearly('development'), 'prod', 'staging', 'live', '0', 'true'])
    t.throws(() => readConfig({ NODE_ENV: mode }), { message: /^NODE_ENV is ".*", which nothing here knows/s }, mode)
  for (const word of [...nearly('true'), ...nearly('false'), 'yes', 'no', 'on', 'off', '0', '1', 'demo'])
    t.throws(() => readConfig({ HOSPITAL_DEMO: word }), { message: /^HOSPITAL_DEMO is ".*": set it to/s }, word)
  t.throws(() => readConfig({ NODE_ENV: 'production', HOSPITAL_DEMO: 'true' }), /exclude each other/)
})

t.test('what is known is taken as it is meant', async (t) => {
  const read = (env: Record<string, string>) => {
    const { production, demo } = readConfig(env)
    return { production, demo }
  }
  for (const mode of ['', 'development', 'test'])
    t.same(read({ NODE_ENV: mode }), { production: false, demo: undefined })
  t.same(read({ NODE_ENV: 'production' }), { production: true, demo: undefined })
  t.same(read({ NODE_ENV: 'production', HOSPITAL_DEMO: 'false' }), { production: true, demo: false })
  t.same(read({ HOSPITAL_DEMO: 'true' }), { production: false, demo: true })
  t.same(read({ HOSPITAL_DEMO: '' }), { production: false, demo: undefined })
})
