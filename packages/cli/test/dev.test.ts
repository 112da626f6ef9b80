import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGateway } from '@hospital/stack'
import { readConfig } from '@hospital/stack/config'
import { freePort } from '@hospital/stack/embedded'
import { temporaryFolder } from '@hospital/testing'
import t from 'tap'
import { devRun } from '../src/dev/dev-run.ts'
import { logReader, prettyLines } from '../src/dev/pretty-log.ts'

t.test('a program starts again when a file that it imports changes, and after a crash', async (t) => {
  const folder = await temporaryFolder()
  t.teardown(folder.remove)
  const write = (path: string, text: string) => writeFileSync(join(folder.path, path), text)
  for (const below of ['gateway/src', 'packages/x', 'data/logs'])
    mkdirSync(join(folder.path, below), { recursive: true })
  write('package.json', '{ "type": "module" }')
  write('packages/x/word.ts', 'export const word: string = "first"')
  write(
    'gateway/src/main.ts',
    "import { word } from '../../packages/x/word.ts'\nconsole.log(word, 'word')\nsetInterval(() => {}, 1000)",
  )
  const config = { ...readConfig(), root: folder.path, dataDir: join(folder.path, 'data'), port: await freePort() }

  let output = ''
  const said = async (text: string) => {
    while (!output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const dev = devRun([], (program, chunk) => (output += `${program}: ${chunk}`))
  const databaseUrls = { identity: '', clinical: '', scheduling: '' }
  const gateway = await startGateway(config, { databaseUrls, natsUrl: '', onRestart() {}, say() {}, dev }, [])
  try {
    await said('first word')
    write('packages/x/word.ts', 'export const word: string = "second"')
    await said('second word')
    write('packages/x/word.ts', 'export const word: string =')
    await said('Failed running')
    write('packages/x/word.ts', 'export const word: string = "third"')
    await said('third word')
    t.equal(gateway.ends(), 0, 'for the supervisor it never ended')
  } finally {
    await gateway.stop()
  }
})

t.test('one program can be opened to a debugger', async (t) => {
  const run = devRun(['--inspect', 'clinical'], () => {})
  t.same(run.nodeWords('clinical'), ['--watch', '--watch-preserve-output', '--inspect=127.0.0.1:9229'])
  t.same(run.nodeWords('gateway'), ['--watch', '--watch-preserve-output'])
  t.throws(() => devRun(['--inspect', 'pharmacy'], () => {}), /one of identity, clinical, scheduling, gateway/)
  t.throws(() => devRun(['--verbose'], () => {}), /only --inspect/)
})

t.test('a record is one line, other words stay as they are', async (t) => {
  const lines: string[] = []
  const read = logReader(prettyLines(false), (line) => void lines.push(line))
  const time = Date.UTC(2026, 0, 2, 3, 4, 5, 6)
  const records = [
    {
      level: 30,
      time,
      service: 'gateway',
      method: 'GET',
      route: '/api/patients',
      status: 200,
      ms: 7,
      user: 3,
      msg: 'request',
    },
    { level: 40, time, service: 'gateway', code: '404', msg: 'the consumer waits' },
  ]
  const text = `${records.map((record) => JSON.stringify(record)).join('\n')}\nRestarting 'main.ts'\n{ a: 1 }\n`
  read('gateway', text.slice(0, 30))
  read('identity', 'hello\n')
  read('gateway', text.slice(30))
  t.same(lines, [
    'identity   hello',
    'gateway    [03:04:05.006] INFO: GET /api/patients 200 7 ms {"user":3}',
    'gateway    [03:04:05.006] WARN: the consumer waits {"code":"404"}',
    "gateway    Restarting 'main.ts'",
    'gateway    { a: 1 }',
  ])
})
