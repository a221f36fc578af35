-- The folds' values have more members than they had: what was told is forgotten, and told anew from position 0 when
-- the service starts. Nothing is lost: views are folded from the log.
truncate views.ledger, views.tallies, views.statements, views.trail, views.directory, views.parked;
update views.tracking set position = 0;
