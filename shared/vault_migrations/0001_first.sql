-- One key per customer and version, wrapped under the master key; NULL once it was destroyed (the customer is erased).
CREATE TABLE vault.customer_keys (
    customer_id uuid NOT NULL,
    version int NOT NULL,
    wrapped bytea,
    erased_at timestamptz,
    PRIMARY KEY (customer_id, version)
);
