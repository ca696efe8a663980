-- +goose Up

CREATE TABLE push ( -- what a source offers of being pushed, and how that goes
	source    TEXT PRIMARY KEY REFERENCES source (slug),
	topic     TEXT    NOT NULL,           -- the address that its document gives as its own
	hubs      TEXT    NOT NULL,           -- JSON list, in the document's order
	vouched   INTEGER NOT NULL,           -- 1 when the document was read at the topic
	seen      INTEGER NOT NULL,           -- when the offer was read
	hub       TEXT    NOT NULL DEFAULT '', -- that has confirmed a subscription
	since     INTEGER NOT NULL DEFAULT 0, -- it has been in force
	until     INTEGER NOT NULL DEFAULT 0, -- end of its lease; 0 when none is in force
	last_push INTEGER NOT NULL DEFAULT 0,
	pushes    INTEGER NOT NULL DEFAULT 0,
	ignored   INTEGER NOT NULL DEFAULT 0, -- contents that were not what was subscribed to
	missed_at INTEGER NOT NULL DEFAULT 0, -- when a pull found what had not been pushed
	misses    INTEGER NOT NULL DEFAULT 0,
	attend_at INTEGER NOT NULL DEFAULT 0, -- when the hub is to be asked next; 0 is never
	tries     INTEGER NOT NULL DEFAULT 0, -- in vain, in a row
	fault     TEXT    NOT NULL DEFAULT '' -- of the last of them, in words
);
CREATE INDEX push_attend ON push (attend_at) WHERE attend_at > 0;

CREATE TABLE subscription ( -- one agreement with a hub; a renewal is another
	token    TEXT PRIMARY KEY,           -- in the callback's address
	source   TEXT    NOT NULL REFERENCES source (slug),
	topic    TEXT    NOT NULL,
	hub      TEXT    NOT NULL,
	callback TEXT    NOT NULL,           -- what the callback's address begins with, as the hub knows it
	secret   TEXT    NOT NULL,           -- with which the hub signs
	state    TEXT    NOT NULL,           -- asked, active or leaving
	asked    INTEGER NOT NULL DEFAULT 0, -- when the hub was asked for it, or to end it
	until    INTEGER NOT NULL DEFAULT 0  -- end of its lease
);
CREATE INDEX subscription_source ON subscription (source);
CREATE INDEX subscription_leaving ON subscription (until) WHERE state = 'leaving';
