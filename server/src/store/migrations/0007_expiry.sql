-- Rooms are counted by who made them, and nobody is removed who made one that is still there.
CREATE INDEX rooms_made_by ON rooms (created_by);
