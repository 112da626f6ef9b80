import t from 'tap'
import { type FileResult, tapReport } from '../src/gate/tap-report.ts'

// What tap 21 says, taken from a run of three files.
const output = String.raw`TAP version 14
1..3
# Subtest: packages/x/test/one.test.ts
    hello { a: 1 }
      b: 2
    # Subtest: outer
        ok 1 - of a \# number # SKIP because \# of x
        ok 2 - without a reason # SKIP
        not ok 3 - is equal
          ---
          diff: |
            -1
          ...
        # own words
        1..3
        # failed 1 of 3 tests
    not ok 1 - outer # time=4.154ms
    
    ok 2 - later # SKIP not yet
    1..2
    # time=22.058ms
not ok 1 - packages/x/test/one.test.ts # time=22.058ms
  ---
  exitCode: 1
  ...

# Subtest: packages/x/test/two.test.ts
    1..0 # no tests found
ok 2 - packages/x/test/two.test.ts # SKIP no tests found

# Subtest: packages/x/test/three.test.ts
    ok 1 - says \# SKIP in its name
    ok 2 - is well
    1..2
ok 3 - packages/x/test/three.test.ts # time=1.5ms

# No coverage generated
# { total: 7, pass: 2, fail: 1, skip: 4 }
# time=1261.755ms`

function read(text: string, shows: boolean) {
  const files: FileResult[] = []
  const printed: string[] = []
  const report = tapReport((file) => void files.push(file), shows ? (line) => void printed.push(line) : undefined)
  for (const line of text.split('\n')) report.line(line)
  return { report, files, printed }
}

t.test('files and assertions are counted', async (t) => {
  const { report, files } = read(output, false)
  t.same(
    files.map(({ file, ok, milliseconds }) => [file, ok, milliseconds]),
    [
      ['packages/x/test/one.test.ts', false, 22.058],
      ['packages/x/test/two.test.ts', true, 0],
      ['packages/x/test/three.test.ts', true, 1.5],
    ],
  )
  t.same(report.counts(), { passed: 2, failed: 1 })
})

t.test('what was skipped is kept, with its file, name and reason', async (t) => {
  t.same(read(output, false).report.skipped(), [
    { file: 'packages/x/test/one.test.ts', name: 'of a # number', reason: 'because # of x' },
    { file: 'packages/x/test/one.test.ts', name: 'without a reason', reason: '' },
    { file: 'packages/x/test/one.test.ts', name: 'later', reason: 'not yet' },
    { file: 'packages/x/test/two.test.ts', name: '', reason: 'no tests found' },
  ])
})

t.test('a file that had to be killed is named', async (t) => {
  const killed = `# Subtest: packages/x/test/four.test.ts
    1..0 # no tests found
not ok 1 - timeout!
  ---
  expired: packages/x/test/four.test.ts
  ...
# { total: 1, pass: 0, fail: 1 }`
  const [file] = read(killed, true).files
  t.match(file, { file: 'packages/x/test/four.test.ts', ok: false, detail: /timeout!/ })
})

t.test('what a test printed is told apart from the protocol', async (t) => {
  const { files, printed } = read(output, true)
  t.same(printed, ['hello { a: 1 }', '  b: 2', '    # own words'])
  t.match(files[0]?.detail, /diff: \|\n +-1\n/)
  t.notMatch(files[0]?.detail, 'hello')
  t.match(read(output, false).files[0]?.detail, 'hello', 'unless it is shown, it explains a failure')
})
