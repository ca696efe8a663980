-- +goose Up

CREATE TABLE hub_intent ( -- what somebody asks our hub for, until the callback has confirmed it
	topic    TEXT   NOT NULL,
	callback TEXT   NOT NULL,
	secret   TEXT   NOT NULL,
	leaving  BIGINT NOT NULL,           -- 1 when the subscription is to end
	lease    BIGINT NOT NULL,           -- granted, in microseconds
	asked    BIGINT NOT NULL,
	revision BIGINT NOT NULL,           -- when it was asked: what is newer is delivered
	tries    BIGINT NOT NULL DEFAULT 0,
	again_at BIGINT NOT NULL DEFAULT 0, -- it is not verified before
	claimed  BIGINT NOT NULL DEFAULT 0, -- somebody verifies it until then
	PRIMARY KEY (topic, callback)
);
CREATE INDEX hub_intent_order ON hub_intent (again_at, asked);

CREATE TABLE hub_subscriber ( -- to whom our hub delivers
	id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	topic     TEXT   NOT NULL,
	callback  TEXT   NOT NULL,
	secret    TEXT   NOT NULL,
	until     BIGINT NOT NULL,           -- end of the lease
	delivered BIGINT NOT NULL,           -- mark of the newest edition that was acknowledged
	tries     BIGINT NOT NULL DEFAULT 0, -- in vain, in a row
	failing   BIGINT NOT NULL DEFAULT 0, -- since then
	again_at  BIGINT NOT NULL DEFAULT 0, -- nothing is delivered before
	claimed   BIGINT NOT NULL DEFAULT 0, -- somebody delivers until then, and again_at is the same
	UNIQUE (topic, callback)
);
CREATE INDEX hub_subscriber_behind ON hub_subscriber (topic, delivered);
CREATE INDEX hub_subscriber_again ON hub_subscriber (again_at) WHERE again_at > 0;
CREATE INDEX hub_subscriber_until ON hub_subscriber (until);
