-- Names are alike that look alike. The server fills these columns in when it opens the database, by Unicode's data and by
-- the rule that is noted here; with another rule it does so again.
ALTER TABLE users ADD COLUMN name_look TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN name_fold TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN name_look TEXT NOT NULL DEFAULT '';
CREATE TABLE name_rule (rule TEXT NOT NULL);

-- Not unique: who took a name by an earlier rule keeps it beside another that is alike. The rules of the chat, which are
-- checked by one writer alone, let no more come in.
DROP INDEX IF EXISTS users_held_name;
CREATE INDEX users_held_name ON users (name_fold) WHERE holds_name;
CREATE INDEX users_held_look ON users (name_look) WHERE holds_name;
DROP INDEX IF EXISTS users_outside_name;
CREATE INDEX users_outside_name ON users (name_fold) WHERE outside;
CREATE INDEX rooms_name_fold ON rooms (name_fold);
CREATE INDEX rooms_name_look ON rooms (name_look);
