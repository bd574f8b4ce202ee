-- The archive: every event of the log once, as it was. One index serves both uniqueness and the timeline (an event's id
-- determines its complaint); events of kesu.control have no complaint.
CREATE TABLE reporting.archive (
    event_id uuid NOT NULL,
    complaint_id uuid,
    "offset" bigint NOT NULL,
    partition int NOT NULL,
    topic text NOT NULL,
    type text NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT archive_once UNIQUE NULLS NOT DISTINCT (complaint_id, event_id)
);
-- A few pages, no cost per row: ranges of the log for restoring and verifying.
CREATE INDEX archive_log ON reporting.archive USING brin (partition, "offset");

-- What intake said of the complaint; `source` is null while only later facts of it are known.
CREATE TABLE reporting.complaints (
    complaint_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    tenant text NOT NULL,
    source text,
    source_id text,
    channel text NOT NULL,
    region text NOT NULL,
    lang text NOT NULL,
    time_zone text NOT NULL,
    customer_tier text NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    text_length int NOT NULL,
    key_findings int NOT NULL,
    taken_by text NOT NULL
);
CREATE INDEX complaints_received ON reporting.complaints (received_at, complaint_id);

-- What routing decided last, and what it decided first (a rise or a transfer is the difference).
CREATE TABLE reporting.decisions (
    complaint_id uuid PRIMARY KEY,
    revision int NOT NULL,
    because text NOT NULL,
    first_routed_at timestamptz NOT NULL,
    routed_at timestamptz NOT NULL,
    pack text,
    kind text NOT NULL,
    cause text NOT NULL,
    sub_cause text NOT NULL,
    emotion int NOT NULL,
    repeat int NOT NULL,
    danger boolean NOT NULL,
    abuse boolean NOT NULL,
    amount_minor bigint,
    demands text[] NOT NULL,
    cross_level text NOT NULL,
    cross_target text NOT NULL,
    cross_reason text NOT NULL,
    severity text NOT NULL,
    priority int NOT NULL,
    responsibility text NOT NULL,
    unit text NOT NULL,
    tier text NOT NULL,
    handler_level text NOT NULL,
    strategy text NOT NULL,
    key_complete boolean NOT NULL,
    first_unit text NOT NULL,
    first_tier text NOT NULL,
    first_cross_level text NOT NULL,
    peak_tier text NOT NULL,
    transfers int NOT NULL
);

-- What happened to the complaint afterwards; no row: nothing did.
CREATE TABLE reporting.progress (
    complaint_id uuid PRIMARY KEY,
    status text,
    closed_at timestamptz,
    close_reason text,
    reopened int NOT NULL,
    accepted_at timestamptz,
    accepted_unit text,
    refusals int NOT NULL,
    proposals int NOT NULL,
    delivered_at timestamptz,
    solution_accepted boolean,
    demands_answered boolean,
    compensation_minor bigint,
    withdrawn_at timestamptz,
    key_findings int,
    csat int,
    surveyed_at timestamptz
) WITH (fillfactor = 80);
