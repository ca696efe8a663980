// Package store keeps everything: sources and when they are due, articles and
// their history, channels and who stands in them.
//
// All SQL is here, and the same text serves SQLite and PostgreSQL ($1
// placeholders; times are microseconds UTC; lists are JSON). What the dialects
// say differently is one named constant with its reason.
//
// It promises that a pull is stored whole or not at all, that every visible
// change takes the next Revision inside the transaction that makes it, that an
// article's key, id and publication never change, and that SQLite is never met
// locked: there is one write connection, on which writers queue, and readers
// have their own. Saves that arrive together share a transaction.
//
// It refuses a database written by a newer version, and decides nothing about
// content: what is due when, and which channel takes what, comes from callers.
//
// It is the door of modernc.org/sqlite, pgx and goose.
package store
