-- The list of a big room's members begins with those who were last seen.
CREATE INDEX users_seen ON users (seen_at);
