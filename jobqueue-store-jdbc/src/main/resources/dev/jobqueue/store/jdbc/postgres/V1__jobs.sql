-- A job is in exactly one of ready, later, a lease and finished, and where it is, that is its status. What it carries
-- stands in job, which is written again only when an attempt ends otherwise than by completing. Times are milliseconds
-- since 1970. Two placeholders, schema and prefix, are to be filled with the store's options of these names; Flyway does
-- it too.

create table "${schema}"."${prefix}schema" (
    version    int    primary key,
    script     text   not null,
    applied_at bigint not null
);

-- Queue and type, numbered: so rows stay narrow, and an index leads with one number. A number is never given twice.
create table "${schema}"."${prefix}kind" (
    kind  int  generated always as identity primary key,
    queue text collate "C" not null,
    type  text collate "C" not null,
    unique (queue, type)
);

create table "${schema}"."${prefix}job" (
    id         uuid     primary key,
    kind       int      not null,
    priority   smallint not null,           -- 0 is first
    run_at     bigint   not null,
    attempt    int      not null default 0, -- the one at which this row was written last; a lease or finished may know a later one
    failures   int      not null default 0,
    crashes    int      not null default 0, -- of a completed job: 0, whatever stands here
    created_at bigint   not null,
    changed_at bigint   not null,           -- when this row was written last
    error      text,
    attributes jsonb,                       -- an object of strings
    memo       bytea,
    payload    bytea    not null
) with (fillfactor = 90);

-- PENDING and due: the order of claims. Rows are only inserted and deleted, never updated: the claim relies on it.
create table "${schema}"."${prefix}ready" (
    suspect  boolean  not null,
    kind     int      not null,
    priority smallint not null,
    run_at   bigint   not null,
    id       uuid     not null,
    attempt  int      not null,
    primary key (suspect, kind, priority, run_at, id)
);

-- PENDING and not yet due. A claim moves what has become due to ready. Never updated either.
create table "${schema}"."${prefix}later" (
    suspect  boolean  not null,
    kind     int      not null,
    priority smallint not null,
    run_at   bigint   not null,
    id       uuid     not null,
    attempt  int      not null,
    primary key (run_at, id)
);
create unique index "${prefix}later_lane" on "${schema}"."${prefix}later" (suspect, kind, priority, run_at, id);

-- Who is or was a member. A claim locks its node's row for key share, and who writes an end locks it for update first.
create table "${schema}"."${prefix}node" (
    node        int    generated always as identity primary key,
    name        text   collate "C" not null,
    incarnation uuid   not null unique,
    lease       bigint not null, -- how long one renewal lasts, in milliseconds
    lease_until bigint not null,
    ended       smallint,        -- 0 SUPERSEDED, 1 EXPIRED, 2 LEFT; null: live
    ended_at    bigint
) with (fillfactor = 50);
create unique index "${prefix}node_live" on "${schema}"."${prefix}node" (name) where ended is null;

-- PROCESSING: a row for each batch that was claimed. A number is never given twice.
create table "${schema}"."${prefix}lease" (
    lease      bigint generated always as identity primary key,
    node       int    not null,
    claimed_at bigint not null,
    ids        uuid[] not null,
    attempts   int[]  not null
) with (fillfactor = 50);
alter table "${schema}"."${prefix}lease" alter ids set storage external, alter attempts set storage external;
create index "${prefix}lease_node" on "${schema}"."${prefix}lease" (node, lease);

-- COMPLETED, FAILED, CANCELLED.
create table "${schema}"."${prefix}finished" (
    id          uuid     primary key,
    kind        int      not null,
    status      smallint not null, -- 2 COMPLETED, 3 FAILED, 4 CANCELLED
    attempt     int      not null,
    finished_at bigint   not null
);
create index "${prefix}finished_other" on "${schema}"."${prefix}finished" (status, id) where status <> 2;

insert into "${schema}"."${prefix}schema" values (1, 'V1__jobs.sql', extract(epoch from now()) * 1000);
