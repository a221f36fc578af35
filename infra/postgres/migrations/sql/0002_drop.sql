-- Views hold nothing of their own: the log tells them again.
drop schema views cascade;
