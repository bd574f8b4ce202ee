-- Complaints as the figures count them: no inquiry, suggestion, praise or noise; what is not decided yet is a complaint.
CREATE VIEW reporting.counted AS
SELECT
    c.complaint_id, c.customer_id, c.tenant, c.channel, c.region, c.time_zone, c.received_at,
    coalesce(d.cause, 'undecided') AS cause, coalesce(d.severity, 'undecided') AS severity,
    coalesce(d.unit, 'undecided') AS unit, coalesce(d.strategy, 'undecided') AS strategy,
    coalesce(p.status, CASE WHEN d.complaint_id IS NULL THEN 'received' ELSE 'open' END) AS status,
    d.complaint_id IS NOT NULL AS routed, d.cross_level, coalesce(d.transfers, 0) AS transfers,
    coalesce(d.peak_tier > d.first_tier OR (d.cross_level = 'actual' AND d.first_cross_level <> 'actual'), false) AS escalated,
    coalesce(p.key_findings = 0, d.key_complete, c.key_findings = 0) AS key_complete,
    CASE WHEN p.status = 'closed' THEN p.closed_at END AS closed_at,
    coalesce(p.refusals, 0) AS refusals, coalesce(p.reopened, 0) AS reopened, p.demands_answered, p.csat, p.surveyed_at
FROM reporting.complaints c
LEFT JOIN reporting.decisions d USING (complaint_id)
LEFT JOIN reporting.progress p USING (complaint_id)
WHERE coalesce(d.kind, 'complaint') = 'complaint';

-- Every closed complaint with what first contact resolution asks: how many conversations before it closed, and whether
-- the same customer came back with the same cause within seven days of closing.
CREATE VIEW reporting.closings AS
SELECT
    c.*, coalesce(t.conversations, 0) AS conversations, coalesce(t.minutes, 0) AS minutes,
    coalesce(c.next_same_at < c.closed_at + interval '7 days', false) AS came_back
FROM (
    SELECT
        *, lead(received_at) OVER (PARTITION BY tenant, customer_id, cause ORDER BY received_at, complaint_id) AS next_same_at
    FROM reporting.counted
) c
LEFT JOIN (
    SELECT
        complaint_id, sum(minutes) AS minutes,
        count(*) FILTER (WHERE outcome = 'reached' AND purpose <> 'satisfaction') AS conversations
    FROM reporting.contacts GROUP BY complaint_id
) t USING (complaint_id)
WHERE c.closed_at IS NOT NULL;

-- What happened to complaints, each on the local day it happened; summed up by v_kpi_daily.
CREATE VIEW reporting.happenings AS
SELECT
    (received_at AT TIME ZONE time_zone)::date AS day, tenant, channel, region, cause, severity, unit, strategy,
    1 AS received, routed::int AS routed, (cross_level = 'threatened')::int AS cross_level_threatened,
    (cross_level = 'actual')::int AS cross_level_actual, escalated::int AS escalated, key_complete::int AS key_complete,
    0 AS closed, 0 AS first_contact_resolved, 0 AS demands_answered, 0 AS reopened, 0 AS transfers, 0 AS refusals,
    0::bigint AS contact_minutes, 0 AS csat_answers, 0 AS csat_sum,
    0 AS promises_due, 0 AS promises_kept, 0 AS promises_renewed, 0 AS promises_broken
FROM reporting.counted
UNION ALL
SELECT
    (closed_at AT TIME ZONE time_zone)::date, tenant, channel, region, cause, severity, unit, strategy,
    0, 0, 0, 0, 0, 0,
    1, (conversations <= 1 AND transfers = 0 AND refusals = 0 AND NOT came_back)::int, coalesce(demands_answered, false)::int,
    (reopened > 0)::int, transfers, refusals, minutes, 0, 0, 0, 0, 0, 0
FROM reporting.closings
UNION ALL
SELECT
    (surveyed_at AT TIME ZONE time_zone)::date, tenant, channel, region, cause, severity, unit, strategy,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, csat, 0, 0, 0, 0
FROM reporting.counted WHERE surveyed_at IS NOT NULL
UNION ALL
SELECT
    (p.due_at AT TIME ZONE c.time_zone)::date, c.tenant, c.channel, c.region, c.cause, c.severity, c.unit, c.strategy,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    (p.state <> 'released')::int, (p.state = 'kept')::int, (p.state = 'renewed')::int, (p.state = 'broken')::int
FROM reporting.promises p JOIN reporting.counted c USING (complaint_id) WHERE p.due_at IS NOT NULL;

CREATE VIEW reporting.v_kpi_daily AS
SELECT
    day, tenant, channel, region, cause, severity, unit, strategy,
    sum(received) AS received, sum(routed) AS routed, sum(closed) AS closed,
    sum(first_contact_resolved) AS first_contact_resolved, sum(demands_answered) AS demands_answered,
    sum(reopened) AS reopened, sum(transfers) AS transfers, sum(refusals) AS refusals,
    sum(escalated) AS escalated, sum(cross_level_threatened) AS cross_level_threatened,
    sum(cross_level_actual) AS cross_level_actual, sum(key_complete) AS key_complete,
    sum(contact_minutes)::bigint AS contact_minutes, sum(csat_answers) AS csat_answers, sum(csat_sum) AS csat_sum,
    sum(promises_due) AS promises_due, sum(promises_kept) AS promises_kept,
    sum(promises_renewed) AS promises_renewed, sum(promises_broken) AS promises_broken,
    round(sum(promises_kept)::numeric / nullif(sum(promises_kept) + sum(promises_broken), 0), 4) AS promises_kept_rate,
    round(sum(first_contact_resolved)::numeric / nullif(sum(closed), 0), 4) AS first_contact_resolution,
    round(sum(demands_answered)::numeric / nullif(sum(closed), 0), 4) AS solution_rate,
    round(sum(escalated)::numeric / nullif(sum(received), 0), 4) AS escalation_rate,
    round(sum(key_complete)::numeric / nullif(sum(received), 0), 4) AS key_complete_rate,
    round(sum(contact_minutes)::numeric / nullif(sum(closed), 0), 2) AS average_handle_minutes,
    round(sum(csat_sum)::numeric / nullif(sum(csat_answers), 0), 2) AS csat
FROM reporting.happenings
GROUP BY day, tenant, channel, region, cause, severity, unit, strategy;
