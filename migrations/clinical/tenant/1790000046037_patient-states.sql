-- Up Migration
-- Pregnancy and breast-feeding, dated: what drugs are checked against while it lasts. Ended or taken back, never deleted.
CREATE TABLE patient_states (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  state TEXT NOT NULL CHECK (state IN ('pregnant', 'breast_feeding')),
  from_date DATE NOT NULL,
  until_date DATE,
  expected_delivery DATE,
  status TEXT NOT NULL DEFAULT 'recorded' CHECK (status IN ('recorded', 'entered_in_error')),
  entered_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT patient_states_in_order CHECK (until_date >= from_date),
  CONSTRAINT patient_states_delivery_of_pregnancy CHECK (expected_delivery IS NULL OR state = 'pregnant')
);
-- Of a kind one at a time; overlapping ones that have ended may come together when charts are merged.
CREATE UNIQUE INDEX patient_states_one_open ON patient_states (patient_id, state)
  WHERE until_date IS NULL AND status = 'recorded';
CREATE INDEX patient_states_patient_idx ON patient_states (patient_id, id DESC);
CREATE INDEX patient_states_entered_by_idx ON patient_states (entered_by);

-- They follow a merge; a second open state of one kind says nothing new and stays where it was.
DO $$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION patient_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS %L',
    format('SELECT %L::text[]', (SELECT array_agg(item ORDER BY item) FROM unnest(patient_tables() || ARRAY['patient_states']) item)));
  ALTER FUNCTION patient_table_condition(text) RENAME TO patient_table_condition_before_states;
  CREATE FUNCTION patient_table_condition(item text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $f$
    SELECT CASE item WHEN 'patient_states' THEN
      'NOT EXISTS (SELECT FROM patient_states o WHERE o.patient_id = $1 AND o.state = patient_states.state
         AND o.until_date IS NULL AND patient_states.until_date IS NULL
         AND o.status = ''recorded'' AND patient_states.status = ''recorded'')'
    ELSE patient_table_condition_before_states(item) END
  $f$;
  CREATE TRIGGER patient_states_follow_merge BEFORE INSERT ON patient_states
    FOR EACH ROW EXECUTE FUNCTION follow_patient_merge();
  EXECUTE format('REVOKE DELETE ON patient_states FROM %I', current_setting('app.tenant_role'));
END $$;
