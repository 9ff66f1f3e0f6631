-- Runs, their tags, and what happened in them. Times are seconds since 1970-01-01 UTC.

CREATE TABLE runs (
    id              INTEGER PRIMARY KEY,
    run_id          TEXT NOT NULL UNIQUE,
    pipeline_name   TEXT NOT NULL,
    status          TEXT NOT NULL,
    request         TEXT NOT NULL, -- JSON: what the run was asked to do, and where its code is
    event_count     INTEGER NOT NULL DEFAULT 0,
    created_at      REAL NOT NULL,
    updated_at      REAL NOT NULL,
    started_at      REAL,
    ended_at        REAL
);

CREATE INDEX runs_by_status ON runs (status, id);
CREATE INDEX runs_by_pipeline ON runs (pipeline_name, id);
CREATE INDEX runs_by_creation ON runs (created_at, id);

-- For searching only; the request holds the tags as they were given.
CREATE TABLE run_tags (
    run             INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    key             TEXT NOT NULL,
    value           TEXT NOT NULL,
    PRIMARY KEY (key, value, run)
) WITHOUT ROWID;

CREATE INDEX run_tags_by_run ON run_tags (run);

CREATE TABLE events (
    run             INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number          INTEGER NOT NULL, -- 1, 2, ... in each run
    type            TEXT NOT NULL,
    step_key        TEXT,
    attempt         INTEGER NOT NULL,
    timestamp       REAL NOT NULL,
    message         TEXT NOT NULL,
    data            TEXT,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
