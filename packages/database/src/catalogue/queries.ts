/**
 * What is compared of a schema, kind by kind. Each query takes the schema as $1 and answers rows of
 * - `name`: what people call it, e.g. `index patients_phone_idx of patients`
 * - `table`: the table it is part of, null when it stands alone
 * - `facts`: what every version of PostgreSQL says in the same words
 * - `printed`: what PostgreSQL makes text of, which another major version may word differently; null when there is none
 *
 * They run with the schema and `extensions` on the search path, so that its own names print without it. Not compared:
 * comments, the order of columns, owners, and the runner's own table pgmigrations.
 */

const inSchema = (alias: string) => `${alias}.relnamespace = to_regnamespace(quote_ident($1))`

/** Role names begin with the database's name or hold a hash of it: databases are compared by what a role is for. */
const roleName = `CASE
  WHEN r.rolname IS NULL THEN 'everybody'
  WHEN r.rolname ~ '^t_[0-9a-f]{16}_' THEN 'hospital'
  WHEN r.rolname ~ '_(app|tenant|global)$' THEN substring(r.rolname FROM '[^_]+$')
  ELSE r.rolname END`

const tables = `
  SELECT 'table ' || c.relname AS name, c.relname::text AS table,
    concat_ws(' ', c.relkind, c.relpersistence, CASE WHEN c.relrowsecurity THEN 'row-security' END,
      CASE WHEN c.relforcerowsecurity THEN 'forced' END) AS facts, NULL::text AS printed
  FROM pg_class c WHERE ${inSchema('c')} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`

const columns = `
  SELECT format('column %s of %s', a.attname, c.relname), c.relname::text,
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not-null' END,
      CASE a.attidentity WHEN 'a' THEN 'identity-always' WHEN 'd' THEN 'identity-by-default' END,
      CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END),
    pg_get_expr(d.adbin, d.adrelid)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE ${inSchema('c')} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`

/** NOT NULL is told by its column: only since PostgreSQL 18 is it a constraint too. */
const constraints = `
  SELECT format('constraint %s of %s', k.conname, c.relname), c.relname::text,
    concat_ws(' ', k.contype,
      (SELECT string_agg(a.attname, ',' ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u (attnum, place)
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),
      f.relname, CASE WHEN k.contype = 'f' THEN concat(k.confupdtype, k.confdeltype) END, CASE WHEN k.condeferrable THEN 'deferrable' END,
      CASE WHEN k.condeferred THEN 'deferred' END, CASE WHEN NOT k.convalidated THEN 'not-valid' END),
    pg_get_constraintdef(k.oid, true)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
  WHERE ${inSchema('c')} AND k.contype IN ('c', 'f', 'u', 'p', 'x')`

const indexes = `
  SELECT format('index %s of %s', i.relname, c.relname), c.relname::text,
    concat_ws(' ', m.amname, CASE WHEN x.indisunique THEN 'unique' END, CASE WHEN NOT x.indisvalid THEN 'invalid' END,
      (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.oid),
      array_to_string(i.reloptions, ',')),
    pg_get_indexdef(i.oid, 0, true)
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_am m ON m.oid = i.relam
  WHERE ${inSchema('c')}`

const triggers = `
  SELECT format('trigger %s of %s', t.tgname, c.relname), c.relname::text,
    concat_ws(' ', p.proname, t.tgtype, CASE t.tgenabled WHEN 'O' THEN NULL ELSE concat('enabled-', t.tgenabled) END,
      CASE WHEN t.tgdeferrable THEN 'deferrable' END, CASE WHEN t.tginitdeferred THEN 'deferred' END),
    pg_get_triggerdef(t.oid, true)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE ${inSchema('c')} AND NOT t.tgisinternal`

/** The body is kept as it was written, so it is compared on every version. */
const functions = `
  SELECT format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), NULL,
    concat_ws(' ', l.lanname, p.prokind, p.provolatile, p.proparallel, CASE WHEN p.prosecdef THEN 'security-definer' END,
      CASE WHEN p.proisstrict THEN 'strict' END, CASE WHEN p.proleakproof THEN 'leakproof' END,
      'returns ' || pg_get_function_result(p.oid),
      regexp_replace(array_to_string(p.proconfig, ','), '\\m' || $1 || '\\M', 'schema', 'g'), md5(p.prosrc)),
    pg_get_function_arguments(p.oid)
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = to_regnamespace(quote_ident($1))`

/** The sequence c, and the table o whose column it counts. */
const sequenceOfTable = `
  pg_class c
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_class o ON o.oid = d.refobjid`

const sequenceName = `concat('sequence ', c.relname, ' of ' || o.relname)`

const sequences = `
  SELECT ${sequenceName}, o.relname::text,
    concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
      CASE WHEN s.seqcycle THEN 'cycle' END, o.relname), NULL
  FROM ${sequenceOfTable} JOIN pg_sequence s ON s.seqrelid = c.oid
  WHERE ${inSchema('c')}`

const policies = `
  SELECT format('policy %s of %s', p.polname, c.relname), c.relname::text,
    concat_ws(' ', p.polcmd, CASE WHEN NOT p.polpermissive THEN 'restrictive' END,
      (SELECT string_agg(${roleName}, ',' ORDER BY ${roleName})
       FROM unnest(p.polroles) u (oid) LEFT JOIN pg_roles r ON r.oid = u.oid)),
    concat_ws(' / ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE ${inSchema('c')}`

/** Everybody but the owner: PostgreSQL gives owners more with its versions. */
const grants = `
  SELECT 'rights on ' || o.name, o.in_table, string_agg(o.granted, ' ' ORDER BY o.granted), NULL
  FROM (
    SELECT o.name, o.in_table, format('%s=%s', ${roleName}, string_agg(a.privilege_type, ',' ORDER BY a.privilege_type)) AS granted
    FROM (
      SELECT 'the schema' AS name, NULL::text AS in_table, nspowner AS owner, nspacl AS acl
      FROM pg_namespace WHERE nspname = $1
      UNION ALL
      SELECT 'table ' || c.relname, c.relname, c.relowner, c.relacl
      FROM pg_class c WHERE ${inSchema('c')} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      UNION ALL
      SELECT ${sequenceName}, o.relname, c.relowner, c.relacl
      FROM ${sequenceOfTable} WHERE ${inSchema('c')} AND c.relkind = 'S'
      UNION ALL
      SELECT format('column %s of %s', a.attname, c.relname), c.relname, c.relowner, a.attacl
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE ${inSchema('c')} AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL
      SELECT format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), NULL, p.proowner,
        coalesce(p.proacl, acldefault('f', p.proowner))
      FROM pg_proc p WHERE p.pronamespace = to_regnamespace(quote_ident($1))
    ) o, aclexplode(o.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
    WHERE a.grantee <> o.owner
    GROUP BY o.name, o.in_table, r.rolname
  ) o GROUP BY o.name, o.in_table`

/** One query for the whole schema. */
export const catalogueSql = [
  tables,
  columns,
  constraints,
  indexes,
  triggers,
  functions,
  sequences,
  policies,
  grants,
].join('\n  UNION ALL\n')
