-- +goose Up
-- An edition that was printed before shelves noted what they told is noted when it is
-- printed anew: as told of old, for what came since then has been noted.
DELETE FROM edition
WHERE kind IN ('channels', 'sources') AND NOT EXISTS (
	SELECT 1
	FROM edition AS newer
	WHERE newer.kind = edition.kind AND newer.slug = edition.slug AND newer.printed_at > edition.printed_at);
UPDATE channel
SET shown = '';
