-- Up Migration
-- What a person decided where a check could not: kept on what was entered (an allergy, the free text, the name of a drug, or
-- that nobody had asked), so that it is asked once. It counts while what was entered still reads so.
CREATE TABLE check_decisions (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  "check" TEXT NOT NULL CHECK ("check" = 'allergy'),
  entry TEXT NOT NULL CHECK (entry IN ('allergy', 'free-text', 'drug', 'status')),
  allergy_id INTEGER REFERENCES allergies (id) ON DELETE RESTRICT,
  -- The part that was not understood, and the whole entry as it read.
  part TEXT NOT NULL,
  entry_text TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason ~ '\w'),
  decided_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  decided_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT check_decisions_allergy CHECK ((entry = 'allergy') = (allergy_id IS NOT NULL))
);
CREATE INDEX check_decisions_patient_idx ON check_decisions (patient_id, id);
CREATE INDEX check_decisions_allergy_idx ON check_decisions (allergy_id);
CREATE INDEX check_decisions_decided_by_idx ON check_decisions (decided_by);
SELECT clinical.append_only('check_decisions');

-- Merging moves them too.
DO $$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION patient_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS %L',
    format('SELECT %L::text[]', ARRAY(SELECT unnest(patient_tables() || ARRAY['check_decisions']) AS item ORDER BY item)));
END $$;
CREATE TRIGGER check_decisions_follow_merge BEFORE INSERT ON check_decisions
  FOR EACH ROW EXECUTE FUNCTION follow_patient_merge();
