-- Up Migration

-- Hospitals that ran earlier versions have this table, and may or may not have this file's row in pgmigrations. The name
-- is the one their history knows; the next file completes the table, whichever way it came to be.
CREATE TABLE IF NOT EXISTS tenants (
  id VARCHAR(255) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  status VARCHAR(50) DEFAULT 'active'
);
