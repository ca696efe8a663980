-- +goose Up
-- A channel that leaves the config keeps its archive for when it comes back.
ALTER TABLE channel ADD COLUMN retired INTEGER NOT NULL DEFAULT 0; -- 1 while the config does not have it
