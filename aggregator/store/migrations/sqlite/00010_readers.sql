-- +goose Up
-- Who and what readers follow: authors and sections are shelves as sources are,
-- and everything is found by its words.

ALTER TABLE person ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;   -- of the newest change of their articles
ALTER TABLE person ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;        -- the newest at which an article left them

UPDATE person
SET (revision, changed_at) = (
	SELECT coalesce(max(a.revision), 0), coalesce(max(a.updated), 0)
	FROM authorship AS w
	JOIN article AS a ON a.key = w.article
	WHERE w.person = person.normal);

CREATE TABLE section (
	slug       TEXT PRIMARY KEY,  -- the name in small letters, without accents
	name       TEXT    NOT NULL,  -- the spelling first met
	revision   INTEGER NOT NULL DEFAULT 0,
	changed_at INTEGER NOT NULL DEFAULT 0,
	cut        INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

ALTER TABLE article ADD COLUMN section TEXT; -- NULL where it has none
CREATE INDEX article_section ON article (section, published DESC, key DESC) WHERE section IS NOT NULL;

-- What the words of an article are filed under. Ids grow with publication, so
-- that the newest are found first without sorting.
CREATE TABLE search_entry (
	id      INTEGER PRIMARY KEY,
	article TEXT NOT NULL UNIQUE REFERENCES article (key) ON DELETE CASCADE
);
-- Words come cut already, so the tokenizer only splits at blanks; their text is
-- kept nowhere but in the articles.
CREATE VIRTUAL TABLE search USING fts5 (title, people, text, content='', contentless_delete=1, tokenize='ascii');
INSERT INTO search (search, rank) VALUES ('automerge', 8); -- parts that come together before they are joined: half the cost of writing

-- +goose StatementBegin
CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry
BEGIN
	DELETE FROM search WHERE rowid = old.id;
END;
-- +goose StatementEnd

-- How much of a source's articles may be found; empty before the config is read.
ALTER TABLE source ADD COLUMN republish TEXT NOT NULL DEFAULT '';

-- What the index job has yet to do: all articles of a source, or of every one
-- (empty), whose key is greater.
CREATE TABLE indexing (
	source      TEXT PRIMARY KEY,
	done_up_to  TEXT NOT NULL
);
INSERT INTO indexing (source, done_up_to)
SELECT '', ''
WHERE EXISTS (SELECT 1 FROM article); -- a new database has nothing to catch up with
