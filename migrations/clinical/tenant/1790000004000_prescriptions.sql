-- Up Migration
CREATE TABLE prescriptions (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  doctor_id INTEGER NOT NULL REFERENCES doctors (id) ON DELETE RESTRICT,
  medical_record_id INTEGER REFERENCES medical_records (id) ON DELETE RESTRICT,
  medication_name TEXT NOT NULL CHECK (medication_name ~ '\S'),
  dosage TEXT,
  frequency TEXT,
  duration TEXT,
  instructions TEXT,
  -- Dispensable units (tablets, ml …) of one fill; null: not said and not computable, so nothing can be dispensed.
  quantity INTEGER CHECK (quantity > 0),
  refills_allowed INTEGER NOT NULL DEFAULT 0 CHECK (refills_allowed BETWEEN 0 AND 99),
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'on_hold', 'completed', 'discontinued')),
  prescribed_date TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  -- The drug's RxNorm code: an ingredient or a clinical drug.
  rxnorm_code TEXT CHECK (rxnorm_code ~ '^\d{1,8}$'),
  -- The structured dose beside the texts above.
  dose_amount NUMERIC(12, 6) CHECK (dose_amount > 0),
  dose_unit TEXT,
  dose_route TEXT,
  times_per_day INTEGER CHECK (times_per_day BETWEEN 1 AND 48),
  interval_hours INTEGER CHECK (interval_hours BETWEEN 1 AND 8760),
  duration_days INTEGER CHECK (duration_days BETWEEN 1 AND 3650),
  quantity_computed BOOLEAN NOT NULL DEFAULT FALSE,
  -- What the checks said when it was written, with the version of the rules; and why a conflict was overridden.
  checks JSONB NOT NULL DEFAULT '[]',
  override_reason TEXT,
  status_reason TEXT,
  revises INTEGER REFERENCES prescriptions (id) ON DELETE RESTRICT,
  revised_by INTEGER REFERENCES prescriptions (id) ON DELETE RESTRICT,
  -- Sum of dispenses, kept by their trigger alone; the check below is the ceiling.
  dispensed_quantity INTEGER NOT NULL DEFAULT 0,
  last_dispensed_at TIMESTAMPTZ,
  -- Where an imported row came from (practitioner, system); null: written here.
  source TEXT,
  entered_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT prescriptions_one_frequency CHECK (times_per_day IS NULL OR interval_hours IS NULL),
  CONSTRAINT prescriptions_dose_unit CHECK ((dose_amount IS NULL) = (dose_unit IS NULL)),
  CONSTRAINT prescriptions_dispense_limit CHECK (
    dispensed_quantity = 0
    OR (quantity IS NOT NULL AND dispensed_quantity::bigint <= quantity::bigint * (refills_allowed + 1))
  )
);
CREATE INDEX prescriptions_patient_idx ON prescriptions (patient_id, prescribed_date DESC, id DESC);
CREATE INDEX prescriptions_status_idx ON prescriptions (status, prescribed_date DESC, id DESC);
CREATE INDEX prescriptions_doctor_idx ON prescriptions (doctor_id, prescribed_date DESC, id DESC);
CREATE INDEX prescriptions_newest_idx ON prescriptions (prescribed_date DESC, id DESC);
CREATE INDEX prescriptions_medical_record_idx ON prescriptions (medical_record_id);
CREATE INDEX prescriptions_entered_by_idx ON prescriptions (entered_by);
CREATE UNIQUE INDEX prescriptions_revises_idx ON prescriptions (revises);
CREATE UNIQUE INDEX prescriptions_revised_by_idx ON prescriptions (revised_by);

-- Each hand-out; appended, never changed.
CREATE TABLE dispenses (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  prescription_id INTEGER NOT NULL REFERENCES prescriptions (id) ON DELETE RESTRICT,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  dispensed_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  dispensed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  notes TEXT,
  checks JSONB NOT NULL DEFAULT '[]',
  override_reason TEXT
);
CREATE INDEX dispenses_prescription_idx ON dispenses (prescription_id, id);
CREATE INDEX dispenses_dispensed_by_idx ON dispenses (dispensed_by);

-- Who moved a prescription from which status to which, when and why; appended, never changed.
CREATE TABLE prescription_status_changes (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  prescription_id INTEGER NOT NULL REFERENCES prescriptions (id) ON DELETE RESTRICT,
  from_status TEXT NOT NULL,
  to_status TEXT NOT NULL,
  reason TEXT,
  changed_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  changed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX prescription_status_changes_prescription_idx ON prescription_status_changes (prescription_id, id);
CREATE INDEX prescription_status_changes_changed_by_idx ON prescription_status_changes (changed_by);

-- The row lock of this update puts concurrent hand-outs in line; the check constraint refuses the one too many.
CREATE FUNCTION count_dispense() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE prescriptions
  SET dispensed_quantity = dispensed_quantity + NEW.quantity, last_dispensed_at = NEW.dispensed_at
  WHERE id = NEW.prescription_id AND status = 'active';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'prescription % is not active', NEW.prescription_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'dispenses_active_prescription';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dispenses_count BEFORE INSERT ON dispenses FOR EACH ROW EXECUTE FUNCTION count_dispense();

-- What was prescribed never changes: a correction is a new row that revises this one. Left open are the status and its
-- reason, the link to the revision, and the patient (merging moves rows).
CREATE FUNCTION protect_prescription() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER prescriptions_protect BEFORE UPDATE ON prescriptions FOR EACH ROW EXECUTE FUNCTION protect_prescription();

-- What a later allergy or drug raised on a prescription in use. `finding` identifies it, so that it is raised once.
CREATE TABLE alerts (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  prescription_id INTEGER NOT NULL REFERENCES prescriptions (id) ON DELETE RESTRICT,
  finding TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('allergy', 'duplicate-therapy', 'interaction')),
  rule TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('contraindicated', 'major', 'moderate', 'minor')),
  detail TEXT NOT NULL,
  rule_source TEXT NOT NULL,
  rule_set_version TEXT NOT NULL,
  cause_allergy_id INTEGER REFERENCES allergies (id) ON DELETE RESTRICT,
  cause_prescription_id INTEGER REFERENCES prescriptions (id) ON DELETE RESTRICT,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'acknowledged', 'resolved')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  acknowledged_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  acknowledged_at TIMESTAMPTZ,
  acknowledge_reason TEXT,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT alerts_raised_once UNIQUE (prescription_id, finding),
  CONSTRAINT alerts_acknowledged_with_reason CHECK (
    status <> 'acknowledged' OR (acknowledged_at IS NOT NULL AND acknowledge_reason IS NOT NULL)
  )
);
CREATE INDEX alerts_patient_idx ON alerts (patient_id, id DESC);
CREATE INDEX alerts_status_idx ON alerts (status, id DESC);
CREATE INDEX alerts_cause_allergy_idx ON alerts (cause_allergy_id);
CREATE INDEX alerts_cause_prescription_idx ON alerts (cause_prescription_id);
CREATE INDEX alerts_acknowledged_by_idx ON alerts (acknowledged_by);

SELECT clinical.append_only('dispenses');
SELECT clinical.append_only('prescription_status_changes');
DO $$
BEGIN
  EXECUTE format('REVOKE DELETE ON prescriptions, alerts FROM %I', current_setting('app.tenant_role'));
END $$;
