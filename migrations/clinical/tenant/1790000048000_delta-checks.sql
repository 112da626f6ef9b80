-- Up Migration
-- How a new result is held against the patient's last one.
ALTER TABLE clinical_settings
  ADD COLUMN delta_days INTEGER NOT NULL DEFAULT 30
    CONSTRAINT clinical_settings_delta_days CHECK (delta_days BETWEEN 1 AND 3650),
  ADD COLUMN delta_limits JSONB NOT NULL DEFAULT '[]'
    CONSTRAINT clinical_settings_delta_limits CHECK (jsonb_typeof(delta_limits) = 'array');
COMMENT ON COLUMN clinical_settings.delta_days IS 'A result is compared with the last one of so many days';
COMMENT ON COLUMN clinical_settings.delta_limits IS '[{name, percent}]: the hospital''s own limits, before the published ones';
