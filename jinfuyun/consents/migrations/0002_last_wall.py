"""The last wall: documents leave the database only through this function.

In one statement it locks and checks the consent, writes the line into the book (read or refused), and hands out the
permitted chapters. It runs as its owner; the application's role has no right on the documents themselves.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION serving.read_documents(
    p_consent text, p_reader_kind text, p_reader text, p_purpose text, p_categories text[],
    p_actor text, p_actor_label text, p_at timestamptz
) RETURNS TABLE (refusal text, category text, body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c public.consents_consent%ROWTYPE;
    today date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    why text;
BEGIN
    SELECT * INTO c FROM public.consents_consent WHERE number = p_consent FOR SHARE;
    why := CASE
        WHEN c.id IS NULL THEN 'no_consent'
        WHEN c.state NOT IN ('active', 'paused') THEN c.state
        WHEN c.state = 'paused' AND p_reader_kind <> 'enterprise' THEN 'paused'
        WHEN today < c.start_on THEN 'not_yet'
        WHEN c.end_on IS NOT NULL AND today > c.end_on THEN 'expired'
        WHEN NOT (p_categories <@ c.categories::text[]) OR cardinality(p_categories) = 0 THEN 'category'
        WHEN p_reader_kind = 'enterprise' AND p_reader = c.enterprise_id AND p_purpose IN ('own_view', 'matching')
            THEN NULL
        WHEN p_reader_kind = 'platform' AND p_purpose = 'matching' THEN NULL
        WHEN p_reader_kind = 'institution' AND p_purpose = ANY (c.purposes) AND EXISTS (
            SELECT FROM public.consents_named_institution n
            WHERE n.consent_id = c.id AND n.institution_code = p_reader AND n.until IS NULL)
            THEN NULL
        ELSE 'reader'
    END;
    INSERT INTO public.audit_line (at, action, actor, actor_label, subject, uscc, consent_number, detail)
    VALUES (
        p_at, CASE WHEN why IS NULL THEN 'data.read' ELSE 'data.refused' END, p_actor, p_actor_label,
        'consent:' || p_consent, coalesce(c.enterprise_id, ''), p_consent,
        jsonb_build_object('reader_kind', p_reader_kind, 'reader', p_reader, 'purpose', p_purpose,
                           'categories', to_jsonb(p_categories)) || CASE WHEN why IS NULL THEN '{}'::jsonb
                           ELSE jsonb_build_object('why', why) END);
    IF why IS NOT NULL THEN
        RETURN QUERY SELECT why, NULL::text, NULL::jsonb;
        RETURN;
    END IF;
    RETURN QUERY SELECT NULL::text, d.category, d.body
        FROM serving.document d WHERE d.uscc = c.enterprise_id AND d.category = ANY (p_categories);
END $$;
REVOKE ALL ON FUNCTION serving.read_documents FROM PUBLIC;
GRANT EXECUTE ON FUNCTION serving.read_documents TO jinfuyun_app;
"""


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial"), ("audit", "0002_only_insert")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION serving.read_documents")]
