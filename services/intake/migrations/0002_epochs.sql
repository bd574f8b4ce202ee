-- Which instance holds a partition: whoever takes it up raises the epoch, and transactions of an older epoch are refused.
ALTER TABLE intake.positions ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
