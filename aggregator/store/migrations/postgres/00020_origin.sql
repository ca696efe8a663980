-- +goose Up
-- What the config says of a source, or said when it last had it: its articles
-- stay when it leaves.
ALTER TABLE source ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN home_page TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN rights TEXT NOT NULL DEFAULT '';

-- Of those that have left before, nobody knows how much may leave the house.
INSERT INTO indexing (source, done_up_to)
SELECT slug, ''
FROM source
WHERE state = 'retired'
ON CONFLICT (source) DO UPDATE
SET done_up_to = '';
UPDATE source
SET republish = 'headline'
WHERE state = 'retired' OR republish = '';
