-- +goose Up
-- What the config and the program make of everything that is published, and
-- since when.
CREATE TABLE appearance (
	id         INTEGER PRIMARY KEY CHECK (id = 1), -- one row
	settings   TEXT    NOT NULL,                   -- a fingerprint
	changed_at INTEGER NOT NULL
);
