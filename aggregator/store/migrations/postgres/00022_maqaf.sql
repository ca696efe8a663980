-- +goose Up
-- The mark that joins words of Hebrew no longer makes one of them: articles that have
-- it are indexed anew.
INSERT INTO indexing (source, done_up_to)
SELECT '', ''
WHERE EXISTS (SELECT 1 FROM article WHERE data LIKE '%־%' OR content LIKE '%־%')
ON CONFLICT (source) DO UPDATE
SET done_up_to = '';
