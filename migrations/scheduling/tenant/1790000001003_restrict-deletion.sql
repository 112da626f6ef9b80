-- Up Migration

-- What happened stays: the program changes the status of these rows and never deletes one.
DO $$
DECLARE item text;
BEGIN
  FOREACH item IN ARRAY ARRAY[
    'patients', 'doctors', 'staff', 'hospital', 'working_hours', 'appointments', 'appointment_series', 'waitlist', 'calendar_tokens'
  ] LOOP
    EXECUTE format('REVOKE DELETE ON %I FROM %I', item, current_setting('app.tenant_role'));
  END LOOP;
END $$;
