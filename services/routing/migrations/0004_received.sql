-- Complaints as they were received, words sealed: to explain a decision, and to decide again when a complaint is repinned.
SET LOCAL lock_timeout = '5s';

CREATE TABLE routing.received (complaint_id uuid PRIMARY KEY, body bytea NOT NULL);
