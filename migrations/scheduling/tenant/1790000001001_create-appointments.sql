-- Up Migration

CREATE TABLE appointment_series (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  frequency TEXT NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly')),
  every INTEGER NOT NULL DEFAULT 1 CHECK (every > 0),
  count INTEGER NOT NULL CHECK (count > 0),
  starts_at TIMESTAMPTZ NOT NULL,
  created_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE appointment_series IS 'How repeated appointments were made; each is a row of appointments';

CREATE TABLE appointments (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  doctor_id INTEGER NOT NULL REFERENCES doctors (id) ON DELETE RESTRICT,
  appointment_date TIMESTAMPTZ NOT NULL,
  duration_minutes INTEGER NOT NULL DEFAULT 30 CHECK (duration_minutes BETWEEN 5 AND 1440),
  appointment_type VARCHAR(100),
  status TEXT NOT NULL DEFAULT 'scheduled' CHECK (
    status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'cancelled', 'no_show')
  ),
  notes TEXT,
  overbook_reason TEXT CHECK (overbook_reason ~ '\S'),
  cancel_reason TEXT,
  series_id INTEGER REFERENCES appointment_series (id) ON DELETE RESTRICT,
  -- Set by a merge of patients: the patient it was booked for.
  merged_from INTEGER REFERENCES patients (id) ON DELETE RESTRICT,
  -- When the present time was chosen: reminders that were due before are not sent.
  scheduled_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  period TSTZRANGE NOT NULL,
  created_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1
);
COMMENT ON COLUMN appointments.period IS 'appointment_date and duration_minutes as a range; kept by a trigger';

-- Not a generated column: timestamptz + interval counts as depending on the session''s time zone.
CREATE FUNCTION keep_appointment_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.period := tstzrange(NEW.appointment_date, NEW.appointment_date + make_interval(mins => NEW.duration_minutes));
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION keep_appointment_period() FROM PUBLIC;
CREATE TRIGGER appointments_period BEFORE INSERT OR UPDATE ON appointments
  FOR EACH ROW EXECUTE FUNCTION keep_appointment_period();

-- The last word on double bookings. What was overbooked knowingly, or overlaps since two patients were found to be
-- one, is outside; the program still counts it as busy for new bookings. Looked at when a statement ends, so that a
-- series can move onto times that it leaves.
ALTER TABLE appointments ADD CONSTRAINT appointments_doctor_free
  EXCLUDE USING gist (doctor_id WITH =, period WITH &&)
  WHERE (status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress') AND overbook_reason IS NULL)
  DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE appointments ADD CONSTRAINT appointments_patient_free
  EXCLUDE USING gist (patient_id WITH =, period WITH &&)
  WHERE (
    status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress') AND overbook_reason IS NULL AND merged_from IS NULL
  )
  DEFERRABLE INITIALLY IMMEDIATE;

CREATE INDEX appointments_patient_id_idx ON appointments (patient_id, appointment_date, id);
CREATE INDEX appointments_doctor_id_idx ON appointments (doctor_id, appointment_date, id);
CREATE INDEX appointments_appointment_date_idx ON appointments (appointment_date, id);
CREATE INDEX appointments_status_idx ON appointments (status, appointment_date, id);
CREATE INDEX appointments_series_id_idx ON appointments (series_id, appointment_date, id) WHERE series_id IS NOT NULL;
CREATE INDEX appointments_merged_from_idx ON appointments (merged_from) WHERE merged_from IS NOT NULL;
CREATE INDEX appointments_created_by_idx ON appointments (created_by);

CREATE TABLE appointment_reminders (
  appointment_id INTEGER NOT NULL REFERENCES appointments (id) ON DELETE RESTRICT,
  hours_before INTEGER NOT NULL,
  appointment_date TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (appointment_id, hours_before, appointment_date)
);
COMMENT ON TABLE appointment_reminders IS 'Reminders that went out as events: once for each time an appointment is set to';
SELECT scheduling.append_only('appointment_reminders');
