import { readFile } from 'node:fs/promises'
import type { MedicalRecord, Static } from '@hospital/contracts'
import { type Verdict, verifyRecord } from './medical-records/signature-rules.ts'

// Offline: reads a file of records as the API gave them (one, a list, or a page) and recomputes every digest.

type SignedRecord = Static<typeof MedicalRecord>

/** The records in the text of a file. */
function recordsIn(text: string): SignedRecord[] {
  const parsed: unknown = JSON.parse(text)
  const page = typeof parsed === 'object' && parsed !== null && 'data' in parsed ? parsed.data : parsed
  const records = (Array.isArray(page) ? page : [page]) as SignedRecord[]
  const isRecord = (item: SignedRecord | null) =>
    item !== null && typeof item === 'object' && 'signature' in item && 'addenda' in item
  if (!records.every(isRecord)) throw new Error('not medical records as GET /api/medical-records gives them')
  return records
}

const sentence = (verdict: Verdict): string => {
  if (verdict.outcome === 'altered') return `ALTERED: ${verdict.parts.join(', ')} differs from what was signed`
  return verdict.outcome === 'intact' ? 'intact: it is what was signed' : 'not signed yet'
}

const [file] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('Usage: hospital records verify FILE\n')
  process.exitCode = 2
} else {
  try {
    const verdicts = recordsIn(await readFile(file, 'utf8')).map(verifyRecord)
    for (const verdict of verdicts) process.stdout.write(`record ${verdict.id}: ${sentence(verdict)}\n`)
    if (verdicts.some(({ outcome }) => outcome === 'altered')) process.exitCode = 1
  } catch (error) {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
