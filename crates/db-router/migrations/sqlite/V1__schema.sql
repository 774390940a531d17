-- Times are milliseconds since 1970 (UTC); identifiers 16 bytes. Every workspace
-- counts its changes in "version", and what changed carries the count.

CREATE TABLE workspaces (
    id BLOB PRIMARY KEY,
    version INTEGER NOT NULL DEFAULT 0,
    served INTEGER NOT NULL DEFAULT 0, -- when a worker last took a job of it
    created INTEGER NOT NULL,
    deleted INTEGER
) STRICT;
CREATE INDEX workspaces_deleted ON workspaces (deleted) WHERE deleted IS NOT NULL;

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    workspace BLOB NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_workspace ON sessions (workspace);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tokens (
    id BLOB PRIMARY KEY,
    workspace BLOB NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    used INTEGER
) STRICT;
CREATE INDEX tokens_workspace ON tokens (workspace);

CREATE TABLE documents (
    id BLOB PRIMARY KEY,
    workspace BLOB NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    pages INTEGER,
    title TEXT,
    series BLOB NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    job BLOB NOT NULL, -- the last one that reads it
    created INTEGER NOT NULL,
    deleted INTEGER, -- 0: not to be restored
    UNIQUE (workspace, sha256)
) STRICT;
CREATE INDEX documents_listed ON documents (workspace, created DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX documents_deleted ON documents (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX documents_blob ON documents (sha256);

-- The words of a page are one zstd-compressed JSON value: they are always read
-- together.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    document BLOB NOT NULL REFERENCES documents ON DELETE CASCADE,
    page INTEGER NOT NULL,
    width REAL NOT NULL,
    height REAL NOT NULL,
    failed TEXT,
    words BLOB NOT NULL,
    UNIQUE (document, page)
) STRICT;

-- What a search looks in: whole words, and any three characters in a row.
CREATE VIRTUAL TABLE page_tokens USING fts5 (
    tokens, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0"
);
CREATE VIRTUAL TABLE page_trigrams USING fts5 (
    text, content = '', contentless_delete = 1,
    tokenize = "trigram case_sensitive 1"
);
CREATE TRIGGER pages_deleted AFTER DELETE ON pages BEGIN
    DELETE FROM page_tokens WHERE rowid = old.id;
    DELETE FROM page_trigrams WHERE rowid = old.id;
END;

CREATE TABLE comparisons (
    id BLOB PRIMARY KEY,
    workspace BLOB NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    old BLOB NOT NULL REFERENCES documents,
    new BLOB NOT NULL REFERENCES documents,
    options TEXT NOT NULL,
    options_key TEXT NOT NULL, -- SHA-256 of the options
    state TEXT NOT NULL,
    error TEXT,
    report TEXT,
    summary TEXT,
    job BLOB NOT NULL, -- the last one that makes it
    created INTEGER NOT NULL,
    deleted INTEGER, -- 0: not to be restored
    UNIQUE (workspace, old, new, options_key)
) STRICT;
CREATE INDEX comparisons_listed ON comparisons (workspace, created DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX comparisons_deleted ON comparisons (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX comparisons_old ON comparisons (old);
CREATE INDEX comparisons_new ON comparisons (new);
CREATE INDEX comparisons_report ON comparisons (report);

CREATE TABLE reviews (
    comparison BLOB NOT NULL REFERENCES comparisons ON DELETE CASCADE,
    change TEXT NOT NULL,
    verdict TEXT NOT NULL,
    comment TEXT NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (comparison, change)
) STRICT;

CREATE TABLE shares (
    id BLOB PRIMARY KEY,
    workspace BLOB NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    comparison BLOB NOT NULL REFERENCES comparisons ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    expires INTEGER
) STRICT;
CREATE INDEX shares_comparison ON shares (comparison);
CREATE INDEX shares_workspace ON shares (workspace);
CREATE INDEX shares_expires ON shares (expires) WHERE expires IS NOT NULL;

CREATE TABLE keys (
    workspace BLOB NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    claimed INTEGER NOT NULL,
    status INTEGER,
    body TEXT,
    PRIMARY KEY (workspace, key)
) STRICT;
CREATE INDEX keys_claimed ON keys (claimed);

CREATE TABLE jobs (
    id BLOB PRIMARY KEY,
    workspace BLOB NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    document BLOB REFERENCES documents ON DELETE CASCADE,
    comparison BLOB REFERENCES comparisons ON DELETE CASCADE,
    tries INTEGER NOT NULL DEFAULT 0,
    stage TEXT NOT NULL DEFAULT '',
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    trace TEXT,
    due INTEGER NOT NULL, -- when a worker may take it: running, when its lease ends
    lease BLOB,
    worker TEXT,
    version INTEGER NOT NULL, -- of the workspace, at the last change
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_claimable ON jobs (kind, due) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_lease ON jobs (lease);
CREATE INDEX jobs_changed ON jobs (workspace, version);
CREATE INDEX jobs_document ON jobs (document);
CREATE INDEX jobs_comparison ON jobs (comparison);
CREATE INDEX jobs_counted ON jobs (kind, state, created);
