-- +goose Up
-- What left a shelf, and when, is told by the log of its editions.
ALTER TABLE channel DROP COLUMN cut;
ALTER TABLE source DROP COLUMN cut;
ALTER TABLE person DROP COLUMN cut;
ALTER TABLE section DROP COLUMN cut;
