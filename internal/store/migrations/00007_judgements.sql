-- +goose Up

-- What was judged to be about something else, so that recall can be audited: one row
-- for each item that ended so.
CREATE TABLE judgements (
    item      INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    score     REAL,          -- NULL: by its title alone, and not visited
    threshold REAL NOT NULL, -- it would have had to reach
    title     TEXT NOT NULL,
    language  TEXT NOT NULL, -- BCP 47
    signals   TEXT NOT NULL, -- JSON, the strongest
    segment   TEXT,          -- of the captures, which holds its page from
    offset    INTEGER        -- there on; NULL: none is kept
);
