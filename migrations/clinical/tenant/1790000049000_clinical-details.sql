-- Up Migration
-- What the order says stays beside the notes of the results.
ALTER TABLE lab_tests ADD COLUMN clinical_details TEXT;
COMMENT ON COLUMN lab_tests.clinical_details IS 'The notes of the order: why it was ordered, and what the bench should know';
UPDATE lab_tests t SET clinical_details = s.reason
FROM lab_test_steps s WHERE s.lab_test_id = t.id AND s.step = 'ordered' AND s.reason IS NOT NULL;
