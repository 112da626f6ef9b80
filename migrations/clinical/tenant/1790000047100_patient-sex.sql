-- Up Migration

-- The sex that a patient's gender says, as it was typed: everyday words of several languages; the rest is unknown. The words
-- are those of lab-reference-ranges/sex-rules.ts; a test compares the two.
CREATE FUNCTION sex_of(gender TEXT) RETURNS VARCHAR(10) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN word = ANY ('{male,m,man,boy,männlich,maennlich,mann,junge,masculin,masculino,maschio,homme,hombre,garçon,varón,varon,uomo,mannelijk,mężczyzna,мужской,муж,чоловік,erkek,ذكر,男,男性,남,남성,पुरुष,nam}'::text[])
      THEN 'male'
    WHEN word = ANY ('{female,f,w,woman,girl,weiblich,frau,mädchen,féminin,feminin,feminino,femenino,femme,fille,mujer,mulher,femmina,donna,vrouw,vrouwelijk,kobieta,женский,жен,жінка,kadın,أنثى,女,女性,여,여성,महिला,nữ}'::text[])
      THEN 'female'
    WHEN word = ANY ('{other,x,d,divers,diverse,nonbinary,non-binary,intersex,indeterminate,ambiguous}'::text[])
      THEN 'other'
    ELSE 'unknown'
  END
  FROM (SELECT regexp_replace(lower(regexp_replace(normalize(coalesce(gender, ''), NFC), '^\s+|\s+$', '', 'g')), '\.$', '')) AS typed (word)
$$;

ALTER TABLE patients ADD COLUMN sex VARCHAR(10) NOT NULL GENERATED ALWAYS AS (sex_of(gender)) STORED;
COMMENT ON COLUMN patients.sex IS 'Derived from gender: male, female, other or unknown; limits and doses go by it';
CREATE INDEX patients_sex_unknown_idx ON patients (last_name, first_name, id) WHERE sex = 'unknown';
