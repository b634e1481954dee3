-- Schema 2. Contents without a sighting, nearly all of a history, move from rows of some 60 bytes to sorted
-- lists of their ids. `content` keeps those that have or had sightings.

-- Ids of contents that an analysis read and found nothing in, sorted and cut into pages. Where a row of
-- `content` names the same id, the row holds.
CREATE TABLE clean_page (
  id INTEGER PRIMARY KEY,
  analysis INTEGER NOT NULL REFERENCES analysis (id),  -- analysis that read them
  first BLOB NOT NULL,                                 -- the first of them
  ids BLOB NOT NULL                                    -- ids as in content.cid, 16 bytes each, rising
) STRICT;
CREATE UNIQUE INDEX clean_page_by_first ON clean_page (analysis, first);

CREATE TEMP TABLE moved AS
  SELECT id, cid, analysis, (row_number() OVER (PARTITION BY analysis ORDER BY cid) - 1) / 240 AS page
    FROM content c
   WHERE hit = 0 AND analysis IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.content = c.id)
     AND NOT EXISTS (SELECT 1 FROM appearance a WHERE a.content = c.id);
INSERT INTO clean_page (analysis, first, ids)
  SELECT analysis, min(cid), unhex(group_concat(hex(cid), '' ORDER BY cid)) FROM moved GROUP BY analysis, page;
DELETE FROM content WHERE id IN (SELECT id FROM temp.moved);
DROP TABLE temp.moved;

-- Nothing asked for it, and the length of a content says something about it.
ALTER TABLE content DROP COLUMN bytes;
