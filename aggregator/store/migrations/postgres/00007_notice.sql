-- +goose Up
CREATE TABLE notice (
	subject TEXT PRIMARY KEY, -- what it is about, such as "config of HOST"
	raised  BIGINT NOT NULL,
	text    TEXT NOT NULL     -- in words, for an operator
);
