-- +goose Up
-- What shelves have told of articles: a channel's or a source's subscribers and
-- listeners are told once that one is there, and once of each of its corrections.
CREATE TABLE told (
	kind     TEXT    NOT NULL,
	slug     TEXT    NOT NULL,
	article  TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	updated  INTEGER NOT NULL, -- the article, as it was told last
	revision INTEGER NOT NULL, -- since which it stood there so
	first    INTEGER NOT NULL, -- likewise, when it was first told
	PRIMARY KEY (kind, slug, article)
) WITHOUT ROWID;
CREATE INDEX told_newest ON told (kind, slug, revision DESC, article);
CREATE INDEX told_article ON told (article);

-- A revision tells now all that an edition's name did.
ALTER TABLE hub_intent DROP COLUMN edition;
ALTER TABLE hub_subscriber DROP COLUMN edition;
ALTER TABLE edition DROP COLUMN revision;

-- The revision at which an article was updated last; 0 where that is its revision.
ALTER TABLE article ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
