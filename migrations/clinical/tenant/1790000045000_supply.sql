-- Up Migration
-- Supply: one ceiling over a prescription and its revisions, one fill at a time, and an end of validity.

ALTER TABLE clinical_settings
  ADD COLUMN early_refill_days INTEGER NOT NULL DEFAULT 7 CHECK (early_refill_days BETWEEN 0 AND 30),
  ADD COLUMN prescription_valid_months INTEGER NOT NULL DEFAULT 12 CHECK (prescription_valid_months BETWEEN 1 AND 24),
  ADD COLUMN controlled_valid_days INTEGER NOT NULL DEFAULT 28 CHECK (controlled_valid_days BETWEEN 1 AND 365);
COMMENT ON COLUMN clinical_settings.early_refill_days IS 'The next fill may be handed out so many days before the last one is used up';

ALTER TABLE prescriptions
  -- A revision to another drug has a supply of its own; any other continues the supply of what it revises.
  ADD COLUMN other_drug BOOLEAN NOT NULL DEFAULT FALSE,
  -- What was handed out of this supply before this revision was written; kept by the trigger below.
  ADD COLUMN dispensed_before INTEGER NOT NULL DEFAULT 0 CHECK (dispensed_before >= 0),
  ADD COLUMN renews INTEGER REFERENCES prescriptions (id) ON DELETE RESTRICT,
  ADD CONSTRAINT prescriptions_other_drug CHECK (NOT other_drug OR revises IS NOT NULL);
CREATE UNIQUE INDEX prescriptions_renews_idx ON prescriptions (renews);

ALTER TABLE dispenses ADD COLUMN early BOOLEAN NOT NULL DEFAULT FALSE;
COMMENT ON COLUMN dispenses.early IS 'Handed out before the fill before it was nearly used up, for the reason of the override';

-- Chains that exist: the drug is told by the first word of its name.
ALTER TABLE prescriptions DISABLE TRIGGER prescriptions_protect;
WITH RECURSIVE chain AS (
  SELECT id, medication_name, dispensed_quantity, FALSE AS other, 0 AS before FROM prescriptions WHERE revises IS NULL
  UNION ALL
  SELECT p.id, p.medication_name, p.dispensed_quantity, d.other,
    CASE WHEN d.other THEN 0 ELSE c.before + c.dispensed_quantity END
  FROM chain c JOIN prescriptions p ON p.revises = c.id, LATERAL (
    SELECT split_part(lower(p.medication_name), ' ', 1) <> split_part(lower(c.medication_name), ' ', 1) AS other) d
)
UPDATE prescriptions p SET dispensed_before = c.before, other_drug = c.other
FROM chain c WHERE c.id = p.id AND (c.before > 0 OR c.other);
ALTER TABLE prescriptions ENABLE TRIGGER prescriptions_protect;

-- The lock waits for a hand-out of the old one that is under way; afterwards there is none, see count_dispense.
CREATE FUNCTION continue_supply() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before prescriptions;
BEGIN
  NEW.dispensed_before := 0;
  IF NEW.revises IS NOT NULL AND NOT NEW.other_drug THEN
    SELECT * INTO before FROM prescriptions WHERE id = NEW.revises FOR NO KEY UPDATE;
    NEW.dispensed_before := coalesce(before.dispensed_before + before.dispensed_quantity, 0);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER prescriptions_continue_supply BEFORE INSERT ON prescriptions
  FOR EACH ROW EXECUTE FUNCTION continue_supply();

CREATE OR REPLACE FUNCTION count_dispense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  given prescriptions;
BEGIN
  UPDATE prescriptions
  SET dispensed_quantity = dispensed_quantity + NEW.quantity, last_dispensed_at = NEW.dispensed_at
  WHERE id = NEW.prescription_id AND status = 'active'
  RETURNING * INTO given;
  -- Asked after the row is locked: a revision that was waited for is seen.
  IF given.id IS NULL OR EXISTS (SELECT FROM prescriptions WHERE revises = NEW.prescription_id) THEN
    RAISE EXCEPTION 'prescription % is not active', NEW.prescription_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'dispenses_active_prescription';
  END IF;
  IF given.dispensed_before::bigint + given.dispensed_quantity > given.quantity::bigint * (given.refills_allowed + 1) THEN
    RAISE EXCEPTION 'more than was prescribed over prescription % and what it revises', NEW.prescription_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'prescriptions_dispense_limit';
  END IF;
  RETURN NEW;
END $$;

-- A renewal goes where what it renews goes.
CREATE OR REPLACE FUNCTION patient_table_parents(item text) RETURNS TABLE (parent_table text, via text)
  LANGUAGE sql IMMUTABLE AS $$
  SELECT parent_table, via FROM (VALUES
    (1, 'alerts', 'prescriptions', 'prescription_id'),
    (2, 'prescriptions', 'prescriptions', 'revises'),
    (3, 'prescriptions', 'prescriptions', 'renews'),
    (4, 'prescriptions', 'medical_records', 'medical_record_id'),
    (5, 'lab_tests', 'medical_records', 'medical_record_id')
  ) AS parents (place, child, parent_table, via) WHERE child = item ORDER BY place
$$;
