-- When what is to be done now and then was begun last, by whichever process: so that one of them does it, and a restart doesn't
-- begin anew.
CREATE TABLE kith_history.chores (
  name text PRIMARY KEY,
  begun_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON kith_history.chores TO kith_system;
