-- Up Migration
-- The pharmacist verifies, asks, refuses and enters a pack; orders given by word of mouth wait for the doctor.

ALTER TABLE clinical_settings ADD COLUMN pharmacist_verifies_first BOOLEAN NOT NULL DEFAULT FALSE;
COMMENT ON COLUMN clinical_settings.pharmacist_verifies_first IS 'Nothing is handed out that no pharmacist has verified';

ALTER TABLE prescriptions
  ADD COLUMN verified_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  ADD COLUMN verified_at TIMESTAMPTZ,
  -- Why a contraindication that was overridden is accepted.
  ADD COLUMN verify_reason TEXT,
  ADD COLUMN refused_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  -- The quantity was entered by a pharmacist, in this unit.
  ADD COLUMN pack_unit TEXT,
  ADD COLUMN packed_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  ADD COLUMN packed_at TIMESTAMPTZ,
  -- Given by word of mouth and read back; entered_by wrote it down, doctor_id countersigns.
  ADD COLUMN verbal BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN countersigned_at TIMESTAMPTZ,
  ADD CONSTRAINT prescriptions_verified CHECK ((verified_by IS NULL) = (verified_at IS NULL)),
  ADD CONSTRAINT prescriptions_packed CHECK ((packed_by IS NULL) = (packed_at IS NULL)
    AND (packed_at IS NULL OR quantity IS NOT NULL) AND (pack_unit IS NULL OR packed_at IS NOT NULL)),
  ADD CONSTRAINT prescriptions_refused CHECK (refused_by IS NULL OR (status = 'discontinued' AND status_reason IS NOT NULL)),
  ADD CONSTRAINT prescriptions_countersigned CHECK (countersigned_at IS NULL OR verbal),
  ADD CONSTRAINT prescriptions_verbal_of_another CHECK (NOT verbal OR (entered_by IS NOT NULL AND entered_by <> doctor_id));
CREATE INDEX prescriptions_verified_by_idx ON prescriptions (verified_by);
CREATE INDEX prescriptions_refused_by_idx ON prescriptions (refused_by);
CREATE INDEX prescriptions_packed_by_idx ON prescriptions (packed_by);
CREATE INDEX prescriptions_countersignature_idx ON prescriptions (prescribed_date DESC, id DESC)
  WHERE verbal AND countersigned_at IS NULL;

-- What a pharmacist asks the prescriber; asked once, answered once.
CREATE TABLE prescription_questions (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  prescription_id INTEGER NOT NULL REFERENCES prescriptions (id) ON DELETE RESTRICT,
  question TEXT NOT NULL CHECK (question ~ '\S'),
  asked_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  asked_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  answer TEXT CHECK (answer ~ '\S'),
  answered_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  answered_at TIMESTAMPTZ,
  CONSTRAINT prescription_questions_answered CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX prescription_questions_prescription_idx ON prescription_questions (prescription_id, id);
CREATE UNIQUE INDEX prescription_questions_open_idx ON prescription_questions (prescription_id) WHERE answer IS NULL;
CREATE INDEX prescription_questions_asked_by_idx ON prescription_questions (asked_by);
CREATE INDEX prescription_questions_answered_by_idx ON prescription_questions (answered_by);

CREATE FUNCTION protect_prescription_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.answer IS NOT NULL OR (OLD.id, OLD.prescription_id, OLD.question, OLD.asked_by, OLD.asked_at)
     IS DISTINCT FROM (NEW.id, NEW.prescription_id, NEW.question, NEW.asked_by, NEW.asked_at) THEN
    RAISE EXCEPTION 'question % is answered once and changed never', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prescription_questions_immutable';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER prescription_questions_protect BEFORE UPDATE ON prescription_questions
  FOR EACH ROW EXECUTE FUNCTION protect_prescription_question();

-- As before; and once each, never again: a verification, a countersignature, and the quantity of a pack where there was none.
CREATE OR REPLACE FUNCTION protect_prescription() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  open_columns CONSTANT text[] := ARRAY['status', 'status_reason', 'revised_by', 'patient_id', 'version', 'updated_at',
    'dispensed_quantity', 'last_dispensed_at', 'verified_by', 'verified_at', 'verify_reason', 'refused_by', 'quantity',
    'pack_unit', 'packed_by', 'packed_at', 'countersigned_at'];
BEGIN
  IF to_jsonb(OLD) - open_columns IS DISTINCT FROM to_jsonb(NEW) - open_columns
     OR (OLD.verified_at IS NOT NULL AND (OLD.verified_by, OLD.verified_at, OLD.verify_reason)
       IS DISTINCT FROM (NEW.verified_by, NEW.verified_at, NEW.verify_reason))
     OR (OLD.countersigned_at IS NOT NULL AND OLD.countersigned_at IS DISTINCT FROM NEW.countersigned_at)
     OR (OLD.refused_by IS NOT NULL AND OLD.refused_by IS DISTINCT FROM NEW.refused_by)
     OR ((OLD.quantity, OLD.pack_unit, OLD.packed_by, OLD.packed_at)
       IS DISTINCT FROM (NEW.quantity, NEW.pack_unit, NEW.packed_by, NEW.packed_at)
       AND (OLD.quantity IS NOT NULL OR NEW.packed_at IS NULL)) THEN
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

DO $$
BEGIN
  EXECUTE format('REVOKE DELETE ON prescription_questions FROM %I', current_setting('app.tenant_role'));
END $$;

-- Whoever writes, by whatever search path.
ALTER FUNCTION continue_supply() SET search_path FROM CURRENT;
ALTER FUNCTION count_dispense() SET search_path FROM CURRENT;
