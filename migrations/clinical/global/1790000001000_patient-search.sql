-- Up Migration
-- How names are compared. One definition for stored names and for what people type; every hospital uses it.

-- Lower case, no accents, no apostrophes, words parted by one blank, a blank at either end: ' maria dos anjos o brien '.
CREATE FUNCTION extensions.searchable(name text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ' ' || btrim(regexp_replace(
    regexp_replace(lower(extensions.unaccent('extensions.unaccent', name)), '[''`´’ʼ]', '', 'g'),
    '[[:space:]!-/:-@\[-_{-~]+', ' ', 'g')) || ' '
$$;

-- Each word, and each word of four letters or more with one letter left out. Two words that differ by one letter more,
-- less or other, or by two letters changed about, share a variant; so an index finds them without comparing every name.
CREATE FUNCTION extensions.name_variants(searchable text) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT variant), '{}')
  FROM (SELECT DISTINCT left(word, 30) AS word FROM unnest(string_to_array(btrim(searchable), ' ')) AS word) AS words,
    LATERAL (
      SELECT word
      UNION ALL
      SELECT left(word, place - 1) || substr(word, place + 1)
      FROM generate_series(1, CASE WHEN length(word) >= 4 THEN length(word) ELSE 0 END) AS place
    ) AS variants (variant)
  WHERE variant <> ''
$$;

-- The digits of a telephone number from the last to the first: its endings are this text's beginnings.
CREATE FUNCTION extensions.phone_backwards(phone text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT reverse(regexp_replace(phone, '\D', '', 'g'))
$$;
