-- +goose Up
-- Keys under which an article has come besides its own.
CREATE TABLE alias (
	key     TEXT PRIMARY KEY,
	article TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	made    INTEGER NOT NULL
);
CREATE INDEX alias_article ON alias (article, made);
CREATE INDEX article_unlinked ON article (source, fingerprint) WHERE url = '';
