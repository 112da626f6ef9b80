import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@hospital/testing'
import t from 'tap'
import { startChild, stopChild } from '../src/embedded/child.ts'

const folder = await temporaryFolder()
t.teardown(folder.remove)

const logFile = join(folder.path, 'child.log')

/** A shell that runs the script; `output` answers what it has said so far. */
function shell(script: string) {
  let output = ''
  const child = startChild({
    command: 'sh',
    args: ['-c', script],
    env: { PATH: '/usr/bin:/bin' },
    logFile,
    deathSignal: 'KILL',
    onOutput: (chunk) => (output += chunk),
  })
  return { child, output: () => output }
}

t.test('who does not stop is ended with all that it started', { timeout: 10_000 }, async (t) => {
  const { child, output } = shell("trap '' TERM; sleep 30 & echo started; wait; wait")
  while (!output().includes('started')) await once(child.stdout ?? child, 'data')
  const closed = once(child, 'close') // when nobody is left who could write
  await stopChild(child, 'SIGTERM', 100)
  t.equal(child.signalCode, 'SIGKILL')
  await closed
})

t.test('output goes into the log, and to whoever wants to see it', async (t) => {
  const before = readFileSync(logFile, 'utf8')
  const { child, output } = shell('echo out; echo err >&2')
  await once(child, 'close')
  t.same(output().split('\n').toSorted(), ['', 'err', 'out'])
  t.equal(readFileSync(logFile, 'utf8'), `${before}${output()}`)
})
