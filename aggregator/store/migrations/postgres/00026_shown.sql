-- +goose Up
-- What an edit of a channel's order or limit brings up is told to nobody.
ALTER TABLE channel ADD COLUMN shown TEXT NOT NULL DEFAULT ''; -- of which order and limit its last edition was
ALTER TABLE channel ADD COLUMN settling BIGINT NOT NULL DEFAULT 0; -- the revision of the edit that gave it an order of its own, until that is there
