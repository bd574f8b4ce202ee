-- Every promise and how it ended; `number` is null while only its end is known.
CREATE TABLE reporting.promises (
    complaint_id uuid NOT NULL,
    promise_id uuid NOT NULL,
    state text NOT NULL,
    kind text,
    due_at timestamptz,
    number int,
    starts_at timestamptz,
    owner text,
    basis text,
    renewals int,
    provisional boolean,
    ended_at timestamptz,
    holding_reply_at timestamptz,
    PRIMARY KEY (complaint_id, promise_id)
) WITH (fillfactor = 80);
CREATE INDEX promises_open ON reporting.promises (due_at, promise_id) WHERE state = 'open';

-- Every attempt at a callback; `purpose` is null while only its end is known.
CREATE TABLE reporting.callbacks (
    complaint_id uuid NOT NULL,
    callback_id uuid NOT NULL,
    state text NOT NULL,
    purpose text,
    not_before timestamptz,
    not_after timestamptz,
    attempt int,
    attempts_max int,
    promise_id uuid,
    requested_at timestamptz,
    settled_at timestamptz,
    outcome text,
    handed_to text,
    PRIMARY KEY (complaint_id, callback_id)
) WITH (fillfactor = 80);

-- Every conversation with the customer, or attempt at one.
CREATE TABLE reporting.contacts (
    complaint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    direction text NOT NULL,
    purpose text NOT NULL,
    outcome text NOT NULL,
    medium text NOT NULL,
    handler text NOT NULL,
    callback_id uuid,
    steps text[] NOT NULL,
    emotion_before int,
    emotion_after int,
    minutes int NOT NULL,
    abusive boolean NOT NULL,
    promised int NOT NULL,
    PRIMARY KEY (complaint_id, event_id)
);

-- Which complaints belong together, and which no longer do.
CREATE TABLE reporting.links (
    complaint_id uuid NOT NULL,
    other_id uuid NOT NULL,
    relation text,
    linked_at timestamptz,
    undone_at timestamptz,
    PRIMARY KEY (complaint_id, other_id)
);

-- How far the log is read, per cluster, moved in the transaction that saves what was read.
CREATE TABLE reporting.positions (
    cluster text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
);
