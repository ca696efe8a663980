-- +goose Up
CREATE TABLE follow (
	article       TEXT PRIMARY KEY REFERENCES article (key) ON DELETE CASCADE,
	source        TEXT    NOT NULL,
	state         TEXT    NOT NULL,            -- waiting, read, paid, missing, refused or failed
	next_at       BIGINT  NOT NULL,            -- when it is to be read again; 0 is never
	tries         BIGINT  NOT NULL DEFAULT 0,  -- in vain, since it was last read
	reason        TEXT    NOT NULL DEFAULT '', -- why not, in words
	etag          TEXT    NOT NULL DEFAULT '',
	last_modified TEXT    NOT NULL DEFAULT '',
	body_hash     BIGINT  NOT NULL DEFAULT 0,
	feed          TEXT    NOT NULL DEFAULT '', -- the article as its feed says it, as JSON; empty until its page was read
	page          TEXT    NOT NULL DEFAULT ''  -- and as its page does
);
CREATE INDEX follow_due ON follow (next_at) WHERE next_at > 0;
CREATE INDEX follow_body ON follow (body_hash) WHERE body_hash <> 0;
CREATE INDEX follow_state ON follow (source, state);
