-- What peer and floor need to answer the same questions: the folded consents, the last line,
-- the board, the statistics.
CREATE VIEW consent AS
  SELECT c.id AS client_id, p.id AS purpose_id, p.code, l.kind AS state, l.effective_at AS since
  FROM client c CROSS JOIN consent_purpose p LEFT JOIN LATERAL (
    SELECT e.kind, e.effective_at FROM consent_event e
    WHERE e.client_id = c.id AND e.purpose_id = p.id AND e.effective_at <= now()
    ORDER BY e.effective_at DESC, e.id DESC LIMIT 1) l ON true
  WHERE p.is_active;
COMMENT ON VIEW consent IS E'@primaryKey client_id,purpose_id\n@foreignKey (client_id) references client (id)\n@foreignKey (purpose_id) references consent_purpose (id)';
CREATE FUNCTION request_last_entry(r request) RETURNS timeline_entry LANGUAGE sql STABLE AS
  'SELECT t FROM timeline_entry t WHERE t.request_id = r.id ORDER BY t.id DESC LIMIT 1';
CREATE FUNCTION board(since date) RETURNS SETOF request LANGUAGE sql STABLE AS $$
  SELECT * FROM request WHERE status IN ('new', 'in_progress') AND due_on >= since
    AND target_on >= since ORDER BY target_on, id $$;
CREATE FUNCTION statistics("from" date, until date) RETURNS json LANGUAGE sql STABLE AS $$
  WITH today AS (SELECT (now() AT TIME ZONE 'Europe/Tallinn')::date AS day),
  now_open AS (
    SELECT count(*) AS open, count(*) FILTER (WHERE due_on < day) AS overdue,
      count(*) FILTER (WHERE due_on BETWEEN day AND day + 7) AS soon
    FROM request, today
    WHERE status IN ('new', 'awaiting_identity', 'awaiting_clarification', 'in_progress')),
  now_triage AS (
    SELECT count(*) AS triage, count(*) FILTER (WHERE due_on < day) AS overdue,
      count(*) FILTER (WHERE due_on BETWEEN day AND day + 7) AS soon
    FROM message, today WHERE fate = 'triage'),
  came AS (
    SELECT * FROM request r WHERE r.received_on >= "from" AND r.received_on < statistics.until),
  went AS (
    SELECT * FROM request r WHERE r.closed_on >= "from" AND r.closed_on < statistics.until)
  SELECT json_build_object(
    'open', o.open, 'overdue', o.overdue + t.overdue, 'dueSoon', o.soon + t.soon,
    'triage', t.triage,
    'bounced', (SELECT count(*) FROM outbound_mail x LEFT JOIN request q ON q.id = x.request_id
      WHERE x.state IN ('bounced', 'failed', 'maybe_sent') AND (q.id IS NULL OR q.status IN
        ('new', 'awaiting_identity', 'awaiting_clarification', 'in_progress'))),
    'held', (SELECT count(*) FROM outbound_mail WHERE state = 'held'),
    'onTimeShare', (SELECT avg((closed_on <= due_on)::int)::float8 FROM went
      WHERE due_on IS NOT NULL),
    'byStatus', (SELECT json_agg(json_build_object('status', status, 'count', n)) FROM
      (SELECT status, count(*) AS n FROM came GROUP BY 1 ORDER BY 1) x),
    'byType', (SELECT json_agg(json_build_object('type', type, 'count', n)) FROM
      (SELECT i.type, count(*) AS n FROM request_item i JOIN came ON came.id = i.request_id
       GROUP BY 1 ORDER BY 1) x),
    'byLanguage', (SELECT json_agg(json_build_object('language', language, 'count', n)) FROM
      (SELECT language, count(*) AS n FROM came WHERE language IS NOT NULL
       GROUP BY 1 ORDER BY 1) x),
    'received', (SELECT json_agg(json_build_object('on', received_on, 'count', n)) FROM
      (SELECT received_on, count(*) AS n FROM came GROUP BY 1 ORDER BY 1) x),
    'timeToAcknowledge', (SELECT json_build_object('count', count(took),
      'median', percentile_disc(0.5) WITHIN GROUP (ORDER BY took),
      'p90', percentile_disc(0.9) WITHIN GROUP (ORDER BY took)) FROM
      (SELECT CAST(EXTRACT(EPOCH FROM acknowledged_at - received_at) AS bigint) AS took
       FROM came) x),
    'timeToClose', (SELECT json_build_object('count', count(took),
      'median', percentile_disc(0.5) WITHIN GROUP (ORDER BY took),
      'p90', percentile_disc(0.9) WITHIN GROUP (ORDER BY took)) FROM
      (SELECT CAST(EXTRACT(EPOCH FROM closed_at - received_at) AS bigint) AS took
       FROM went) x))
  FROM now_open o CROSS JOIN now_triage t $$;
