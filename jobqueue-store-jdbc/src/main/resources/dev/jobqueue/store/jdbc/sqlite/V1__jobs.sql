-- What a job is lives in one narrow row, which its every change rewrites; what is large or rarely written has tables of
-- its own. Times are milliseconds since 1970, ids 16 bytes, which compare as JobId does.

-- Queue and type, numbered: so a job's row stays narrow, and a claim's index leads with one number.
create table kind (
    kind  integer primary key,
    queue text not null,
    type  text not null,
    unique (queue, type)
);

create table job (
    no         integer primary key, -- in the order of insertion
    id         blob    not null,
    kind       integer not null,
    priority   integer not null,    -- 0 is first
    run_at     integer not null,
    status     integer not null,    -- 0 PENDING, 1 PROCESSING, 2 COMPLETED, 3 FAILED, 4 CANCELLED
    attempt    integer not null,
    failures   integer not null,
    crashes    integer not null,
    owner      text,                -- while PROCESSING
    created_at integer not null,
    changed_at integer not null     -- of a final job: when it finished
);
create unique index job_id on job (id);

-- A claim walks this: jobs of other kinds, not yet due, running or final, are not in its way. crashes >= 2: a suspect.
-- The status costs a byte an entry, and spares claims and counts the look at the job itself.
create index job_pending on job (status, kind, crashes >= 2, priority, run_at, id) where status = 0;
-- Orphans, and what a node holds: as long as what is running.
create index job_processing on job (status) where status = 1;
-- Counts of what is done, and the failed ones that people look for.
create index job_final on job (status, kind) where status >= 2;

create table payload (
    no      integer primary key, -- of the job
    payload blob not null
);

-- Only for jobs that have any of these.
create table detail (
    no         integer primary key, -- of the job
    attributes text,                -- a JSON object of strings
    error      text,
    memo       blob
);

-- The ten priorities, so that one statement can visit each, skipping what is not due.
create table priority (
    priority integer primary key
);
insert into priority values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);

-- Which of these files were run.
create table jobqueue_schema (
    version    integer primary key,
    script     text    not null,
    applied_at integer not null
);
insert into jobqueue_schema values (1, 'V1__jobs.sql', cast(unixepoch('subsec') * 1000 as integer));
