-- +goose Up
-- Times are microseconds since 1970 in UTC; 0 is no time. Lists are JSON.

CREATE TABLE revision (
	value INTEGER NOT NULL -- the newest Revision taken; one row
);
INSERT INTO revision (value) VALUES (0);

CREATE TABLE source (
	slug          TEXT PRIMARY KEY,
	settings      TEXT    NOT NULL,            -- fingerprint of what the config says of reading it
	host          TEXT    NOT NULL,            -- whose patience a pull costs
	url           TEXT    NOT NULL,
	schedule      TEXT    NOT NULL,
	state         TEXT    NOT NULL,            -- active, paused, gone or retired
	next_due      INTEGER NOT NULL,
	lease_until   INTEGER NOT NULL DEFAULT 0,  -- claimed for a pull until then
	etag          TEXT    NOT NULL DEFAULT '',
	last_modified TEXT    NOT NULL DEFAULT '',
	body_hash     INTEGER NOT NULL DEFAULT 0,
	item_hashes   BLOB,                        -- 8 bytes each: the raw items of the last document
	recent        TEXT    NOT NULL DEFAULT '', -- newest publication times, newest first
	feed          TEXT    NOT NULL DEFAULT '', -- what the feed says of itself
	last_pull     INTEGER NOT NULL DEFAULT 0,
	last_success  INTEGER NOT NULL DEFAULT 0,
	failures      INTEGER NOT NULL DEFAULT 0,  -- in a row
	fault         TEXT    NOT NULL DEFAULT '', -- of the last pull, in words
	warnings      TEXT    NOT NULL DEFAULT '',
	manners       TEXT    NOT NULL DEFAULT '', -- what it asked of us, as JSON
	pulls         INTEGER NOT NULL DEFAULT 0,
	articles      INTEGER NOT NULL DEFAULT 0,
	revision      INTEGER NOT NULL DEFAULT 0,  -- of the newest change of its articles
	changed_at    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX source_due ON source (state, next_due);
CREATE INDEX source_revision ON source (revision);

CREATE TABLE host (
	name    TEXT PRIMARY KEY,
	free_at INTEGER NOT NULL -- when it may be asked again
);

CREATE TABLE article (
	key         TEXT PRIMARY KEY,            -- made of source and original_id, so unique with them
	public_id   TEXT UNIQUE,                 -- the source's id where we publish it; NULL when we mint one
	source      TEXT    NOT NULL REFERENCES source (slug),
	original_id TEXT    NOT NULL,            -- within the source
	url         TEXT    NOT NULL,
	fingerprint BLOB    NOT NULL,            -- of its substance
	published   INTEGER NOT NULL,
	updated     INTEGER NOT NULL,
	first_seen  INTEGER NOT NULL,
	revision    INTEGER NOT NULL,
	withdrawn   INTEGER NOT NULL DEFAULT 0,
	data        TEXT    NOT NULL,            -- the rest of the article, as JSON
	content     TEXT    NOT NULL             -- clean HTML; last, so that lists do not read it
);
CREATE INDEX article_newest ON article (source, withdrawn, published DESC, key DESC);

CREATE TABLE history (
	article  TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	revision INTEGER NOT NULL, -- that the version had
	replaced INTEGER NOT NULL, -- when it was replaced
	data     TEXT    NOT NULL,
	content  TEXT    NOT NULL,
	PRIMARY KEY (article, revision)
);
CREATE INDEX history_age ON history (replaced);

CREATE TABLE channel (
	slug       TEXT PRIMARY KEY,
	filing     TEXT    NOT NULL, -- fingerprint of what decides membership
	settings   TEXT    NOT NULL, -- fingerprint of all the rest
	ranked     INTEGER NOT NULL, -- 1 when the rank job orders it
	sources    TEXT    NOT NULL, -- JSON list; empty means all
	revision   INTEGER NOT NULL DEFAULT 0,
	changed_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX channel_revision ON channel (revision);

CREATE TABLE placement (
	channel   TEXT    NOT NULL REFERENCES channel (slug) ON DELETE CASCADE,
	article   TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	source    TEXT    NOT NULL,
	rule      TEXT    NOT NULL, -- that took it
	published INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	rank      INTEGER NOT NULL DEFAULT 0, -- place in a ranked channel; 0 is none
	pinned    INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (article, channel)
) WITHOUT ROWID;
CREATE INDEX placement_newest ON placement (channel, pinned DESC, published DESC, article, source, updated, rank);
CREATE INDEX placement_ranked ON placement (channel, pinned DESC, rank, article) WHERE rank > 0;

CREATE TABLE edit (
	id      INTEGER PRIMARY KEY,
	kind    TEXT    NOT NULL,            -- pin, hide, correct or withdraw
	article TEXT    NOT NULL REFERENCES article (key) ON DELETE CASCADE,
	channel TEXT    NOT NULL DEFAULT '', -- empty means everywhere
	editor  TEXT    NOT NULL DEFAULT '',
	reason  TEXT    NOT NULL DEFAULT '',
	made    INTEGER NOT NULL,
	data    TEXT    NOT NULL DEFAULT ''  -- what a correction says
);
CREATE INDEX edit_article ON edit (article);
