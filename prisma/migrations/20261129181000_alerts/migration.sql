-- What the server warns of, and what it has told whom. It is no tenant's, hence in a schema of its own, which kith_system
-- alone reads and writes.
DROP SCHEMA IF EXISTS kith_alert CASCADE;
CREATE SCHEMA kith_alert;
GRANT USAGE ON SCHEMA kith_alert TO kith_system;

-- One row. Whoever has evaluated the rules raises the version from what was read before: of two processes that evaluate at
-- once, the second finds another version and changes nothing, so that each notification is made once.
CREATE TABLE kith_alert.turns (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  version bigint NOT NULL,
  evaluated_at timestamptz NOT NULL
);
INSERT INTO kith_alert.turns (version, evaluated_at) VALUES (0, 'epoch');

-- One row for each time that something was wrong. `fingerprint` is the same for the same rule and labels, each time.
CREATE TABLE kith_alert.alerts (
  id uuid PRIMARY KEY,
  fingerprint text NOT NULL,
  rule text NOT NULL,
  labels jsonb NOT NULL,
  severity text NOT NULL CHECK (severity IN ('WARNING', 'CRITICAL')),
  state text NOT NULL CHECK (state IN ('PENDING', 'FIRING', 'RESOLVED', 'NO_DATA')),
  summary text NOT NULL,
  value float8,
  threshold float8 NOT NULL,
  unit text NOT NULL,
  pending_since timestamptz NOT NULL,
  firing_since timestamptz,
  -- when the figure was last beyond its threshold
  exceeded_at timestamptz,
  resolved_at timestamptz,
  silenced_until timestamptz,
  silenced_by text,
  acknowledged_at timestamptz,
  acknowledged_by text,
  inhibited_by text,
  CHECK ((state = 'RESOLVED') = (resolved_at IS NOT NULL))
);
-- What is open is found by its fingerprint, what is over by its time: for lists, for marks, and to forget it.
CREATE UNIQUE INDEX idx_alerts_open ON kith_alert.alerts (fingerprint) WHERE resolved_at IS NULL;
CREATE INDEX idx_alerts_resolved ON kith_alert.alerts (resolved_at) WHERE resolved_at IS NOT NULL;

-- What was told of each group of alerts last: the fingerprints that fire.
CREATE TABLE kith_alert.groups (
  name text PRIMARY KEY,
  changed_at timestamptz,
  told_at timestamptz,
  told text[] NOT NULL
);

-- Notifications that were made, until a day after they were delivered or given up. Who sends one moves `next_attempt_at`
-- beyond its own timeout first.
CREATE TABLE kith_alert.notifications (
  id uuid PRIMARY KEY,
  group_name text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  delivered_at timestamptz,
  last_error text
);
CREATE INDEX idx_notifications_due ON kith_alert.notifications (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON kith_alert.alerts, kith_alert.groups, kith_alert.notifications TO kith_system;
GRANT SELECT, UPDATE ON kith_alert.turns TO kith_system;

-- When processes of the server started, for 400 days.
CREATE TABLE kith_history.starts (
  process text PRIMARY KEY,
  at timestamptz NOT NULL,
  version text NOT NULL
);
CREATE INDEX idx_starts_at ON kith_history.starts (at);
GRANT SELECT, INSERT, DELETE ON kith_history.starts TO kith_system;
