-- Times are milliseconds since 1970 (UTC). Every workspace counts its changes in
-- "version", and what changed carries the count.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Stable, so that indexes on times are used.
CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
    'SELECT CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)';

CREATE TABLE workspaces (
    id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    served bigint NOT NULL DEFAULT 0, -- when a worker last took a job of it
    created bigint NOT NULL,
    deleted bigint
);
CREATE INDEX workspaces_deleted ON workspaces (deleted) WHERE deleted IS NOT NULL;

CREATE TABLE sessions (
    hash text PRIMARY KEY,
    workspace uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    created bigint NOT NULL,
    expires bigint NOT NULL
);
CREATE INDEX sessions_workspace ON sessions (workspace);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tokens (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    name text NOT NULL,
    hash text NOT NULL UNIQUE,
    created bigint NOT NULL,
    used bigint
);
CREATE INDEX tokens_workspace ON tokens (workspace);

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    name text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    pages bigint,
    title text,
    series uuid NOT NULL,
    state text NOT NULL,
    error text,
    job uuid NOT NULL, -- the last one that reads it
    created bigint NOT NULL,
    deleted bigint, -- 0: not to be restored
    UNIQUE (workspace, sha256)
);
CREATE INDEX documents_listed ON documents (workspace, created DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX documents_deleted ON documents (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX documents_blob ON documents (sha256);

-- The words of a page are one zstd-compressed JSON value: they are always read
-- together. "tokens" and "line" are what a search looks in: whole words, and any
-- three characters in a row.
CREATE TABLE pages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    page bigint NOT NULL,
    width double precision NOT NULL,
    height double precision NOT NULL,
    failed text,
    words bytea NOT NULL,
    tokens tsvector NOT NULL,
    line text NOT NULL,
    UNIQUE (document, page)
);
ALTER TABLE pages ALTER COLUMN words SET STORAGE EXTERNAL; -- compressed already
CREATE INDEX pages_tokens ON pages USING gin (tokens);
CREATE INDEX pages_line ON pages USING gin (line gin_trgm_ops);

CREATE TABLE comparisons (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    old uuid NOT NULL REFERENCES documents,
    new uuid NOT NULL REFERENCES documents,
    options text NOT NULL,
    options_key text NOT NULL, -- SHA-256 of the options
    state text NOT NULL,
    error text,
    report text,
    summary text,
    job uuid NOT NULL, -- the last one that makes it
    created bigint NOT NULL,
    deleted bigint, -- 0: not to be restored
    UNIQUE (workspace, old, new, options_key)
);
CREATE INDEX comparisons_listed ON comparisons (workspace, created DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX comparisons_deleted ON comparisons (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX comparisons_old ON comparisons (old);
CREATE INDEX comparisons_new ON comparisons (new);
CREATE INDEX comparisons_report ON comparisons (report);

CREATE TABLE reviews (
    comparison uuid NOT NULL REFERENCES comparisons ON DELETE CASCADE,
    change text NOT NULL,
    verdict text NOT NULL,
    comment text NOT NULL,
    updated bigint NOT NULL,
    PRIMARY KEY (comparison, change)
);

CREATE TABLE shares (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    comparison uuid NOT NULL REFERENCES comparisons ON DELETE CASCADE,
    hash text NOT NULL UNIQUE,
    created bigint NOT NULL,
    expires bigint
);
CREATE INDEX shares_comparison ON shares (comparison);
CREATE INDEX shares_workspace ON shares (workspace);
CREATE INDEX shares_expires ON shares (expires) WHERE expires IS NOT NULL;

CREATE TABLE keys (
    workspace uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    key text NOT NULL,
    request text NOT NULL,
    claimed bigint NOT NULL,
    status bigint,
    body text,
    PRIMARY KEY (workspace, key)
);
CREATE INDEX keys_claimed ON keys (claimed);

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    kind text NOT NULL,
    state text NOT NULL,
    document uuid REFERENCES documents ON DELETE CASCADE,
    comparison uuid REFERENCES comparisons ON DELETE CASCADE,
    tries bigint NOT NULL DEFAULT 0,
    stage text NOT NULL DEFAULT '',
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    error text,
    trace text,
    due bigint NOT NULL, -- when a worker may take it: running, when its lease ends
    lease uuid,
    worker text,
    version bigint NOT NULL, -- of the workspace, at the last change
    created bigint NOT NULL,
    updated bigint NOT NULL
);
CREATE INDEX jobs_claimable ON jobs (kind, due) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_lease ON jobs (lease);
CREATE INDEX jobs_changed ON jobs (workspace, version);
CREATE INDEX jobs_document ON jobs (document);
CREATE INDEX jobs_comparison ON jobs (comparison);
CREATE INDEX jobs_counted ON jobs (kind, state, created);

-- Answers of writes by the key of the write, for callers that lost theirs.
CREATE TABLE settled (
    key uuid PRIMARY KEY,
    answer text NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX settled_at ON settled (at);
