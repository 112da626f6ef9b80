-- Up Migration

CREATE SEQUENCE patient_numbers;

CREATE TABLE patients (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_number TEXT NOT NULL,
  first_name TEXT NOT NULL CHECK (first_name ~ '\S'),
  last_name TEXT NOT NULL CHECK (last_name ~ '\S'),
  email TEXT,
  phone TEXT,
  date_of_birth DATE NOT NULL,
  gender TEXT,
  address TEXT,
  emergency_contact_name TEXT,
  emergency_contact_phone TEXT,
  medical_history TEXT,
  allergies TEXT,
  current_medications TEXT,
  insurance_info JSONB,
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'deceased')),
  deceased_date DATE,
  -- The patient this one was found to be; both ids keep resolving.
  merged_into BIGINT REFERENCES patients (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1,
  -- What the search looks at, always in step with the columns it comes from.
  search_name TEXT NOT NULL GENERATED ALWAYS AS (extensions.searchable(first_name || ' ' || last_name)) STORED,
  search_variants TEXT[] NOT NULL
    GENERATED ALWAYS AS (extensions.name_variants(extensions.searchable(first_name || ' ' || last_name))) STORED,
  search_phone TEXT GENERATED ALWAYS AS (extensions.phone_backwards(phone)) STORED,
  CONSTRAINT patients_patient_number_key UNIQUE (patient_number),
  CONSTRAINT patients_not_merged_into_itself CHECK (merged_into <> id),
  CONSTRAINT patients_deceased_with_date CHECK ((deceased_date IS NULL) = (status <> 'deceased')),
  CONSTRAINT patients_deceased_after_birth CHECK (deceased_date >= date_of_birth)
);
CREATE INDEX patients_email_idx ON patients (lower(email) text_pattern_ops);
CREATE INDEX patients_name_idx ON patients (last_name, first_name, id);
CREATE INDEX patients_status_idx ON patients (status, last_name, first_name, id);
CREATE INDEX patients_date_of_birth_idx ON patients (date_of_birth);
CREATE INDEX patients_number_idx ON patients (lower(patient_number) text_pattern_ops);
CREATE INDEX patients_phone_idx ON patients (search_phone text_pattern_ops);
-- No pending list: patients are read far more often than they are written.
CREATE INDEX patients_search_name_idx ON patients USING gin (search_name gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX patients_search_variants_idx ON patients USING gin (search_variants) WITH (fastupdate = off);
CREATE INDEX patients_merged_into_idx ON patients (merged_into) WHERE merged_into IS NOT NULL;

-- The next free P-000123. The sequence parts those who ask at the same time; numbers given by hand are stepped over.
CREATE FUNCTION next_patient_number() RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
ALTER TABLE patients ALTER COLUMN patient_number SET DEFAULT next_patient_number();

-- One row a merge, undone or not.
CREATE TABLE patient_merges (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  survivor_id BIGINT NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  duplicate_id BIGINT NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  reason TEXT NOT NULL,
  merged_by BIGINT REFERENCES staff (id) ON DELETE RESTRICT,
  merged_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  -- Status of the duplicate, and the clinical free text of both as it was, so that undoing brings it back.
  before JSONB NOT NULL,
  -- The survivor's clinical free text as the merge left it.
  after JSONB NOT NULL,
  unmerge_reason TEXT,
  unmerged_by BIGINT REFERENCES staff (id) ON DELETE RESTRICT,
  unmerged_at TIMESTAMPTZ,
  CHECK (survivor_id <> duplicate_id)
);
CREATE UNIQUE INDEX patient_merges_duplicate_idx ON patient_merges (duplicate_id) WHERE unmerged_at IS NULL;
CREATE INDEX patient_merges_survivor_idx ON patient_merges (survivor_id);
CREATE INDEX patient_merges_merged_by_idx ON patient_merges (merged_by);
CREATE INDEX patient_merges_unmerged_by_idx ON patient_merges (unmerged_by);

-- The rows that came to the survivor because of a merge: at the merge, or later under the duplicate's id.
CREATE TABLE patient_merge_rows (
  merge_id BIGINT NOT NULL REFERENCES patient_merges (id) ON DELETE RESTRICT,
  table_name TEXT NOT NULL,
  row_id BIGINT NOT NULL,
  PRIMARY KEY (merge_id, table_name, row_id)
);

-- Whose rows an id stands for now: itself, or the patient it was merged into. Null for an unknown id.
CREATE FUNCTION surviving_patient(patient bigint) RETURNS bigint LANGUAGE sql STABLE STRICT AS $$
  WITH RECURSIVE chain AS (
    SELECT id, merged_into FROM patients WHERE id = patient
    UNION ALL
    SELECT p.id, p.merged_into FROM chain JOIN patients p ON p.id = chain.merged_into
  )
  SELECT id FROM chain WHERE merged_into IS NULL
$$;

DO $$
DECLARE
  tenant_role text := current_setting('app.tenant_role');
BEGIN
  EXECUTE format('REVOKE DELETE, TRUNCATE ON patients, patient_merges FROM %I', tenant_role);
  EXECUTE format('REVOKE UPDATE ON patient_merges FROM %I', tenant_role);
  EXECUTE format('GRANT UPDATE (unmerge_reason, unmerged_by, unmerged_at) ON patient_merges TO %I', tenant_role);
  EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON patient_merge_rows FROM %I', tenant_role);
END $$;
