-- +goose Up
ALTER TABLE source ADD COLUMN health TEXT NOT NULL DEFAULT ''; -- how it has done lately, as JSON
CREATE INDEX article_url ON article (url);
