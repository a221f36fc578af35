-- Cosigned checkpoints of a log, the newest first: a few among many that only the log itself has signed.
create index signatures_of_witnesses on signed.signatures (tenant, size) where witness;
