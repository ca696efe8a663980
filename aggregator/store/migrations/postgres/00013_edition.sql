-- +goose Up
-- What stood in the last editions of each shelf, so that whoever has one of them
-- is told what it lacks.
CREATE TABLE edition (
	kind       TEXT    NOT NULL,
	slug       TEXT    NOT NULL,
	name       TEXT    NOT NULL, -- a hash of the contents
	printed_at BIGINT  NOT NULL, -- last, later than those before it
	contents   BYTEA   NOT NULL, -- 8 bytes for each entry
	PRIMARY KEY (kind, slug, name)
);
CREATE INDEX edition_newest ON edition (kind, slug, printed_at DESC, name);
