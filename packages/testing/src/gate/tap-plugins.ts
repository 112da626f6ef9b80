import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'

/**
 * Builds tap with the plugins of .taprc, once per change of that file. The built files are hard links into the package
 * store: writing through them would corrupt it, so each is replaced by a copy first.
 */
export async function buildTapPlugins(root: string): Promise<void> {
  const tap = realpathSync(join(root, 'node_modules', 'tap'))
  const built = realpathSync(join(tap, '..', '@tapjs', 'test', 'test-built'))
  const wanted = readFileSync(join(root, '.taprc'), 'utf8')
  const stamp = join(built, 'taprc.stamp')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  for (const entry of readdirSync(built, { recursive: true, encoding: 'utf8' })) {
    const file = join(built, entry)
    if (!statSync(file).isFile()) continue
    copyFileSync(file, `${file}.tmp`)
    renameSync(`${file}.tmp`, file)
  }
  const result = await run('tap', ['build'], { cwd: root })
  if (result.code !== 0) throw new Error(`tap could not be built:\n${result.output}`)
  writeFileSync(stamp, wanted)
}
