-- Up Migration

-- A few files of this folder were still edited while the first version was being written. A database that was made in those
-- hours has them as applied and differs; this brings it level. Where nothing differs, nothing changes.

-- The signature of audit rows, and ids of patients as wide as every trail has them.
ALTER TABLE audit_events ADD COLUMN IF NOT EXISTS mac BYTEA;
COMMENT ON COLUMN audit_events.mac IS 'Signature of the service that wrote the row; rows without a valid one are never sealed';
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'audit_events'::regclass AND attname = 'patient_id' AND atttypid = 'integer'::regtype) THEN
    ALTER TABLE audit_events ALTER COLUMN patient_id TYPE BIGINT;
  END IF;
END $$;

-- No pending list: patients are read far more often than they are written.
DO $$
DECLARE
  item text;
BEGIN
  FOREACH item IN ARRAY ARRAY['patients_search_name_idx', 'patients_search_variants_idx'] LOOP
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = item::regclass AND reloptions @> ARRAY['fastupdate=off']) THEN
      EXECUTE format('ALTER INDEX %I SET (fastupdate = off)', item);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'prescriptions'::regclass AND attname = 'prescribed_date' AND atttypmod = -1) THEN
    ALTER TABLE prescriptions ALTER COLUMN prescribed_date TYPE TIMESTAMPTZ(3);
  END IF;
END $$;

ALTER TABLE lab_reference_ranges ADD COLUMN IF NOT EXISTS molar_mass NUMERIC CHECK (molar_mass > 0);
COMMENT ON COLUMN lab_reference_ranges.molar_mass IS 'g/mol; lets results in mol be compared with results in g';

-- The functions as their files have them now.
CREATE OR REPLACE FUNCTION next_patient_number() RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  n text;
BEGIN
  LOOP
    n := nextval('patient_numbers')::text;
    n := 'P-' || lpad(n, greatest(6, length(n)), '0');
    EXIT WHEN NOT EXISTS (SELECT FROM patients WHERE patient_number = n);
  END LOOP;
  RETURN n;
END $$;

CREATE OR REPLACE FUNCTION record_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  before jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
  noise text[] := ARRAY['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by'];
  changes jsonb;
BEGIN
  -- Documents differ by their members: vital_signs.heart_rate, not the whole of vital_signs.
  WITH fields AS (
    SELECT key, before -> key AS was, value AS became, jsonb_typeof(before -> key) = 'object' AND jsonb_typeof(value) = 'object' AS nested
    FROM jsonb_each(to_jsonb(NEW) - noise)
  ), parts AS (
    SELECT key AS field, was, became FROM fields WHERE nested IS NOT TRUE
    UNION ALL
    SELECT key || '.' || member, was -> member, became -> member
    FROM fields, LATERAL jsonb_object_keys(CASE WHEN nested THEN was || became ELSE '{}' END) AS members (member)
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object('field', field, 'from', was, 'to', became) ORDER BY field), '[]') INTO changes
  FROM parts WHERE coalesce(was, 'null') IS DISTINCT FROM coalesce(became, 'null');
  IF TG_OP = 'UPDATE' AND changes = '[]' THEN
    RETURN NULL;
  END IF;
  INSERT INTO medical_record_history (medical_record_id, version, action, changes, actor_id)
  VALUES (NEW.id, NEW.version,
    CASE WHEN TG_OP = 'INSERT' THEN 'created'
         WHEN OLD.status <> NEW.status THEN 'signed'
         WHEN OLD.patient_id <> NEW.patient_id THEN 'moved'
         ELSE 'changed' END,
    changes, nullif(current_setting('app.user_id', true), '')::integer);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION protect_prescription() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  open_columns CONSTANT text[] := ARRAY['status', 'status_reason', 'revised_by', 'patient_id', 'version', 'updated_at',
    'dispensed_quantity', 'last_dispensed_at'];
BEGIN
  IF to_jsonb(OLD) - open_columns IS DISTINCT FROM to_jsonb(NEW) - open_columns THEN
    RAISE EXCEPTION 'prescription % is immutable except for its status', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prescriptions_immutable';
  END IF;
  -- Only the merge moves rows, and it runs as the owner of the table.
  IF OLD.patient_id <> NEW.patient_id AND current_user = current_setting('role') THEN
    RAISE EXCEPTION 'prescription % stays with its patient', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prescriptions_immutable';
  END IF;
  IF (OLD.dispensed_quantity, OLD.last_dispensed_at) IS DISTINCT FROM (NEW.dispensed_quantity, NEW.last_dispensed_at)
     AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'dispensed totals of prescription % follow from its dispenses', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prescriptions_dispensed_total';
  END IF;
  IF OLD.revised_by IS NOT NULL AND NEW.revised_by IS DISTINCT FROM OLD.revised_by THEN
    RAISE EXCEPTION 'prescription % is revised already', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prescriptions_revised_once';
  END IF;
  IF OLD.status <> NEW.status AND NOT (OLD.status IN ('active', 'on_hold')) THEN
    RAISE EXCEPTION 'prescription % has ended', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prescriptions_ended';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION patient_table_parents(item text) RETURNS TABLE (parent_table text, via text)
  LANGUAGE sql IMMUTABLE AS $$
  SELECT parent_table, via FROM (VALUES
    (1, 'alerts', 'prescriptions', 'prescription_id'),
    (2, 'prescriptions', 'prescriptions', 'revises'),
    (3, 'prescriptions', 'medical_records', 'medical_record_id'),
    (4, 'lab_tests', 'medical_records', 'medical_record_id')
  ) AS parents (place, child, parent_table, via) WHERE child = item ORDER BY place
$$;

CREATE OR REPLACE FUNCTION note_row_of_merged_parent(into_table text, new_row bigint, content jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  parent record;
BEGIN
  FOR parent IN SELECT * FROM patient_table_parents(into_table) LOOP
    INSERT INTO patient_merge_rows (merge_id, table_name, row_id)
    SELECT r.merge_id, into_table, new_row
    FROM patient_merge_rows r JOIN patient_merges m ON m.id = r.merge_id AND m.unmerged_at IS NULL
    WHERE r.table_name = parent.parent_table AND r.row_id = (content ->> parent.via)::bigint;
    EXIT WHEN FOUND;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION follow_patient_merge() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  parent bigint;
BEGIN
  SELECT merged_into INTO parent FROM patients WHERE id = NEW.patient_id FOR KEY SHARE;
  IF parent IS NOT NULL THEN
    NEW.patient_id := note_merged_row(NEW.patient_id, TG_TABLE_NAME, NEW.id);
  ELSIF EXISTS (SELECT FROM patient_merges WHERE survivor_id = NEW.patient_id AND unmerged_at IS NULL) THEN
    PERFORM note_row_of_merged_parent(TG_TABLE_NAME, NEW.id, to_jsonb(NEW));
  END IF;
  RETURN NEW;
END $$;

DO $$
BEGIN
  REVOKE EXECUTE ON FUNCTION note_row_of_merged_parent(text, bigint, jsonb) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION note_row_of_merged_parent(text, bigint, jsonb) TO %I', current_setting('app.tenant_role'));
END $$;
