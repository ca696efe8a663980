-- +goose Up
-- The newest revision there was when an edition was first printed: whoever has heard of
-- that much may have been told of all that stood in it.
ALTER TABLE edition ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
