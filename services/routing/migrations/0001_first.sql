-- Routing's own data: decisions as published, what it knows of each customer's cases, and how far it has read.
CREATE TABLE routing.positions (
    cluster text NOT NULL, topic text NOT NULL, partition int NOT NULL,
    next_offset bigint NOT NULL, moved_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
);

CREATE TABLE routing.events (
    event_id uuid PRIMARY KEY, complaint_id uuid, type text NOT NULL, topic text NOT NULL, body bytea NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY, pending boolean NOT NULL DEFAULT false
);
CREATE INDEX events_pending ON routing.events (number) WHERE pending;
CREATE INDEX events_by_complaint ON routing.events (complaint_id);

CREATE TABLE routing.cases (
    complaint_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    accepted_at timestamptz NOT NULL,
    kind text NOT NULL,
    cause text NOT NULL,
    severity text NOT NULL,
    closed_at timestamptz
);
CREATE INDEX cases_by_customer ON routing.cases (customer_id, accepted_at);

CREATE TABLE routing.broken_promises (
    promise_id uuid PRIMARY KEY, customer_id uuid NOT NULL, broken_at timestamptz NOT NULL
);
CREATE INDEX broken_promises_by_customer ON routing.broken_promises (customer_id, broken_at);
