-- log.grow: the right edge of a Merkle tree of `size` leaves after `leaves` more (RFC 6962 §2.1).
-- edge[l + 1] is the root of the perfect subtree of 2^l leaves where bit l of size is set, else null. A new leaf
-- is carried upward like a binary increment. domain.transparency.merkle.grow is its twin; a property holds them together.
create or replace function log.grow(size bigint, edge bytea[], leaves bytea[]) returns bytea[]
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  node bytea;
  level int;
  rest bigint;
begin
  foreach node in array leaves loop
    level := 1;
    rest := size;
    while rest & 1 = 1 loop
      node := sha256('\x01'::bytea || edge[level] || node);
      edge[level] := null;
      rest := rest >> 1;
      level := level + 1;
    end loop;
    edge[level] := node;
    size := size + 1;
  end loop;
  return edge;
end
$$;
