import { findDrift, type ServiceName } from '@hospital/database'
import { startPostgres, testDatabase } from '@hospital/testing'
import t from 'tap'
import { compareCatalogues } from '../src/catalogue/drift.ts'

const server = await startPostgres()
t.teardown(() => server.stop())

/** What somebody does by hand, in hospital_a alone, and what is said of it. */
const changes: [sql: string, sentences: string[]][] = [
  [
    'ALTER TABLE hospital_a.patients DROP COLUMN deceased_date',
    [
      'column deceased_date of patients is missing',
      'constraint patients_deceased_after_birth of patients is missing',
      'constraint patients_deceased_with_date of patients is missing',
    ],
  ],
  ['ALTER TABLE hospital_a.patients ADD COLUMN nickname text', ['column nickname of patients was added']],
  ['ALTER TABLE hospital_a.staff ALTER COLUMN name DROP NOT NULL', ['column name of staff was changed']],
  ['ALTER TABLE hospital_a.patients ALTER COLUMN version SET DEFAULT 7', ['column version of patients was changed']],
  ['DROP INDEX hospital_a.patients_phone_idx', ['index patients_phone_idx of patients is missing']],
  ['CREATE INDEX mine ON hospital_a.patients (phone)', ['index mine of patients was added']],
  [
    'ALTER TABLE hospital_a.dispenses DISABLE TRIGGER dispenses_count',
    ['trigger dispenses_count of dispenses was changed'],
  ],
  [
    'DROP TRIGGER prescriptions_protect ON hospital_a.prescriptions',
    ['trigger prescriptions_protect of prescriptions is missing'],
  ],
  [
    'ALTER TABLE hospital_a.prescriptions DROP CONSTRAINT prescriptions_one_frequency',
    ['constraint prescriptions_one_frequency of prescriptions is missing'],
  ],
  [
    'CREATE OR REPLACE FUNCTION hospital_a.count_dispense() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    ['function count_dispense() was changed'],
  ],
  [
    'CREATE FUNCTION hospital_a.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    ['function mine() was added', 'rights on function mine() was added'],
  ],
  ['GRANT SELECT ON hospital_a.audit_events TO PUBLIC', ['rights on table audit_events was changed']],
  ['ALTER SEQUENCE hospital_a.patient_numbers INCREMENT 2', ['sequence patient_numbers was changed']],
  ['DROP TABLE hospital_a.alerts', ['table alerts is missing']],
  ['CREATE TABLE hospital_a.their_own (id int PRIMARY KEY)', ['table their_own was added']],
]

t.test('every change by hand is named, and nobody else is accused', async (t) => {
  const database = await testDatabase('clinical', server)
  t.teardown(database.close)
  const look = () => findDrift({ url: database.ownerUrl, service: 'clinical' })
  t.same(await look(), [], 'nothing at first')
  for (const [sql, sentences] of changes) {
    const before = (await look())[0]?.differences ?? []
    await database.query(sql)
    const drift = await look()
    t.same(
      drift.map(({ schema }) => schema),
      ['hospital_a'],
      sql,
    )
    t.same(
      drift[0]?.differences.filter((sentence) => !before.includes(sentence)),
      sentences,
      sql,
    )
  }
})

for (const service of ['identity', 'scheduling'] as const satisfies ServiceName[]) {
  t.test(`${service}: a dropped index of the global tables is told`, async (t) => {
    const database = await testDatabase(service, server)
    t.teardown(database.close)
    const schema = service === 'identity' ? 'public' : service
    const look = () => findDrift({ url: database.ownerUrl, service })
    t.same(await look(), [])
    await database.query(`CREATE TABLE ${schema}.theirs (id int)`)
    t.same(
      await look(),
      service === 'identity' ? [] : [{ schema, differences: ['table theirs was added'] }],
      'an adopted database keeps its own tables in public',
    )
    await database.query(`DROP INDEX ${schema}.waiting_events_order_idx`)
    t.match((await look())[0]?.differences, ['index waiting_events_order_idx of waiting_events is missing'])
  })
}

t.test('the roles that keep hospitals apart are told when somebody made them stronger', async (t) => {
  const database = await testDatabase('clinical', server)
  t.teardown(database.close)
  const [{ app, tenant, own } = { app: '', tenant: '', own: '' }] = await database.query<
    Record<'app' | 'tenant' | 'own', string>
  >(
    `SELECT a.rolname AS app, g.rolname AS tenant, r.rolname AS own FROM pg_roles a
     JOIN pg_auth_members m ON m.member = a.oid JOIN pg_roles g ON g.oid = m.roleid AND g.rolname LIKE '%\\_tenant'
     JOIN pg_auth_members n ON n.roleid = g.oid JOIN pg_roles r ON r.oid = n.member AND r.rolname LIKE '%\\_hospital\\_a'
     WHERE has_database_privilege(a.oid, current_database(), 'CONNECT') AND a.rolname LIKE '%\\_app' AND NOT a.rolsuper LIMIT 1`,
  )
  const prefix = app.replace(/_app$/, '')
  const look = async () => (await findDrift({ url: database.ownerUrl, service: 'clinical', prefix }))[0]?.differences
  t.equal(await look(), undefined)
  const byHand: [does: string, undoes: string, sentence: string][] = [
    [`ALTER ROLE ${app} BYPASSRLS`, `ALTER ROLE ${app} NOBYPASSRLS`, `role ${app} bypasses row security`],
    [`ALTER ROLE ${app} INHERIT`, `ALTER ROLE ${app} NOINHERIT`, `role ${app} inherits`],
    [`ALTER ROLE ${own} LOGIN`, `ALTER ROLE ${own} NOLOGIN`, `role ${own} signs in`],
    [`ALTER ROLE ${tenant} CREATEROLE`, `ALTER ROLE ${tenant} NOCREATEROLE`, `role ${tenant} creates roles`],
    [`CREATE ROLE a_stranger IN ROLE ${own}`, 'DROP ROLE a_stranger', `a_stranger may become role ${own}`],
  ]
  for (const [does, undoes, sentence] of byHand) {
    await database.query(does)
    t.same(await look(), [sentence])
    await database.query(undoes)
  }
  t.equal(await look(), undefined)
})

t.test('what PostgreSQL prints is compared on the version that printed it alone', async (t) => {
  const expected = { 'table a': 'r p', 'index i of a': 'btree x #0123456789ab' }
  const found = (definition: string) => [
    { name: 'table a', table: 'a', definition: 'r p' },
    { name: 'index i of a', table: 'a', definition },
  ]
  const differences = (definition: string, sameMajor: boolean) =>
    compareCatalogues(expected, found(definition), { isShared: false, sameMajor })
  t.same(differences('btree x #ba9876543210', true), ['index i of a was changed'])
  t.same(differences('btree x #ba9876543210', false), [])
  t.same(differences('btree y #0123456789ab', false), ['index i of a was changed'])
})
