-- Times are milliseconds since 1970. They are for reading: nothing is ordered by them.

CREATE TABLE users (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    -- The name as names are compared; two that look alike have one fold.
    name_fold   TEXT    NOT NULL,
    -- Whether the name is this person's now. It is given up by leaving, and lost to another by a long absence.
    holds_name  BOOLEAN NOT NULL,
    created_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL
);
CREATE UNIQUE INDEX users_held_name ON users (name_fold) WHERE holds_name;

CREATE TABLE sessions (
    -- SHA-256 of the token; the token itself is in the browser alone.
    token_hash  BLOB    NOT NULL PRIMARY KEY,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    created_at  INTEGER NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE rooms (
    id          INTEGER PRIMARY KEY,
    slug        TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    topic       TEXT    NOT NULL,
    -- The revision of the last change, and the seq of the last message.
    rev         INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    -- Nobody made the lobby.
    created_by  INTEGER REFERENCES users (id)
);

CREATE TABLE members (
    room_id     INTEGER NOT NULL REFERENCES rooms (id),
    user_id     INTEGER NOT NULL REFERENCES users (id),
    read_seq    INTEGER NOT NULL,
    joined_at   INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX members_of_user ON members (user_id);

CREATE TABLE messages (
    id          INTEGER PRIMARY KEY,
    room_id     INTEGER NOT NULL REFERENCES rooms (id),
    seq         INTEGER NOT NULL,
    rev         INTEGER NOT NULL,
    author_id   INTEGER NOT NULL REFERENCES users (id),
    client_id   BLOB    NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('text', 'deleted', 'joined', 'left')),
    -- Only a message of kind 'text' has one: deleting a message clears it.
    text        TEXT    CHECK ((text IS NOT NULL) = (kind = 'text')),
    edited_at   INTEGER,
    sent_at     INTEGER NOT NULL,
    UNIQUE (author_id, client_id),
    UNIQUE (room_id, seq),
    UNIQUE (room_id, rev)
);

INSERT INTO rooms (slug, name, topic, rev, seq, created_at) VALUES ('lobby', 'lobby', '', 0, 0, unixepoch() * 1000);
