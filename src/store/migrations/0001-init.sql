-- Schema 1. Names that begin with `v_` are an API: columns are added, never renamed, within a major version.
-- Names that begin with `x_`, all tables and all columns named `id` are internal and may change.
--
-- Row 0 of term, list, person, commit_fact and glob means "none", so that natural keys need no NULL
-- (SQLite holds NULLs in a key for different) and joins need no outer join.

CREATE TABLE meta (
  name TEXT PRIMARY KEY, -- `key_id`, `created`
  value TEXT NOT NULL    -- key_id: 16 hex digits that name the key of all fingerprints; created: RFC 3339 UTC
) STRICT, WITHOUT ROWID;

-- Interned display texts that come from targets: paths, slots, accounts, attributes, titles, links.
CREATE TABLE term (
  id INTEGER PRIMARY KEY,             -- 0: none
  text TEXT NOT NULL,                 -- what people see; known secrets are replaced by their fingerprint
  bytes BLOB NOT NULL DEFAULT x'',    -- raw bytes when they are not UTF-8, else empty
  UNIQUE (text, bytes)
) STRICT;
INSERT INTO term (id, text) VALUES (0, '');

-- Interned lists of texts that come from targets: container chains, refs, labels, record ids.
CREATE TABLE list (
  id INTEGER PRIMARY KEY,        -- 0: none
  items TEXT NOT NULL UNIQUE     -- JSON array of strings
) STRICT;
INSERT INTO list (id, items) VALUES (0, '[]');

-- People as git or an export names them; a table apart, so that they can be erased.
CREATE TABLE person (
  id INTEGER PRIMARY KEY,   -- 0: none
  name TEXT NOT NULL,       -- display name
  email TEXT NOT NULL,      -- address, empty when unknown
  UNIQUE (name, email)
) STRICT;
INSERT INTO person (id, name, email) VALUES (0, '', '');

-- Commits that a location names; never all commits.
CREATE TABLE commit_fact (
  id INTEGER PRIMARY KEY,                          -- 0: none
  oid BLOB NOT NULL UNIQUE,                        -- commit id, 20 or 32 bytes; 0 bytes for none
  author INTEGER NOT NULL REFERENCES person (id),  -- its author
  author_date TEXT NOT NULL,                       -- RFC 3339 with the author's own offset
  committer_date TEXT NOT NULL                     -- RFC 3339 with the committer's own offset
) STRICT;
INSERT INTO commit_fact (id, oid, author, author_date, committer_date) VALUES (0, x'', 0, '', '');
CREATE INDEX commit_by_author ON commit_fact (author);

-- Path globs of rules and allow entries.
CREATE TABLE glob (
  id INTEGER PRIMARY KEY,       -- 0: none
  pattern TEXT NOT NULL UNIQUE  -- `**`, `*`, `?`, `[...]`, `{a,b}`; without `/` it means the last name
) STRICT;
INSERT INTO glob (id, pattern) VALUES (0, '');

-- Which paths each glob matches; kept as rows so that views need no function of ours.
CREATE TABLE glob_path (
  path INTEGER NOT NULL REFERENCES term (id),
  glob INTEGER NOT NULL REFERENCES glob (id),
  PRIMARY KEY (path, glob)
) STRICT, WITHOUT ROWID;

-- Which container chains each glob matches, by the name of the innermost entry.
CREATE TABLE glob_chain (
  chain INTEGER NOT NULL REFERENCES list (id),
  glob INTEGER NOT NULL REFERENCES glob (id),
  PRIMARY KEY (chain, glob)
) STRICT, WITHOUT ROWID;

-- Ids of rules, engine semantics, decoders and limits under which contents were analysed.
CREATE TABLE analysis (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE  -- hex digest
) STRICT;

CREATE TABLE scan (
  id INTEGER PRIMARY KEY,        -- number of the scan, from 1, in this database
  uid BLOB NOT NULL UNIQUE,      -- 16 random bytes, so that a merge recognises it
  started TEXT NOT NULL,         -- RFC 3339 UTC
  finished TEXT,                 -- RFC 3339 UTC; NULL while it runs or when it was killed
  whole INTEGER NOT NULL,        -- 1: its roots were read whole
  analysis_name TEXT NOT NULL,   -- hex digest, see analysis.name
  targets TEXT NOT NULL,         -- JSON array of the targets as typed, redacted
  receipt TEXT                   -- JSON coverage receipt; NULL until finished
) STRICT;

CREATE TABLE place (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,   -- natural key, e.g. `git:github.com/acme/api`
  system TEXT NOT NULL,       -- kind of system: git, folder, slack, ...
  tenant TEXT,                -- workspace, site or organisation
  name TEXT NOT NULL,         -- name for people, redacted
  audience TEXT NOT NULL,     -- public, external, internal, restricted, unknown
  root_commits TEXT,          -- git: JSON array of the hex ids of the root commits, sorted
  archived INTEGER,           -- 1: read-only at its system; NULL: unknown
  fork_of TEXT,               -- key of the place it was forked from
  team TEXT,                  -- owner
  environment TEXT,           -- production, staging, ...; NULL: unknown
  described TEXT NOT NULL     -- RFC 3339 UTC when the columns above were told last
) STRICT;

-- One clone, folder, file or export from which a place is read.
CREATE TABLE place_root (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL REFERENCES place (id),
  locator TEXT NOT NULL,                       -- absolute path, `-` for stdin; redacted
  state BLOB,                                  -- keyed digest of the source at the end of the last complete scan
  analysis INTEGER REFERENCES analysis (id),   -- analysis of that scan
  receipt TEXT,                                -- JSON coverage receipt of the last scan that ended
  last_scan INTEGER REFERENCES scan (id),      -- last scan that ended on this root, whole or not
  seen_scan INTEGER REFERENCES scan (id),      -- last scan that read it whole or found it unchanged
  UNIQUE (place, locator)
) STRICT;
CREATE INDEX place_root_by_locator ON place_root (locator);

-- A blob, file, message or record that was analysed, whoever holds it.
CREATE TABLE content (
  id INTEGER PRIMARY KEY,
  cid BLOB NOT NULL UNIQUE CHECK (length(cid) = 16),  -- AES(sub-key, first 16 bytes of the digest): keyed
  analysis INTEGER REFERENCES analysis (id),          -- NULL: to be analysed again
  bytes INTEGER NOT NULL,                             -- length
  hit INTEGER NOT NULL DEFAULT 0                      -- 1: it has sightings
) STRICT;

-- One fingerprint of a value. Several rows with one `canonical` are one secret.
CREATE TABLE secret (
  id INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32), -- HMAC-SHA-256(sub-key, 'literal' NUL value)
  canonical INTEGER NOT NULL REFERENCES secret (id) DEFERRABLE INITIALLY DEFERRED, -- row with the smallest fingerprint among those joined by strong aliases
  weak INTEGER NOT NULL,           -- 1: few guesses find it, so that copies link only within one account
  strength_bits INTEGER NOT NULL,  -- estimated guesses in bits
  preview TEXT,                    -- prefix and at most the last 4 characters, provider formats only
  length_class TEXT NOT NULL,      -- e.g. `20-39` bytes
  anchor_tag INTEGER,              -- keyed tag of its longest token run; NULL: no sweep possible
  anchor_lead INTEGER,             -- bytes of the value before that run
  anchor_length INTEGER,           -- bytes of the value
  known_public TEXT,               -- where the value is published as a sample
  first_scan INTEGER NOT NULL REFERENCES scan (id)  -- scan that saw it first
) STRICT;
CREATE INDEX secret_by_canonical ON secret (canonical);
CREATE INDEX secret_by_first_scan ON secret (first_scan);

-- A kind's own normal form as a second fingerprint.
CREATE TABLE alias (
  secret INTEGER NOT NULL REFERENCES secret (id),
  domain TEXT NOT NULL,                               -- which form; domains under `weak/` never join secrets
  target BLOB NOT NULL CHECK (length(target) = 32),   -- HMAC-SHA-256(sub-key, 'alias/' domain NUL form)
  PRIMARY KEY (secret, domain, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_by_target ON alias (target);

-- Edge between secrets that text alone showed.
CREATE TABLE relation (
  secret INTEGER NOT NULL REFERENCES secret (id),
  relation TEXT NOT NULL,                             -- pair, contains, keypair, ...
  target BLOB NOT NULL CHECK (length(target) = 32),   -- fingerprint of the other end, which may be unknown here
  PRIMARY KEY (secret, relation, target)
) STRICT, WITHOUT ROWID;

-- Safe facts about a value, captured because the value is not kept: key ids, accounts, serials.
CREATE TABLE attribute (
  secret INTEGER NOT NULL REFERENCES secret (id),
  name TEXT NOT NULL,                               -- from the allow-list of identity/attributes.ts
  text INTEGER NOT NULL REFERENCES term (id),       -- its text
  PRIMARY KEY (secret, name, text)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribute_by_text ON attribute (text);

-- What many sightings have in common: verdict and spelling.
CREATE TABLE form (
  id INTEGER PRIMARY KEY,
  sort TEXT NOT NULL UNIQUE,       -- all columns as one text that sorts the most telling form first
  kind TEXT NOT NULL,              -- kind of credential
  rule TEXT NOT NULL,              -- rule that recognised it
  confidence INTEGER NOT NULL,     -- 0 low, 1 medium, 2 high, 3 proven
  reasons TEXT NOT NULL,           -- JSON array of reason ids
  spelling TEXT NOT NULL,          -- layers outermost first, joined by `+`
  view TEXT NOT NULL,              -- derived text of the match: raw, decoded, plain, compact
  exact INTEGER NOT NULL,          -- 0: the span is only the enclosing record
  mark TEXT,                       -- inline marker of the author, e.g. `sprawl:allow`
  path_glob INTEGER NOT NULL DEFAULT 0 REFERENCES glob (id)  -- counts only where the path matches
) STRICT;

-- One value at one span of one content. Clustered by content: a scan appends.
CREATE TABLE sighting (
  content INTEGER NOT NULL REFERENCES content (id),
  secret INTEGER NOT NULL REFERENCES secret (id),   -- the fingerprint seen, not the canonical one
  chain INTEGER NOT NULL REFERENCES list (id),      -- container entries outermost first
  start_byte INTEGER NOT NULL,                      -- half-open [start, end) in bytes of the document or innermost entry
  end_byte INTEGER NOT NULL,
  form INTEGER NOT NULL REFERENCES form (id),       -- several forms of one span are one location, the first by form.sort
  line INTEGER NOT NULL,                            -- from 1
  "column" INTEGER NOT NULL,                        -- from 1, in code points
  end_line INTEGER NOT NULL,
  end_column INTEGER NOT NULL,                      -- exclusive
  slot INTEGER NOT NULL REFERENCES term (id),       -- variable, key path or header that holds it
  account INTEGER NOT NULL REFERENCES term (id),    -- `user@host/db`-like
  raw_ranges TEXT,                                  -- JSON array of [start, end] when the value lies in pieces
  first_scan INTEGER NOT NULL REFERENCES scan (id),
  PRIMARY KEY (content, secret, chain, start_byte, end_byte, form)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_by_secret ON sighting (secret, form);

-- Distinct (secret, form) of sighting, so that labels need no walk over all copies.
CREATE TABLE label (
  secret INTEGER NOT NULL REFERENCES secret (id),
  form INTEGER NOT NULL REFERENCES form (id),
  PRIMARY KEY (secret, form)
) STRICT, WITHOUT ROWID;

-- What the numbers of appearance.kind mean, the most pressing first.
CREATE TABLE location_kind (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  live INTEGER NOT NULL       -- 1: a copy that is in use: tips and files
) STRICT;
INSERT INTO location_kind (id, name, live) VALUES
  (0, 'git-head', 1), (1, 'git-other-tip', 1), (2, 'git-history', 0), (3, 'git-unreachable', 0),
  (4, 'git-reflog', 0), (5, 'git-stash', 0), (6, 'git-note', 0), (7, 'git-staged', 0),
  (8, 'git-commit-message', 0), (9, 'git-tag-message', 0), (10, 'git-metadata', 0), (11, 'loose-file', 1),
  (12, 'archive-entry', 1), (13, 'stdin', 0), (14, 'metadata', 0);

-- Where a content stands, as one root shows it. Rows of several roots of a place that differ in nothing
-- but the root are one location.
CREATE TABLE appearance (
  content INTEGER NOT NULL REFERENCES content (id),
  place INTEGER NOT NULL REFERENCES place (id),         -- place of the root
  type INTEGER NOT NULL,                                -- 0 git-blob, 1 git-text, 2 file, 3 record
  path INTEGER NOT NULL REFERENCES term (id),           -- git-blob, file: path
  item INTEGER NOT NULL REFERENCES list (id),           -- git-text: [label]; record: [type, id, field, revision]
  about INTEGER NOT NULL REFERENCES commit_fact (id),   -- git-text: its commit
  root INTEGER NOT NULL REFERENCES place_root (id),
  kind INTEGER NOT NULL,                                -- location_kind.id
  introduced INTEGER NOT NULL REFERENCES commit_fact (id), -- git-blob: first commit that has it
  removed INTEGER NOT NULL REFERENCES commit_fact (id),    -- git-blob: commit after which it was gone everywhere
  refs INTEGER NOT NULL REFERENCES list (id),           -- refs whose tip has it, sorted, at most 20
  ref_count INTEGER NOT NULL,                           -- exact number of such refs
  modified TEXT,                                        -- file: RFC 3339 UTC
  ignored INTEGER NOT NULL,                             -- file: 1 when git ignores it
  tracked INTEGER NOT NULL,                             -- file: 1 when git tracks it
  author INTEGER NOT NULL REFERENCES person (id),       -- record: who wrote it
  created TEXT,                                         -- record: RFC 3339
  permalink INTEGER NOT NULL REFERENCES term (id),      -- record: link to it
  title INTEGER NOT NULL REFERENCES term (id),          -- record: its title
  first_scan INTEGER NOT NULL REFERENCES scan (id),     -- scan that wrote it first
  seen_scan INTEGER NOT NULL REFERENCES scan (id),      -- last scan that wrote it; later whole scans of the root count too
  vanished_scan INTEGER REFERENCES scan (id),           -- scan that missed it; NULL: still there
  PRIMARY KEY (content, place, type, path, item, about, root)
) STRICT, WITHOUT ROWID;
CREATE INDEX appearance_by_root ON appearance (root);

-- Contents with sightings that a root holds.
CREATE TABLE holding (
  root INTEGER NOT NULL REFERENCES place_root (id),
  content INTEGER NOT NULL REFERENCES content (id),
  PRIMARY KEY (root, content)
) STRICT, WITHOUT ROWID;
CREATE INDEX holding_by_content ON holding (content);

-- Up to 48 neighbouring contents that share a piece of the sweep index.
CREATE TABLE sweep_chunk (
  id INTEGER PRIMARY KEY,
  root INTEGER NOT NULL REFERENCES place_root (id),  -- root from which they were read
  contents BLOB NOT NULL,                            -- their ids, 16 bytes each; bit i of a mask is the i-th
  masks BLOB NOT NULL,                               -- the distinct masks that its postings name by number
  digest BLOB NOT NULL UNIQUE                        -- first 16 bytes of SHA-256(contents ids ‖ analysis id)
) STRICT;
CREATE INDEX sweep_chunk_by_root ON sweep_chunk (root);

-- Which contents have a token run with a keyed tag (SipHash of the run cut to 53 bits): sorted runs of
-- postings (tag, chunk, mask). Each batch adds a run; eight of a level are merged into one of the next.
CREATE TABLE sweep_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice, since another process may remember it
  level INTEGER NOT NULL                 -- how often it was merged, about
) STRICT;
CREATE INDEX sweep_run_by_level ON sweep_run (level);

-- A page of a run; the tags of two pages overlap only in the first of the later one.
CREATE TABLE sweep_page (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES sweep_run (id),
  first_tag INTEGER NOT NULL,  -- its smallest tag
  pairs INTEGER NOT NULL,      -- number of postings
  data BLOB NOT NULL           -- postings by tag and chunk, see sweep-page.ts
) STRICT;
CREATE INDEX sweep_page_by_tag ON sweep_page (run, first_tag);

CREATE TABLE allow_entry (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,    -- secret, rule, path, gap
  target TEXT NOT NULL,     -- hex fingerprint, rule id, glob, gap code
  reason TEXT NOT NULL,     -- why
  author TEXT NOT NULL,     -- who, as the environment said
  until TEXT,               -- RFC 3339 UTC; NULL: for good
  created TEXT NOT NULL,    -- RFC 3339 UTC
  UNIQUE (subject, target)
) STRICT;

-- Allow entries in force.
CREATE VIEW x_allow AS
  SELECT id, subject, target, reason, author, until
  FROM allow_entry
  WHERE until IS NULL OR julianday(until) > julianday('now');

-- What the files of a place itself (configuration, baseline, ignore lists of other scanners) say about
-- findings in it; replaced as a whole by each scan of the place. All criteria of a row must hold.
CREATE TABLE place_allow (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL REFERENCES place (id),
  path INTEGER NOT NULL REFERENCES term (id),   -- exact path; 0: any
  glob INTEGER NOT NULL REFERENCES glob (id),   -- paths that match; 0: any
  secret TEXT NOT NULL,      -- hex beginning of a fingerprint; empty: any
  rule TEXT NOT NULL,        -- rule id; empty: any
  marked INTEGER NOT NULL,   -- 1: only findings with an inline mark
  status INTEGER NOT NULL,   -- 1 allowed, 2 baselined, 3 author-suppressed: not trusted
  decided_by TEXT NOT NULL,  -- which file and why, redacted
  until TEXT                 -- RFC 3339 UTC; NULL: for good
) STRICT;
CREATE INDEX place_allow_by_path ON place_allow (place, path);

-- Those in force.
CREATE VIEW x_place_allow AS
  SELECT * FROM place_allow WHERE until IS NULL OR julianday(until) > julianday('now');

-- Appearances without the doubles that several roots of one place make: alive before vanished, then the
-- most pressing kind, then the first locator.
CREATE VIEW x_appearance AS
  SELECT
    a.content, a.place, a.type, a.path, a.item, a.about, a.root, a.kind, a.introduced, a.removed, a.refs,
    a.ref_count, a.modified, a.ignored, a.tracked, a.author, a.created, a.permalink, a.title,
    a.vanished_scan IS NOT NULL AS vanished,
    a.first_scan,
    CASE WHEN a.vanished_scan IS NULL THEN max(a.seen_scan, coalesce(r.seen_scan, 0)) ELSE a.seen_scan END AS last_scan
  FROM appearance a
  JOIN place_root r ON r.id = a.root
  WHERE NOT EXISTS (
    SELECT 1 FROM appearance b JOIN place_root q ON q.id = b.root
    WHERE b.content = a.content AND b.place = a.place AND b.type = a.type AND b.path = a.path
      AND b.item = a.item AND b.about = a.about AND b.root <> a.root
      AND (b.vanished_scan IS NOT NULL, b.kind, q.locator) < (a.vanished_scan IS NOT NULL, a.kind, r.locator)
  );

-- Locations by internal ids: one sighting (its most telling form) times one appearance.
-- What asks for entries first asks once for the whole query whether there are any.
CREATE VIEW x_location AS
  SELECT
    s.canonical AS group_id, s.id AS secret_id, s.fingerprint, s.weak, s.known_public,
    x.content, x.chain, x.start_byte, x.end_byte, x.line, x."column", x.end_line, x.end_column, x.slot,
    x.account, x.raw_ranges, f.id AS form, f.confidence,
    a.place, a.type, a.path, a.item, a.about, a.root, a.kind, a.introduced, a.removed, a.refs, a.ref_count,
    a.modified, a.ignored, a.tracked, a.author, a.created, a.permalink, a.title, a.vanished,
    max(x.first_scan, a.first_scan) AS first_scan, a.last_scan,
    f.mark,
    CASE WHEN EXISTS (SELECT 1 FROM allow_entry WHERE id > 0) THEN coalesce(
      (SELECT e.id FROM secret m CROSS JOIN allow_entry i ON i.subject = 'secret' AND i.target = lower(hex(m.fingerprint))
         CROSS JOIN x_allow e ON e.id = i.id WHERE m.canonical = s.canonical ORDER BY m.fingerprint LIMIT 1),
      (SELECT e.id FROM x_allow e WHERE e.subject = 'rule' AND e.target = f.rule),
      (SELECT e.id FROM glob_path m CROSS JOIN glob g ON g.id = m.glob
         CROSS JOIN x_allow e ON e.subject = 'path' AND e.target = g.pattern
         WHERE m.path = a.path ORDER BY g.pattern LIMIT 1)
    ) END AS allow_id,
    CASE WHEN EXISTS (SELECT 1 FROM place_allow WHERE id > 0) THEN (SELECT e.id FROM x_place_allow e
      WHERE e.place = a.place AND e.path IN (0, a.path)
        AND (e.rule = '' OR e.rule = f.rule)
        AND (e.marked = 0 OR f.mark IS NOT NULL)
        AND (e.glob = 0 OR EXISTS (SELECT 1 FROM glob_path m WHERE m.path = a.path AND m.glob = e.glob))
        AND (e.secret = '' OR EXISTS (SELECT 1 FROM secret m WHERE m.canonical = s.canonical
              AND substr(lower(hex(m.fingerprint)), 1, length(e.secret)) = e.secret))
      ORDER BY e.status, e.id LIMIT 1) END AS place_allow_id
  FROM secret s
  JOIN sighting x ON x.secret = s.id
  JOIN form f ON f.id = x.form
  JOIN x_appearance a ON a.content = x.content
  WHERE (f.path_glob = 0
      OR CASE WHEN x.chain = 0
           THEN EXISTS (SELECT 1 FROM glob_path m WHERE m.path = a.path AND m.glob = f.path_glob)
           ELSE EXISTS (SELECT 1 FROM glob_chain m WHERE m.chain = x.chain AND m.glob = f.path_glob) END)
    AND NOT EXISTS (
      SELECT 1 FROM sighting t JOIN form u ON u.id = t.form
      WHERE t.content = x.content AND t.secret = x.secret AND t.chain = x.chain
        AND t.start_byte = x.start_byte AND t.end_byte = x.end_byte AND t.form <> x.form AND u.sort < f.sort
        AND (u.path_glob = 0
          OR CASE WHEN t.chain = 0
               THEN EXISTS (SELECT 1 FROM glob_path m WHERE m.path = a.path AND m.glob = u.path_glob)
               ELSE EXISTS (SELECT 1 FROM glob_chain m WHERE m.chain = t.chain AND m.glob = u.path_glob) END)
    );

-- Status of each location (design §11.4). Suppression is here and nowhere else: nothing is left out at write.
-- Numbers: 0 open, 1 allowed, 2 baselined, 3 author-suppressed, 4 low, 5 known-public, 6 vanished.
CREATE VIEW x_status AS
  SELECT l.*,
    CASE
      WHEN l.vanished THEN 6
      WHEN l.known_public IS NOT NULL THEN 5
      WHEN l.allow_id IS NOT NULL THEN 1
      WHEN l.place_allow_id IS NOT NULL THEN (SELECT status FROM place_allow WHERE id = l.place_allow_id)
      WHEN l.mark IS NOT NULL THEN 3
      WHEN l.confidence = 0 THEN 4
      ELSE 0
    END AS status
  FROM x_location l;

-- One row a location.
CREATE VIEW v_location AS
  SELECT
    g.fingerprint AS secret,                       -- bytes, for quick look-ups: WHERE secret = x'…'
    lower(hex(g.fingerprint)) AS fingerprint,      -- the secret
    lower(hex(l.fingerprint)) AS own_fingerprint,  -- the spelling that stands here
    f.kind, f.rule,
    CASE l.confidence WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high' ELSE 'proven' END AS confidence,
    CASE l.status WHEN 0 THEN 'open' WHEN 1 THEN 'allowed' WHEN 2 THEN 'baselined'
      WHEN 3 THEN 'author-suppressed' WHEN 4 THEN 'low' WHEN 5 THEN 'known-public' ELSE 'vanished' END AS status,
    p.key AS place, p.name AS place_name, p.system, p.audience, p.environment, p.team,
    CASE l.type WHEN 0 THEN 'git-blob' WHEN 1 THEN 'git-text' WHEN 2 THEN 'file' ELSE 'record' END AS type,
    k.name AS location_kind, k.live AND NOT l.vanished AS live,
    (SELECT text FROM term WHERE id = l.path) AS path,
    (SELECT items FROM list WHERE id = l.item) AS item,      -- JSON: [label] or [type, id, field, revision]
    (SELECT items FROM list WHERE id = l.chain) AS chain,    -- JSON: container entries outermost first
    l.start_byte, l.end_byte, l.line, l."column", l.end_line, l.end_column,
    f.spelling, f.view, f.exact, l.raw_ranges,
    (SELECT text FROM term WHERE id = l.slot) AS slot,
    (SELECT text FROM term WHERE id = l.account) AS account,
    (SELECT lower(hex(oid)) FROM commit_fact WHERE id = l.about) AS about_commit,
    (SELECT lower(hex(oid)) FROM commit_fact WHERE id = l.introduced) AS introduced_commit,
    (SELECT lower(hex(oid)) FROM commit_fact WHERE id = l.removed) AS removed_commit,
    (SELECT items FROM list WHERE id = l.refs) AS refs, l.ref_count,
    l.modified, l.ignored, l.tracked, l.created,
    l.first_scan, (SELECT started FROM scan WHERE id = l.first_scan) AS first_seen,
    l.last_scan, (SELECT started FROM scan WHERE id = l.last_scan) AS last_seen
  FROM x_status l
  JOIN secret g ON g.id = l.group_id
  JOIN form f ON f.id = l.form
  JOIN place p ON p.id = l.place
  JOIN location_kind k ON k.id = l.kind;

-- One row a secret that has a location.
CREATE VIEW v_secret AS
  SELECT
    secret, fingerprint,
    CASE min(CASE status WHEN 'open' THEN 0 WHEN 'allowed' THEN 1 WHEN 'baselined' THEN 2
        WHEN 'author-suppressed' THEN 3 WHEN 'low' THEN 4 WHEN 'known-public' THEN 5 ELSE 6 END)
      WHEN 0 THEN 'open' WHEN 1 THEN 'allowed' WHEN 2 THEN 'baselined' WHEN 3 THEN 'author-suppressed'
      WHEN 4 THEN 'low' WHEN 5 THEN 'known-public' ELSE 'vanished' END AS status,
    count(*) AS locations,
    sum(status = 'open') AS open_locations,
    count(DISTINCT place) AS places,
    count(DISTINCT system) AS systems,
    max(live) AS live,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen, min(first_scan) AS first_scan
  FROM v_location
  GROUP BY secret;

-- Links between places: a secret, or for weak values the account within it, in more than one place.
CREATE VIEW v_multi_place AS
  SELECT l.secret, l.fingerprint, CASE WHEN s.weak THEN l.account END AS account,
    count(DISTINCT l.place) AS places, count(DISTINCT l.system) AS systems,
    count(DISTINCT l.environment) AS environments, count(*) AS locations
  FROM v_location l
  JOIN secret s ON s.fingerprint = l.secret
  WHERE l.status <> 'vanished' AND NOT (s.weak AND l.account = '')
  GROUP BY l.secret, CASE WHEN s.weak THEN l.account END
  HAVING count(DISTINCT l.place) > 1;

-- Numbers by status, over all secrets.
CREATE VIEW v_status AS
  SELECT status, count(*) AS locations, count(DISTINCT secret) AS secrets, count(DISTINCT place) AS places
  FROM v_location
  GROUP BY status;

-- What was covered, how completely and when.
CREATE VIEW v_coverage AS
  SELECT p.key AS place, p.name AS place_name, p.system, r.locator, r.receipt,
    (SELECT started FROM scan WHERE id = r.last_scan) AS last_scan,
    (SELECT started FROM scan WHERE id = r.seen_scan) AS last_whole_scan
  FROM place p
  LEFT JOIN place_root r ON r.place = p.id;
