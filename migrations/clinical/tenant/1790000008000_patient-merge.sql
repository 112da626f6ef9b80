-- Up Migration
-- Merging moves every row that belongs to a patient, and undoing it moves back exactly those. These functions run as the
-- owner because some of the rows may not be changed, and the ledger not be written, by the runtime role.

-- Every table with rows of a patient. A new table that refers to patients is added here by its own migration (and gets
-- the trigger below); a test compares this list with the foreign keys.
CREATE FUNCTION patient_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['alerts', 'allergies', 'allergy_attestations', 'break_glass_accesses', 'care_assignments', 'lab_tests',
    'medical_records', 'prescriptions']
$$;

-- Which rows can come to a patient: all, but not a second live assignment of one person, which says nothing new.
CREATE FUNCTION patient_table_condition(item text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE item WHEN 'care_assignments' THEN
    'NOT EXISTS (SELECT FROM care_assignments o WHERE o.patient_id = $1 AND o.user_id = care_assignments.user_id
       AND o.ended_at IS NULL AND care_assignments.ended_at IS NULL)'
  ELSE 'true' END
$$;

-- The duplicate must point at the survivor already: signed records can only move between two such charts.
CREATE FUNCTION move_merged_rows(merge bigint) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  item text;
  moved bigint;
  total bigint := 0;
  pair patient_merges;
BEGIN
  SELECT m.* INTO STRICT pair FROM patient_merges m JOIN patients p ON p.id = m.duplicate_id AND p.merged_into = m.survivor_id
  WHERE m.id = merge AND m.unmerged_at IS NULL;
  FOREACH item IN ARRAY patient_tables() LOOP
    EXECUTE format('WITH moved AS (UPDATE %I SET patient_id = $1 WHERE patient_id = $2 AND %s RETURNING id)
      INSERT INTO patient_merge_rows (merge_id, table_name, row_id) SELECT $3, %L, id FROM moved',
      item, patient_table_condition(item), item)
    USING pair.survivor_id, pair.duplicate_id, merge;
    GET DIAGNOSTICS moved = ROW_COUNT;
    total := total + moved;
  END LOOP;
  RETURN total;
END $$;

-- Before the duplicate lets go of the survivor.
CREATE FUNCTION return_merged_rows(merge bigint) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  item text;
  moved bigint;
  total bigint := 0;
  pair patient_merges;
BEGIN
  SELECT m.* INTO STRICT pair FROM patient_merges m JOIN patients p ON p.id = m.duplicate_id AND p.merged_into = m.survivor_id
  WHERE m.id = merge AND m.unmerged_at IS NULL;
  FOREACH item IN ARRAY patient_tables() LOOP
    EXECUTE format('UPDATE %I SET patient_id = $1 FROM patient_merge_rows r
      WHERE r.merge_id = $2 AND r.table_name = %L AND %I.id = r.row_id AND patient_id = $3 AND %s',
      item, item, item, patient_table_condition(item))
    USING pair.duplicate_id, merge, pair.survivor_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    total := total + moved;
  END LOOP;
  RETURN total;
END $$;

-- Puts a row that is written under a merged id where it belongs, and notes it for the undoing: in every merge on the way.
CREATE FUNCTION note_merged_row(patient bigint, into_table text, new_row bigint) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  owner bigint := patient;
  pair patient_merges;
BEGIN
  LOOP
    PERFORM FROM patients WHERE id = owner FOR KEY SHARE;
    SELECT * INTO pair FROM patient_merges WHERE duplicate_id = owner AND unmerged_at IS NULL;
    EXIT WHEN NOT FOUND;
    INSERT INTO patient_merge_rows (merge_id, table_name, row_id) VALUES (pair.id, into_table, new_row);
    owner := pair.survivor_id;
  END LOOP;
  RETURN owner;
END $$;

-- Which rows belong to which others: a revision to what it revises, an alert to its prescription.
CREATE FUNCTION patient_table_parents(item text) RETURNS TABLE (parent_table text, via text)
  LANGUAGE sql IMMUTABLE AS $$
  SELECT parent_table, via FROM (VALUES
    (1, 'alerts', 'prescriptions', 'prescription_id'),
    (2, 'prescriptions', 'prescriptions', 'revises'),
    (3, 'prescriptions', 'medical_records', 'medical_record_id'),
    (4, 'lab_tests', 'medical_records', 'medical_record_id')
  ) AS parents (place, child, parent_table, via) WHERE child = item ORDER BY place
$$;

-- What is written for a row that a merge brought goes back with it.
CREATE FUNCTION note_row_of_merged_parent(into_table text, new_row bigint, content jsonb) RETURNS void
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

-- The lock waits for a merge that is under way, so that no row is left behind at the duplicate.
CREATE FUNCTION follow_patient_merge() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
DECLARE
  item text;
  tenant_role text := current_setting('app.tenant_role');
BEGIN
  FOREACH item IN ARRAY patient_tables() LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION follow_patient_merge()',
      item || '_follow_merge', item);
  END LOOP;
  FOREACH item IN ARRAY ARRAY['move_merged_rows(bigint)', 'return_merged_rows(bigint)', 'note_merged_row(bigint, text, bigint)',
      'note_row_of_merged_parent(text, bigint, jsonb)'] LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', item);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', item, tenant_role);
  END LOOP;
END $$;
