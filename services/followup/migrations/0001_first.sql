-- Follow-up's own data: what is owed on each complaint, customers' days, events as published, how far it has read.
SET LOCAL lock_timeout = '5s';

CREATE TABLE followup.positions (
    cluster text NOT NULL, topic text NOT NULL, partition int NOT NULL,
    next_offset bigint NOT NULL, moved_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
);

CREATE TABLE followup.events (
    event_id uuid PRIMARY KEY, complaint_id uuid, type text NOT NULL, topic text NOT NULL, body bytea NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY, pending boolean NOT NULL DEFAULT false
);
CREATE INDEX events_pending ON followup.events (number) WHERE pending;

-- One row per complaint: its ledger as one document (`state`, JSON), and when something on it falls due next.
CREATE TABLE followup.complaints (
    complaint_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    partition int NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'open', 'closed')),
    due_at timestamptz,
    state bytea NOT NULL
);
CREATE INDEX complaints_due ON followup.complaints (partition, due_at, complaint_id) WHERE due_at IS NOT NULL;

-- The newest day on which we reached out to a customer, over all complaints (limits of domain section 4).
CREATE TABLE followup.customers_days (
    customer_id uuid PRIMARY KEY, day date NOT NULL, attempts int NOT NULL, conversations int NOT NULL
);

-- For people and for `kesu verify`: every promise that is open or ended.
CREATE VIEW followup.promises AS
SELECT p ->> 'promise_id' AS promise_id, c.complaint_id, p ->> 'kind' AS kind, (p ->> 'number')::int AS number,
       'open' AS state, (p ->> 'due_at')::timestamptz AS due_at, p ->> 'owner' AS owner
FROM followup.complaints c, jsonb_array_elements(convert_from(c.state, 'UTF8')::jsonb #> '{ledger,promises}') AS p
UNION ALL
SELECT p #>> '{promise,promise_id}', c.complaint_id, p #>> '{promise,kind}', (p #>> '{promise,number}')::int,
       p ->> 'how', (p #>> '{promise,due_at}')::timestamptz, p #>> '{promise,owner}'
FROM followup.complaints c, jsonb_array_elements(convert_from(c.state, 'UTF8')::jsonb #> '{ledger,ended}') AS p;

-- For people: every callback that is planned or requested.
CREATE VIEW followup.callbacks AS
SELECT k ->> 'callback_id' AS callback_id, c.complaint_id, k ->> 'purpose' AS purpose,
       coalesce((k ->> 'attempt')::int, 1) AS attempt, (k ->> 'not_before')::timestamptz AS not_before,
       (k ->> 'not_after')::timestamptz AS not_after
FROM followup.complaints c, jsonb_array_elements(convert_from(c.state, 'UTF8')::jsonb #> '{ledger,callbacks}') AS k;
