-- +goose Up
-- What the config and the program make of everything that is published, and
-- since when.
CREATE TABLE appearance (
	id         BIGINT  PRIMARY KEY CHECK (id = 1), -- one row
	settings   TEXT    NOT NULL,                   -- a fingerprint
	changed_at BIGINT  NOT NULL
);
