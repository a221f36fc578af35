-- What was disclosed at a host, the newest first, and what a member was given last.
create index disclosures_told on vault.disclosures (tenant, at desc, id desc);
create index disclosures_to on vault.disclosures (tenant, member, what, at desc, id desc);
