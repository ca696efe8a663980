-- +goose Up
-- Names that differ in the blanks between initials, or in those of a script that
-- needs none, are one person's: their articles are filed anew.
DELETE FROM authorship
WHERE person IN (
	SELECT normal
	FROM person
	WHERE ' ' || normal || ' ' LIKE '% _ _ %' OR ' ' || normal || ' ' LIKE '% _ % _ %' OR normal LIKE '% %' AND normal NOT GLOB '*[a-z]*');
INSERT INTO indexing (source, done_up_to)
SELECT '', ''
WHERE EXISTS (SELECT 1 FROM article)
ON CONFLICT (source) DO UPDATE
SET done_up_to = '';
