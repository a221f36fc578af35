-- Of which live generation it is known that nothing but its own rows is left: a rebuild then needn't look for others.
-- Other than `live`, or with one building, there may be more; whoever doesn't know of this column leaves it behind so.
alter table views.generations add column swept integer not null default 0;
