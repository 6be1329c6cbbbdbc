-- What the platform reads of the data plane, and what it tells it. Applied by the owner role, as often as one likes.
CREATE SCHEMA IF NOT EXISTS serving;
GRANT USAGE ON SCHEMA serving TO jinfuyun_app, jinfuyun_data;

-- One document per enterprise and category. The application's role has no right on it: it reads through the function
-- that checks the consent and books the reading.
CREATE TABLE IF NOT EXISTS serving.document (
    uscc     text   NOT NULL,
    category text   NOT NULL,
    release  bigint NOT NULL,
    body     json   NOT NULL,
    PRIMARY KEY (uscc, category)
);
-- Written and read whole, never looked into: taken apart (jsonb) it was two thirds longer and took nearly twice the time.
ALTER TABLE serving.document ALTER COLUMN body TYPE json;
GRANT SELECT, INSERT, UPDATE, DELETE ON serving.document TO jinfuyun_data;
REVOKE ALL ON serving.document FROM jinfuyun_app;

-- What documents do not repeat: the head of all of one source (names, labels, units), and up to which day a public
-- register has told, of whomever. Nothing in them is anybody's.
CREATE TABLE IF NOT EXISTS serving.head (
    mark text  PRIMARY KEY,
    body jsonb NOT NULL
);
CREATE TABLE IF NOT EXISTS serving.reach (
    feed text PRIMARY KEY,
    day  date NOT NULL
);
GRANT SELECT, INSERT ON serving.head TO jinfuyun_data;
GRANT SELECT, INSERT, UPDATE, DELETE ON serving.reach TO jinfuyun_data;
GRANT SELECT ON serving.head, serving.reach TO jinfuyun_app;

-- Documents that an earlier version wrote whole go; who has none is collected for again within the hour.
DELETE FROM serving.document WHERE NOT EXISTS (SELECT FROM serving.head) AND NOT body::jsonb ? 'head';

-- How the documents of a category were last looked through as a whole; the next night does only what changed since.
CREATE TABLE IF NOT EXISTS serving.looked_through (
    category text PRIMARY KEY,
    mark     text NOT NULL,
    day      date NOT NULL,
    as_of    date,
    reach    jsonb NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON serving.looked_through TO jinfuyun_data;
GRANT SELECT ON serving.looked_through TO jinfuyun_app;

-- Whose data may be collected, written by consents in the transaction that signs or ends one. Both days are included.
CREATE TABLE IF NOT EXISTS serving.authorised (
    uscc           text NOT NULL,
    category       text NOT NULL,
    consent_number text NOT NULL,
    pdf_sha256     text NOT NULL,
    start_on       date NOT NULL,
    end_on         date,
    PRIMARY KEY (uscc, category)
);
-- A delivery asks for everybody who permits one category.
CREATE INDEX IF NOT EXISTS authorised_by_category ON serving.authorised (category, uscc) INCLUDE (start_on, end_on);
GRANT SELECT, INSERT, UPDATE, DELETE ON serving.authorised TO jinfuyun_app;
GRANT SELECT ON serving.authorised TO jinfuyun_data;

-- The consents on the list that a department last confirmed for a feed, one a line: whom its next file answers for.
CREATE TABLE IF NOT EXISTS serving.sent_list (
    feed     text        PRIMARY KEY,
    sent_at  timestamptz NOT NULL,
    consents text        NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON serving.sent_list TO jinfuyun_data;

-- Every delivery with what became of its rows.
CREATE TABLE IF NOT EXISTS serving.delivery (
    number       text        PRIMARY KEY,
    feed         text        NOT NULL,
    department   text        NOT NULL,
    sha256       text        NOT NULL,
    basis        text        NOT NULL DEFAULT '',
    file_name    text        NOT NULL DEFAULT '',
    received_at  timestamptz NOT NULL,
    state        text        NOT NULL CHECK (state IN ('loaded', 'partly_loaded', 'refused')),
    delivered    bigint      NOT NULL DEFAULT 0,
    accepted     bigint      NOT NULL DEFAULT 0,
    superseded   bigint      NOT NULL DEFAULT 0,
    quarantined  bigint      NOT NULL DEFAULT 0,
    unauthorised bigint      NOT NULL DEFAULT 0,
    covers_until date,
    reason       text        NOT NULL DEFAULT '',
    release      bigint,
    CHECK (accepted + superseded + quarantined + unauthorised = delivered)
);
-- Since then: the header as it came, whether a department sent it or a pull fetched it, what the rows were like, and
-- that it was taken back.
ALTER TABLE serving.delivery
    ADD COLUMN IF NOT EXISTS header            text        NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS origin            text        NOT NULL DEFAULT 'file',
    ADD COLUMN IF NOT EXISTS profile           jsonb,
    ADD COLUMN IF NOT EXISTS withdrawn_at      timestamptz,
    ADD COLUMN IF NOT EXISTS withdrawn_because text        NOT NULL DEFAULT '',
    DROP CONSTRAINT IF EXISTS delivery_state_check,
    ADD CONSTRAINT delivery_state_check CHECK (state IN ('loaded', 'partly_loaded', 'refused', 'withdrawn'));
CREATE INDEX IF NOT EXISTS delivery_by_content ON serving.delivery (feed, sha256);
CREATE INDEX IF NOT EXISTS delivery_by_time ON serving.delivery (received_at DESC);
CREATE SEQUENCE IF NOT EXISTS serving.delivery_number;
GRANT SELECT, INSERT, UPDATE (state, withdrawn_at, withdrawn_because) ON serving.delivery TO jinfuyun_data;
GRANT USAGE ON SEQUENCE serving.delivery_number TO jinfuyun_data;
GRANT SELECT ON serving.delivery TO jinfuyun_app;

-- The lake's releases that the documents above have caught up with.
CREATE TABLE IF NOT EXISTS serving.release (
    number    bigint      PRIMARY KEY,
    served_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON serving.release TO jinfuyun_data;
GRANT SELECT ON serving.release TO jinfuyun_app;

-- A department's own switch: while a feed is stopped nothing is taken in and nobody is asked about; and how many
-- enterprises a day it answers for (NULL: as many as there are).
CREATE TABLE IF NOT EXISTS serving.feed_switch (
    feed        text        PRIMARY KEY,
    stopped_at  timestamptz,
    because     text        NOT NULL DEFAULT '',
    daily_quota integer     CHECK (daily_quota > 0)
);
GRANT SELECT, INSERT, UPDATE ON serving.feed_switch TO jinfuyun_app;
GRANT SELECT ON serving.feed_switch TO jinfuyun_data;

-- Whom a feed was asked about, by day, and who waits because it was stopped or its quota was used up.
CREATE TABLE IF NOT EXISTS serving.pull_asked (
    feed text NOT NULL,
    day  date NOT NULL,
    uscc text NOT NULL,
    PRIMARY KEY (feed, day, uscc)
);
CREATE TABLE IF NOT EXISTS serving.pull_waiting (
    feed  text        NOT NULL,
    uscc  text        NOT NULL,
    why   text        NOT NULL CHECK (why IN ('stopped', 'over_quota')),
    since timestamptz NOT NULL,
    PRIMARY KEY (feed, uscc)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON serving.pull_asked, serving.pull_waiting TO jinfuyun_data;
GRANT SELECT ON serving.pull_waiting TO jinfuyun_app;

-- What people decided that a key means which no register knows; written by the platform with the line in the book.
CREATE TABLE IF NOT EXISTS serving.joined_key (
    key  text PRIMARY KEY,
    uscc text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON serving.joined_key TO jinfuyun_app;
GRANT SELECT ON serving.joined_key TO jinfuyun_data;
