-- People who write from outside, by a dialect. They hold no name and have no session; there is one row for each name.
ALTER TABLE users ADD COLUMN outside BOOLEAN NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX users_outside_name ON users (name_fold) WHERE outside;
