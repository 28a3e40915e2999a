-- A job is in exactly one of ready, later, a lease and finished, and where it is, that is its status. What it carries
-- stands in job, which is written again only when an attempt ends otherwise than by completing. Times are milliseconds
-- since 1970, ids 16 bytes, which compare as JobId does. Two placeholders, schema and prefix, are to be filled with the
-- store's options of these names. Flyway does it too. MariaDB commits each statement for itself, so this can be run again
-- where it was broken off: its version is written last.

create table if not exists `${schema}`.`${prefix}schema` (
    version    int          not null primary key,
    script     varchar(200) not null,
    applied_at bigint       not null
) engine=InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

-- Queue and type, numbered: so rows stay narrow, and an index leads with one number. A number is never given twice.
create table if not exists `${schema}`.`${prefix}kind` (
    kind  int          not null auto_increment primary key,
    queue varchar(200) not null,
    type  varchar(200) not null,
    unique key kind_name (queue, type)
) engine=InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

create table if not exists `${schema}`.`${prefix}job` (
    id         binary(16) not null primary key,
    kind       int        not null,
    priority   tinyint    not null,           -- 0 is first
    run_at     bigint     not null,
    attempt    int        not null default 0, -- the one at which this row was written last; a lease or finished may know a later one
    failures   int        not null default 0,
    crashes    int        not null default 0, -- of a completed job: 0, whatever stands here
    created_at bigint     not null,
    changed_at bigint     not null,           -- when this row was written last
    error      text,
    attributes longtext,                      -- a JSON object of strings
    memo       mediumblob,
    payload    longblob   not null
) engine=InnoDB row_format=dynamic character set utf8mb4 collate utf8mb4_nopad_bin;

-- PENDING and due: the order of claims.
create table if not exists `${schema}`.`${prefix}ready` (
    suspect  boolean    not null,
    kind     int        not null,
    priority tinyint    not null,
    run_at   bigint     not null,
    id       binary(16) not null,
    attempt  int        not null,
    primary key (suspect, kind, priority, run_at, id)
) engine=InnoDB;

-- PENDING and not yet due. A claim moves what has become due to ready.
create table if not exists `${schema}`.`${prefix}later` (
    suspect  boolean    not null,
    kind     int        not null,
    priority tinyint    not null,
    run_at   bigint     not null,
    id       binary(16) not null,
    attempt  int        not null,
    primary key (run_at, id),
    key later_lane (suspect, kind, priority, run_at, id)
) engine=InnoDB;

-- Who is or was a member. A claim locks its node's row in share mode, and who writes an end locks it for update first.
create table if not exists `${schema}`.`${prefix}node` (
    node        int          not null auto_increment primary key,
    name        varchar(200) not null,
    incarnation char(36)     not null,
    lease       bigint       not null, -- how long one renewal lasts, in milliseconds
    lease_until bigint       not null,
    live        boolean      default true, -- true, or null once it has ended: so one name has one live node
    ended       tinyint,     -- 0 SUPERSEDED, 1 EXPIRED, 2 LEFT
    ended_at    bigint,
    unique key node_incarnation (incarnation),
    unique key node_live (name, live),
    key node_ended (ended_at)
) engine=InnoDB character set utf8mb4 collate utf8mb4_nopad_bin;

-- PROCESSING: a row for each batch that was claimed. A number is never given twice.
create table if not exists `${schema}`.`${prefix}lease` (
    lease      bigint   not null auto_increment primary key,
    node       int      not null,
    claimed_at bigint   not null,
    version    int      not null default 0, -- one more with each change of jobs
    jobs       longtext not null,           -- a JSON array: an array of id and attempt each
    key lease_node (node, lease)
) engine=InnoDB row_format=dynamic character set ascii collate ascii_bin;

-- COMPLETED, FAILED, CANCELLED.
create table if not exists `${schema}`.`${prefix}finished` (
    id          binary(16) not null primary key,
    kind        int        not null,
    status      tinyint    not null, -- 2 COMPLETED, 3 FAILED, 4 CANCELLED
    attempt     int        not null,
    finished_at bigint     not null,
    key finished_status (status, id)
) engine=InnoDB;

insert into `${schema}`.`${prefix}schema` values (1, 'V1__jobs.sql', unix_timestamp() * 1000);
