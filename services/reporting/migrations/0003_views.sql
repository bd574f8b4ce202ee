-- What supervisors and analysts read. The dictionary of every column is in its comment.
CREATE VIEW reporting.v_complaints AS
SELECT
    c.complaint_id, c.tenant, c.customer_id, c.source, c.source_id, c.channel, c.region, c.lang, c.time_zone,
    c.customer_tier, c.taken_by, c.occurred_at, c.received_at,
    coalesce(p.status, CASE WHEN d.complaint_id IS NULL THEN 'received' ELSE 'open' END) AS status,
    d.kind, d.cause, d.sub_cause, d.severity, d.priority, d.responsibility, d.unit, d.tier, d.handler_level,
    d.strategy, d.emotion, d.repeat, d.danger, d.abuse, d.amount_minor, d.demands,
    d.cross_level, d.cross_target, d.cross_reason,
    coalesce(p.key_findings = 0, d.key_complete, c.key_findings = 0) AS key_complete,
    d.revision, d.because, d.pack, d.first_routed_at, d.routed_at, d.first_unit, coalesce(d.transfers, 0) AS transfers,
    coalesce(d.peak_tier > d.first_tier OR (d.cross_level = 'actual' AND d.first_cross_level <> 'actual'), false) AS escalated,
    promised.next_kind AS next_promise_kind, promised.next_due_at AS next_promise_due_at,
    promised.open AS promises_open, promised.kept AS promises_kept, promised.renewed AS promises_renewed,
    promised.broken AS promises_broken,
    talked.contacts, talked.conversations, talked.minutes AS contact_minutes, talked.emotion_last,
    p.accepted_unit, p.accepted_at, coalesce(p.refusals, 0) AS refusals, coalesce(p.proposals, 0) AS proposals,
    p.delivered_at, p.solution_accepted, p.demands_answered, p.compensation_minor,
    p.withdrawn_at, p.closed_at, p.close_reason, coalesce(p.reopened, 0) AS reopened, p.csat, p.surveyed_at,
    (
        SELECT l.other_id FROM reporting.links l
        WHERE l.complaint_id = c.complaint_id AND l.relation = 'merged' AND l.undone_at IS NULL
        ORDER BY l.linked_at DESC LIMIT 1
    ) AS merged_into
FROM reporting.complaints c
LEFT JOIN reporting.decisions d USING (complaint_id)
LEFT JOIN reporting.progress p USING (complaint_id)
LEFT JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'kept') AS kept,
        count(*) FILTER (WHERE state = 'renewed') AS renewed, count(*) FILTER (WHERE state = 'broken') AS broken,
        min(due_at) FILTER (WHERE state = 'open') AS next_due_at,
        (array_agg(kind ORDER BY due_at, promise_id) FILTER (WHERE state = 'open'))[1] AS next_kind
    FROM reporting.promises WHERE complaint_id = c.complaint_id
) promised ON true
LEFT JOIN LATERAL (
    SELECT
        count(*) AS contacts, count(*) FILTER (WHERE outcome = 'reached') AS conversations,
        coalesce(sum(minutes), 0) AS minutes,
        (array_agg(emotion_after ORDER BY occurred_at DESC, event_id) FILTER (WHERE emotion_after IS NOT NULL))[1] AS emotion_last
    FROM reporting.contacts WHERE complaint_id = c.complaint_id
) talked ON true;

-- What complaints are filtered and sorted by, without the sums that v_complaints adds: a page is found here first.
CREATE VIEW reporting.listed AS
SELECT
    c.complaint_id, c.tenant, c.channel, c.received_at,
    coalesce(p.status, CASE WHEN d.complaint_id IS NULL THEN 'received' ELSE 'open' END) AS status,
    d.kind, d.cause, d.severity, d.unit, d.cross_level
FROM reporting.complaints c
LEFT JOIN reporting.decisions d USING (complaint_id)
LEFT JOIN reporting.progress p USING (complaint_id);

CREATE VIEW reporting.v_timeline AS
SELECT
    a.complaint_id, a.partition, a."offset", a.event_id, a.type,
    (event.body ->> 'occurred_at')::timestamptz AS occurred_at,
    (event.body ->> 'accepted_at')::timestamptz AS accepted_at,
    (event.body ->> 'decided_at')::timestamptz AS decided_at,
    event.body #>> '{actor,role}' AS actor_role,
    event.body #>> '{actor,id}' AS actor_id,
    (event.body ->> 'causation_id')::uuid AS causation_id,
    event.body ->> 'pack' AS pack,
    event.body - '{type,id,tenant,actor,occurred_at,accepted_at,decided_at,causation_id,correlation_id,pack,control_offset,complaint_id,customer_id,lang,sealed}'::text[] AS facts
FROM reporting.archive a
CROSS JOIN LATERAL (SELECT convert_from(a.body, 'UTF8')::jsonb AS body) event
WHERE a.complaint_id IS NOT NULL;

CREATE VIEW reporting.v_promises AS
SELECT
    p.promise_id, p.complaint_id, c.tenant, p.kind, p.number, p.state, p.starts_at, p.due_at, p.ended_at, p.owner,
    p.basis, p.renewals, p.provisional, p.holding_reply_at,
    c.channel, c.region, d.kind AS matter, d.cause, d.severity, d.unit, d.tier, d.strategy
FROM reporting.promises p
LEFT JOIN reporting.complaints c USING (complaint_id)
LEFT JOIN reporting.decisions d USING (complaint_id);

CREATE VIEW reporting.v_callbacks AS
SELECT
    b.callback_id, b.complaint_id, c.tenant, b.purpose, b.state, b.not_before, b.not_after, b.attempt, b.attempts_max,
    b.promise_id, b.requested_at, b.settled_at, b.outcome, b.handed_to,
    c.channel, c.region, d.kind AS matter, d.cause, d.severity, d.unit, d.tier, d.strategy
FROM reporting.callbacks b
LEFT JOIN reporting.complaints c USING (complaint_id)
LEFT JOIN reporting.decisions d USING (complaint_id);
