-- Up Migration
-- What is checked beside allergies and other drugs may speak against a prescription later too: a state or a measurement
-- that is recorded while it is in use.
ALTER TABLE alerts
  DROP CONSTRAINT alerts_kind_check,
  ADD CONSTRAINT alerts_kind_check
    CHECK (kind IN ('allergy', 'duplicate-therapy', 'interaction', 'dose', 'age', 'pregnancy', 'renal'));
