-- +goose Up
-- What shelves have told of articles: a channel's or a source's subscribers and
-- listeners are told once that one is there, and once of each of its corrections.
CREATE TABLE told (
	kind     TEXT    NOT NULL,
	slug     TEXT    NOT NULL,
	article  TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	updated  BIGINT  NOT NULL, -- the article, as it was told last
	revision BIGINT  NOT NULL, -- since which it stood there so
	first    BIGINT  NOT NULL, -- likewise, when it was first told
	PRIMARY KEY (kind, slug, article)
);
CREATE INDEX told_newest ON told (kind, slug, revision DESC, article);
CREATE INDEX told_article ON told (article);

-- What has a place in an order of its own is as new as the order. What stands in
-- others is noted when it is printed next.
INSERT INTO told (kind, slug, article, updated, revision, first)
SELECT 'channels', p.channel, p.article, p.updated, c.revision, p.revision
FROM placement AS p
JOIN channel AS c ON c.slug = p.channel AND c.ranked = 1
WHERE p.rank BETWEEN 1 AND 50;

-- A revision tells now all that an edition's name did.
ALTER TABLE hub_intent DROP COLUMN edition;
ALTER TABLE hub_subscriber DROP COLUMN edition;
ALTER TABLE edition DROP COLUMN revision;

-- The revision at which an article was updated last; 0 where that is its revision.
ALTER TABLE article ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
