-- Up Migration

-- A stored password that no password fits locks its owner out: plain text, a cut hash, a placeholder of some sample. These
-- are the shapes that bcrypt and argon2 write, down to the bits that base64 leaves unused at the end; argon2 with at least 8
-- bytes of salt and 16 of hash. A word of seven letters turns up in a real hash once in a thousand million times.
CREATE FUNCTION is_password_hash(stored text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT coalesce(stored !~* 'example' AND (
    stored ~ '^\$2[abxy]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$'
    OR stored ~ (
      '^\$argon2(id|i|d)(\$v=(16|19))?\$m=([89]|[1-9][0-9]+),t=[1-9][0-9]*,p=[1-9][0-9]*'
      '\$(?=[^$]{11,}\$)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048])?'
      '\$(?=[^$]{22,}$)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048])?$')
  ), false)
$function$;
COMMENT ON FUNCTION is_password_hash(text) IS 'Whether some password could fit what is stored';

-- Who governs: the Admins of a hospital, the operators of the platform. Whoever has no password yet, and nobody who vouches
-- for them, is invited, whatever an adopted row says. With the rights of the caller, so a tenant's transaction sees its own.
-- Names are looked up when it is called: adopted tables may still change their types.
CREATE FUNCTION chiefs() RETURNS TABLE (tenant_id text, user_id integer, status text, can_sign_in boolean)
LANGUAGE sql STABLE AS $function$
  SELECT u.tenant_id::text, u.id::integer,
    CASE WHEN u.password IS NULL AND NOT is_linked THEN 'invited' ELSE lower(u.status) END,
    public.is_password_hash(u.password) OR is_linked
  FROM public.users u,
    LATERAL (SELECT EXISTS (SELECT FROM public.external_identities e WHERE e.user_id = u.id) AS is_linked) AS link
  WHERE lower(u.status) IN ('active', 'invited') AND EXISTS (
    SELECT FROM public.user_roles ur JOIN public.roles r ON r.id = ur.role_id
    WHERE ur.user_id = u.id AND CASE WHEN u.tenant_id = 'platform' THEN r.tenant_id = 'platform' AND r.name = 'Operator'
                                     ELSE r.tenant_id IS NULL AND r.name = 'Admin' END)
$function$;
COMMENT ON FUNCTION chiefs() IS 'Active and invited Admins, and the operators of "platform"';
