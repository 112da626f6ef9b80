-- Up Migration
ALTER TABLE clinical_settings
  ADD COLUMN critical_import_hours INTEGER NOT NULL DEFAULT 72
    CONSTRAINT clinical_settings_critical_import_hours CHECK (critical_import_hours BETWEEN 0 AND 8760);
COMMENT ON COLUMN clinical_settings.critical_import_hours IS 'An imported critical result that became known within so many hours asks a doctor';
