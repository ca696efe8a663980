-- +goose Up
-- Who wrote what, across sources. Persons come to be as their articles do.

CREATE TABLE person (
	normal TEXT PRIMARY KEY,      -- the name whatever its case, accents and order
	slug   TEXT NOT NULL UNIQUE,  -- in URLs; of the spelling first met, and never changed
	name   TEXT NOT NULL          -- the spelling first met
) WITHOUT ROWID;

CREATE TABLE authorship (
	article   TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	person    TEXT    NOT NULL REFERENCES person (normal),
	published INTEGER NOT NULL,   -- the article's, for lists
	PRIMARY KEY (article, person)
) WITHOUT ROWID;
CREATE INDEX authorship_newest ON authorship (person, published DESC, article DESC);
