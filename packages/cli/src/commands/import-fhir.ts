import { existsSync, statSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '@hospital/stack/config'
import { Failure } from '@hospital/stack/failure'
import { progressBar, say } from '@hospital/stack/terminal'
import { type Answer, type GatewaySession, openSession } from '../fhir/gateway-session.ts'
import { type Journal, openJournal } from '../fhir/journal.ts'
import { readOptions } from '../fhir/options.ts'
import { type Totals, totals } from '../fhir/totals.ts'

const largestBundleBytes = 64 * 1024 * 1024

/** `hospital import fhir --tenant T DIR`: every *.json of a folder as a FHIR bundle, through the gateway. */
export async function importFhir(words: string[]): Promise<number> {
  const config = readConfig()
  const options = readOptions(words, config)
  const files = await bundlesIn(options.folder)
  const session = await openSession(options)
  const journal = openJournal(config.dataDir, options.tenant, options.folder)
  const sum = totals()
  const bar = progressBar(options.tenant, files.length, config.isTerminal)
  const started = Date.now()
  const queue = [...files]
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      await importOne(session, journal, sum, options.folder, file)
      bar.update(sum.done(), sum.failed())
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.concurrency, files.length) }, work))
  bar.end()
  await session.end()
  journal.finish()
  sum.show(Date.now() - started)
  if (sum.failed() > 0) say(`${sum.failed()} of ${files.length} bundles failed; nothing of them was imported.`)
  return sum.failed() > 0 ? 1 : 0
}

async function bundlesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Failure(`${folder} is not a folder.`)
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0) throw new Failure(`${folder} holds no *.json files.`)
  // Hospitals and practitioners first: Synthea's patients refer to them.
  const isReference = (name: string) => /^(hospital|practitioner)Information/.test(name)
  return [...files.filter(isReference), ...files.filter((name) => !isReference(name))]
}

async function importOne(
  session: GatewaySession,
  journal: Journal,
  sum: Totals,
  folder: string,
  file: string,
): Promise<void> {
  const path = join(folder, file)
  const { size } = await stat(path)
  if (size > largestBundleBytes) {
    return sum.fail(file, `has ${Math.round(size / 1024 / 1024)} MB; a bundle may have 64 MB. Split it.`)
  }
  const content = await readFile(path)
  if (journal.isDone(file, content)) return sum.resumed()
  const answer = await session.postBundle(content)
  if (answer.status !== 200) return sum.fail(file, reasonOf(answer))
  sum.add(answer.body)
  journal.done(file, content)
}

function reasonOf({ status, body }: Answer): string {
  const errors = (body.errors as { pointer: string; detail: string }[] | undefined) ?? []
  const details = errors.slice(0, 3).map(({ pointer, detail }) => `${pointer} ${detail}`)
  return [`${status} ${body.code ?? ''}`.trim(), body.detail, ...details].filter(Boolean).join('; ')
}
