-- Schema 6. What the packs of a git root hold, as its last complete scan saw them: types of objects, parents of commits,
-- and which trees lead to a hit (src/sources/git/history/). A scan after it follows only what is new. No object ids; names
-- of files only as appearances have them too. Only a help to speed: any row may be deleted at any time.
CREATE TABLE root_history (
  root INTEGER PRIMARY KEY REFERENCES place_root (id),
  data BLOB NOT NULL
) STRICT;
