-- +goose Up
-- Articles whose id others have, too: "shared" is the key that is made of it.
CREATE TABLE twin (
	shared  TEXT NOT NULL,
	article TEXT NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	made    BIGINT NOT NULL,
	PRIMARY KEY (shared, article)
);
CREATE INDEX twin_article ON twin (article);
-- When its page was last asked for; 0 where nobody noted it.
ALTER TABLE follow ADD COLUMN read_at BIGINT NOT NULL DEFAULT 0;
