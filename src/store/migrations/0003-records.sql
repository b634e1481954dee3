-- Schema 3. Records of exports: an export is one root that is read into many places (its channels, projects,
-- spaces), so each of those gets a root of its own below the export's.

-- The root of the target from which this place was read; NULL for targets themselves.
ALTER TABLE place_root ADD COLUMN main INTEGER REFERENCES place_root (id);
-- Records of the place that the last scan of the root read, and when the first and the last of them were written
-- (RFC 3339 UTC): what lies between and is not there any more is gone.
ALTER TABLE place_root ADD COLUMN records INTEGER;
ALTER TABLE place_root ADD COLUMN first_record TEXT;
ALTER TABLE place_root ADD COLUMN last_record TEXT;
CREATE INDEX place_root_by_main ON place_root (main);
CREATE INDEX place_root_by_place ON place_root (place);

-- term.id; record: JSON object of what else is known (RecordFacts in model/appearance.ts), 0: nothing.
ALTER TABLE appearance ADD COLUMN details INTEGER NOT NULL DEFAULT 0;

INSERT INTO location_kind (id, name, live) VALUES
  (15, 'ticket-body', 1), (16, 'ticket-comment', 1), (17, 'ticket-attachment', 1), (18, 'chat-message', 1),
  (19, 'chat-thread', 1), (20, 'chat-file', 1), (21, 'wiki-page', 1), (22, 'mail', 1), (23, 'notebook-output', 1),
  (24, 'log', 1), (25, 'dump', 1), (26, 'profile', 1), (27, 'chat-edit-history', 0), (28, 'record-history', 0);

-- One row a record that holds a secret, and the secret.
CREATE VIEW v_record AS
  SELECT DISTINCT
    lower(hex(g.fingerprint)) AS fingerprint,      -- the secret
    p.key AS place, p.name AS place_name, p.system, p.tenant, p.audience,
    i.items ->> '$[0]' AS record_type, i.items ->> '$[1]' AS record_id, i.items ->> '$[2]' AS field,
    i.items ->> '$[3]' AS revision, i.items ->> '$[4]' AS revision_id,
    k.name AS location_kind,
    n.name AS author,                              -- name or pseudonym; empty: unknown
    a.created,                                     -- RFC 3339; without offset where the export has none
    (SELECT text FROM term WHERE id = a.permalink) AS permalink,
    (SELECT text FROM term WHERE id = a.title) AS title,
    (SELECT text FROM term WHERE id = a.details) AS details,  -- JSON
    r.locator, a.vanished_scan IS NOT NULL AS vanished
  FROM appearance a
  JOIN sighting x ON x.content = a.content
  JOIN secret s ON s.id = x.secret
  JOIN secret g ON g.id = s.canonical
  JOIN place p ON p.id = a.place
  JOIN place_root r ON r.id = a.root
  JOIN list i ON i.id = a.item
  JOIN person n ON n.id = a.author
  JOIN location_kind k ON k.id = a.kind
  WHERE a.type = 3;
