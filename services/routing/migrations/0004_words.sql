-- The sealed words of complaints, as they were received: opened only to explain a decision to who may read them.
SET LOCAL lock_timeout = '5s';

CREATE TABLE routing.words (
    complaint_id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    key int NOT NULL,
    box bytea NOT NULL
);
