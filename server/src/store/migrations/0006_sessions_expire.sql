-- When a session was last seen, to the hour or so. Those from before were seen when their people were.
ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET seen_at = max(created_at, (SELECT u.seen_at FROM users u WHERE u.id = user_id));
CREATE INDEX sessions_seen ON sessions (seen_at);

-- Which server this is, among others on the same host: browsers keep cookies by host, and not by port. It goes with the
-- data folder, for a port may change.
CREATE TABLE server (id TEXT NOT NULL);
INSERT INTO server (id) VALUES (lower(hex(randomblob(4))));
