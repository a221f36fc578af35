-- A key may be for one edition only; null is for all of a host's.
alter table access.keys add column marketplace text collate "C";
