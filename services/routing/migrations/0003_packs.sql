-- Policy packs: every one that ever decided, whole and for ever, by the hash of its content; which is in force for whom.
SET LOCAL lock_timeout = '5s';

CREATE TABLE routing.packs (content_hash text PRIMARY KEY, name text NOT NULL, body bytea NOT NULL);

-- The one with the highest number of a tenant is in force for it; control_offset is where kesu.control says so.
CREATE TABLE routing.activations (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    tenant text NOT NULL,
    content_hash text NOT NULL,
    control_offset bigint NOT NULL
);
CREATE INDEX activations_by_tenant ON routing.activations (tenant, number);

-- The pack of a case's first decision, until it is repinned; null: decided before packs were kept.
ALTER TABLE routing.cases ADD COLUMN pack text;
