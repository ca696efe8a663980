-- +goose Up

-- Since which revision an article stands in a channel as it does.
ALTER TABLE placement ADD COLUMN revision BIGINT  NOT NULL DEFAULT 0;

-- The newest revision at which something left the shelf, or its order changed.
ALTER TABLE channel ADD COLUMN cut BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN cut BIGINT  NOT NULL DEFAULT 0;

-- How long the channel's archive is.
ALTER TABLE channel ADD COLUMN entries BIGINT  NOT NULL DEFAULT 0;

-- Everything that ever came into a channel or changed in it, in order. Rows are
-- only added; RFC 5005 documents are cut out of it.
CREATE TABLE archive (
	channel TEXT    NOT NULL REFERENCES channel (slug) ON DELETE CASCADE,
	place   BIGINT  NOT NULL, -- from 1
	article TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	version BIGINT  NOT NULL, -- the revision of the article that came
	PRIMARY KEY (channel, place)
);
CREATE INDEX archive_article ON archive (article);

INSERT INTO archive (channel, place, article, version)
SELECT p.channel, row_number() OVER (PARTITION BY p.channel ORDER BY p.published, p.article), p.article, a.revision
FROM placement AS p
JOIN article AS a ON a.key = p.article;

UPDATE channel
SET entries = (SELECT count(*) FROM archive WHERE archive.channel = channel.slug);

-- Articles that were withdrawn from a channel.
CREATE TABLE tombstone (
	channel  TEXT    NOT NULL REFERENCES channel (slug) ON DELETE CASCADE,
	article  TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	revision BIGINT  NOT NULL, -- of the withdrawal
	PRIMARY KEY (channel, article)
);
CREATE INDEX tombstone_newest ON tombstone (channel, revision DESC);
CREATE INDEX tombstone_article ON tombstone (article);

-- An operator names an article by its address.
CREATE INDEX article_url ON article (url);
