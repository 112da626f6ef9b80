-- Up Migration
-- Which row came from which resource of which import: what is here is not imported again.
CREATE TABLE imported_resources (
  -- `<resource type>/<id or URL in the source>`
  source TEXT PRIMARY KEY,
  table_name TEXT NOT NULL,
  row_id BIGINT NOT NULL,
  imported_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX imported_resources_row_idx ON imported_resources (table_name, row_id);
SELECT clinical.append_only('imported_resources');
