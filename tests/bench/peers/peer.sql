-- What the peer needs to answer the same questions: the folded consents and the last line.
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
