-- +goose Up
-- Documents of archives as they were first printed: they are sent to be kept for
-- ever, so neither the config nor the program may change a byte of them.
CREATE TABLE archive_document (
	channel  TEXT    NOT NULL REFERENCES channel (slug) ON DELETE CASCADE,
	page     BIGINT  NOT NULL, -- from 1; of fifty places each
	format   TEXT    NOT NULL,
	base     TEXT    NOT NULL, -- publisher.url, which its links begin with
	modified BIGINT  NOT NULL,
	shown    TEXT    NOT NULL, -- how much it shows of each source, as JSON
	body     BYTEA,            -- compressed; NULL since something had to leave it, until it is printed anew
	PRIMARY KEY (channel, page, format, base)
);
