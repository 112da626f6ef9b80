import t from 'tap'
import { mergeItems, placeWithin } from '../src/timeline/rules.ts'

t.test('a place of the whole list is one of each kind', async (t) => {
  const at = '2031-03-04T09:01:00.000Z'
  t.same(placeWithin('lab_test', null), null)
  t.same(placeWithin('lab_test', { at, rank: 2, id: 9 }), { at, id: 9 })
  t.same(
    placeWithin('appointment', { at, rank: 2, id: 9 }),
    { at, id: 2_147_483_648 },
    'all of that instant are still to come',
  )
  t.same(placeWithin('medical_record', { at, rank: 2, id: 9 }), { at, id: 0 }, 'none of that instant')
  t.same(mergeItems([[], []]), [])
})
