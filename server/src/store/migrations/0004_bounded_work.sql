-- What was said keeps the name that it was said under, whatever its author is called later.
ALTER TABLE messages ADD COLUMN author_name TEXT NOT NULL DEFAULT '';
UPDATE messages SET author_name = (SELECT name FROM users WHERE users.id = messages.author_id);

-- Unread messages are counted by walking the texts after the last one read, and nothing that lies between them.
CREATE INDEX messages_said ON messages (room_id, seq, author_id) WHERE kind = 'text';

-- A person's rooms are read in their order, from the index alone.
DROP INDEX members_of_user;
CREATE INDEX members_of_user ON members (user_id, room_id);

-- How many rooms there are, so that nobody has to count them. One row.
CREATE TABLE totals (rooms INTEGER NOT NULL);
INSERT INTO totals (rooms) SELECT COUNT(*) FROM rooms;
CREATE TRIGGER rooms_made AFTER INSERT ON rooms BEGIN UPDATE totals SET rooms = rooms + 1; END;
CREATE TRIGGER rooms_removed AFTER DELETE ON rooms BEGIN UPDATE totals SET rooms = rooms - 1; END;

-- Who joined by which form, for a short time: a form that is sent twice is one person.
CREATE TABLE joins (
    -- SHA-256 of the form's key.
    key_hash    BLOB    NOT NULL PRIMARY KEY,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    made_at     INTEGER NOT NULL
);
CREATE INDEX joins_of_user ON joins (user_id);
CREATE INDEX joins_made ON joins (made_at);
