import { join } from 'node:path'
import t from 'tap'
import { readWords } from '../src/gate/words.ts'

const root = join(import.meta.dirname, '../../..')
const file = 'packages/testing/test/gate-words.test.ts'

t.test('words of the command line', async (t) => {
  const plain = { files: [], inspect: false, watch: false }
  t.same(readWords(root, []), { ...plain, mode: 'all' })
  t.same(readWords(root, ['check']), { ...plain, mode: 'check' })
  t.same(readWords(root, [file]), { ...plain, mode: 'files', files: [file] })
  t.same(readWords(root, ['--inspect', file]), { ...plain, mode: 'files', files: [file], inspect: true })
  t.same(readWords(root, [file, '--watch']), { ...plain, mode: 'files', files: [file], watch: true })
})

t.test('what cannot be meant is refused, not taken for everything', async (t) => {
  t.throws(() => readWords(root, ['packages/x.test.ts']), /There is no file packages\/x\.test\.ts/)
  t.throws(() => readWords(root, ['--watch']), /--watch wants a test file/)
  t.throws(() => readWords(root, ['--inspect', file, file]), /one test file/)
  t.throws(() => readWords(root, ['--verbose', file]), /no option --verbose/)
  t.throws(() => readWords(root, ['check', '--watch']), /no file check/)
})
