-- Intake's register: which submission became which event, what still waits for its complaint, what HTTP has answered.
SET LOCAL lock_timeout = '5s';

CREATE TABLE intake.positions (
    cluster text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, topic, partition)
);

CREATE TABLE intake.events (
    number bigint GENERATED ALWAYS AS IDENTITY,
    event_id uuid PRIMARY KEY,
    complaint_id uuid,
    type text NOT NULL,
    topic text NOT NULL,
    body bytea NOT NULL,
    pending boolean NOT NULL DEFAULT false
);
CREATE INDEX events_pending ON intake.events (number) WHERE pending;

-- One row per submission ever taken, by any door: the promise "sent twice, it counts once" rests on its primary key.
-- fingerprint: keyed digest of the content; empty where the row was restored from the log.
CREATE TABLE intake.submissions (
    submission_id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    complaint_id uuid,
    customer_id uuid,
    tenant text NOT NULL,
    lang text NOT NULL,
    opens boolean NOT NULL,
    fingerprint bytea NOT NULL
);
CREATE UNIQUE INDEX submissions_opening ON intake.submissions (complaint_id) WHERE opens;

-- Facts whose complaint is not there yet. sealed: type, content and origin, under the service's own key.
CREATE TABLE intake.waiting (
    number bigint GENERATED ALWAYS AS IDENTITY,
    submission_id uuid PRIMARY KEY,
    tenant text NOT NULL,
    complaint_id uuid NOT NULL,
    waits_until timestamptz NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX waiting_for ON intake.waiting (complaint_id);
CREATE INDEX waiting_until ON intake.waiting (waits_until);

-- Answers given to requests with an Idempotency-Key, for as long as the key may be used again. answer holds no personal data.
CREATE TABLE intake.idempotency (
    channel text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    answer bytea NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (channel, key)
);
CREATE INDEX idempotency_answered ON intake.idempotency (answered_at);
