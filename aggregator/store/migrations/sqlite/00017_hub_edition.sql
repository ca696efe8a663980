-- +goose Up
-- What a subscriber of our hub lacks is told by the edition that was delivered to
-- it last, or that stood when it asked; empty where only the mark is known.
ALTER TABLE hub_intent ADD COLUMN edition TEXT NOT NULL DEFAULT '';
ALTER TABLE hub_subscriber ADD COLUMN edition TEXT NOT NULL DEFAULT '';
