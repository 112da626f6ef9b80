-- Up Migration
-- Structured allergies beside the free-text column of patients. Corrected by status, never deleted.
CREATE TABLE allergies (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  substance TEXT NOT NULL CHECK (substance ~ '\S'),
  -- RxNorm or SNOMED CT, as it was recorded.
  code TEXT,
  reaction TEXT,
  severity TEXT CHECK (severity IN ('mild', 'moderate', 'severe')),
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'resolved', 'entered_in_error')),
  -- Where an imported row came from; null: entered here.
  source TEXT,
  entered_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX allergies_patient_idx ON allergies (patient_id, id DESC);
CREATE INDEX allergies_entered_by_idx ON allergies (entered_by);

-- "No known allergies", said by somebody at some time. In force while ended_at is null and no allergy is active.
CREATE TABLE allergy_attestations (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  attested_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  attested_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  ended_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX allergy_attestations_patient_idx ON allergy_attestations (patient_id, id DESC);
CREATE INDEX allergy_attestations_attested_by_idx ON allergy_attestations (attested_by);

-- Whoever adds an allergy, imports included, ends what was attested before. Not on a change of patient_id: a merge that
-- is undone must leave no trace.
CREATE FUNCTION end_allergy_attestation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE allergy_attestations SET ended_at = now(), version = version + 1
  WHERE patient_id = NEW.patient_id AND ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER allergies_end_attestation AFTER INSERT OR UPDATE OF status ON allergies
  FOR EACH ROW WHEN (NEW.status = 'active') EXECUTE FUNCTION end_allergy_attestation();

DO $$
BEGIN
  EXECUTE format('REVOKE DELETE ON allergies, allergy_attestations FROM %I', current_setting('app.tenant_role'));
END $$;
