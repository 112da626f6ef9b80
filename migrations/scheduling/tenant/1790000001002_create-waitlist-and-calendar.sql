-- Up Migration

CREATE TABLE waitlist (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  doctor_id INTEGER REFERENCES doctors (id) ON DELETE RESTRICT,
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  duration_minutes INTEGER NOT NULL DEFAULT 30 CHECK (duration_minutes BETWEEN 5 AND 1440),
  notes TEXT,
  status TEXT NOT NULL DEFAULT 'waiting' CHECK (
    status IN ('waiting', 'offered', 'accepted', 'declined', 'expired', 'cancelled')
  ),
  offered_doctor_id INTEGER REFERENCES doctors (id) ON DELETE RESTRICT,
  offered_date TIMESTAMPTZ,
  offer_expires_at TIMESTAMPTZ,
  appointment_id INTEGER REFERENCES appointments (id) ON DELETE RESTRICT,
  merged_from INTEGER REFERENCES patients (id) ON DELETE RESTRICT,
  created_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT waitlist_window CHECK (starts_at < ends_at),
  CONSTRAINT waitlist_offer CHECK (
    (status = 'offered') <= (offered_doctor_id IS NOT NULL AND offered_date IS NOT NULL AND offer_expires_at IS NOT NULL)
  ),
  CONSTRAINT waitlist_accepted CHECK ((status = 'accepted') = (appointment_id IS NOT NULL)),
  CONSTRAINT waitlist_appointment_id_key UNIQUE (appointment_id)
);
COMMENT ON TABLE waitlist IS 'Patients who wait for a time between starts_at and ends_at; in the order of id';
CREATE INDEX waitlist_status_idx ON waitlist (status, id);
CREATE INDEX waitlist_patient_id_idx ON waitlist (patient_id, id);
CREATE INDEX waitlist_doctor_id_idx ON waitlist (doctor_id, id);
CREATE INDEX waitlist_offer_idx ON waitlist (offered_doctor_id, offered_date) WHERE status = 'offered';
CREATE INDEX waitlist_expiry_idx ON waitlist (offer_expires_at) WHERE status = 'offered';

CREATE TABLE patient_moves (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entity TEXT NOT NULL CHECK (entity IN ('appointments', 'waitlist')),
  row_id INTEGER NOT NULL,
  from_patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  to_patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
  moved_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE patient_moves IS 'What merges of patients moved here, step by step, so that parting them moves it back';
CREATE INDEX patient_moves_from_idx ON patient_moves (from_patient_id, id);
CREATE INDEX patient_moves_row_idx ON patient_moves (entity, row_id, id);

CREATE TABLE calendar_tokens (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  doctor_id INTEGER NOT NULL REFERENCES doctors (id) ON DELETE RESTRICT,
  token_hash TEXT NOT NULL,
  include_patient_names BOOLEAN NOT NULL DEFAULT FALSE,
  created_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  revoked_at TIMESTAMPTZ,
  CONSTRAINT calendar_tokens_token_hash_key UNIQUE (token_hash)
);
COMMENT ON COLUMN calendar_tokens.token_hash IS 'SHA-256 of the token; the token itself is nowhere';
CREATE UNIQUE INDEX calendar_tokens_live_idx ON calendar_tokens (doctor_id) WHERE revoked_at IS NULL;
