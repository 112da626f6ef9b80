import t from 'tap'
import { errorForLog } from '../src/index.ts'

const fromDatabase = (code: string, message: string) => Object.assign(new Error(message), { code })

t.test('a column that is not there is named: it was forgotten in a migration', async (t) => {
  const message = 'column "preferred_language" of relation "patients" does not exist'
  t.match(errorForLog(fromDatabase('42703', message)), { code: '42703', message })
  const wrapped = new Error('the query', { cause: fromDatabase('42501', 'permission denied for table seals') })
  t.match(errorForLog(wrapped), { cause: { message: 'permission denied for table seals' } })
})

t.test('what quotes a value is not written down', async (t) => {
  const quoting = errorForLog(fromDatabase('22P02', 'invalid input syntax for type integer: "Ada Byron"'))
  t.notMatch(JSON.stringify(quoting), /Ada/)
  t.notHas(quoting, { message: /./ })
})
