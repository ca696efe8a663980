-- +goose Up
-- What is published may look otherwise than the version before had it, whose dates are
-- not known here: no document is as old as that.
UPDATE appearance
SET settings = '';
