-- +goose Up
-- The newest revision there was when an edition was first printed: whoever has heard of
-- that much may have been told of all that stood in it.
ALTER TABLE edition ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- What documents hold, by a hash of their bytes, and since when.
CREATE TABLE document (
	kind     TEXT    NOT NULL, -- of the shelf; empty of the index
	slug     TEXT    NOT NULL,
	format   TEXT    NOT NULL, -- rss, atom, json or html
	sum      TEXT    NOT NULL,
	revision INTEGER NOT NULL, -- at which it was printed
	modified INTEGER NOT NULL, -- in whole seconds
	PRIMARY KEY (kind, slug, format)
) WITHOUT ROWID;
