-- Up Migration
-- Nobody makes their own care relation: it comes from what others did.

ALTER TABLE care_appointments ADD COLUMN assigned_by INTEGER;
COMMENT ON COLUMN care_appointments.assigned_by IS 'Who gave the appointment to this doctor; NULL: not known';
COMMENT ON COLUMN clinical_settings.care_relation_required IS 'Charts open only to those who care for the patient';
COMMENT ON COLUMN lab_tests.critical IS 'A result is or was beyond a critical limit; unacknowledged until a person acknowledges it';

CREATE INDEX prescriptions_doctor_id_patient_id_idx ON prescriptions (doctor_id, patient_id);
CREATE INDEX medical_records_doctor_id_patient_id_idx ON medical_records (doctor_id, patient_id);
CREATE INDEX lab_tests_ordered_by_patient_id_idx ON lab_tests (ordered_by, patient_id);

-- The patients somebody cares for, by appointment, assignment, or a record, prescription or order that another one
-- entered for them to answer for; and those whose glass they broke within the hour. No SET: it is inlined into lists.
CREATE FUNCTION related_patients(who INTEGER) RETURNS TABLE (patient_id INTEGER, broken BOOLEAN) LANGUAGE sql STABLE AS $$
  SELECT a.patient_id, false FROM care_appointments a
    WHERE a.doctor_id = who AND a.status <> 'cancelled' AND a.assigned_by IS DISTINCT FROM who
  UNION ALL SELECT c.patient_id, false FROM care_assignments c
    WHERE c.user_id = who AND c.ended_at IS NULL AND c.created_by <> who
  UNION ALL SELECT r.patient_id, false FROM medical_records r
    WHERE r.doctor_id = who AND r.created_by IS DISTINCT FROM who
  UNION ALL SELECT p.patient_id, false FROM prescriptions p
    WHERE p.doctor_id = who AND p.entered_by IS DISTINCT FROM who
  UNION ALL SELECT l.patient_id, false FROM lab_tests l
    WHERE l.ordered_by = who AND l.created_by IS DISTINCT FROM who
  UNION ALL SELECT b.patient_id, true FROM break_glass_accesses b
    WHERE b.user_id = who AND b.expires_at > now()
$$;
COMMENT ON FUNCTION related_patients(INTEGER) IS 'Whose charts somebody may open where the hospital asks for a care relation';
