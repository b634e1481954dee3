-- Schema 4. Statements: what people and other tools say of secrets, imported from files (inventory, people, vault map,
-- liveness, attestations, gate results). No values: files that hold one are refused.

-- One row a file that was imported.
CREATE TABLE statement_file (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,     -- its name without folders, or the one given with --as
  imported TEXT NOT NULL         -- RFC 3339 UTC of the last import that changed something
) STRICT;

-- One row a thing that a file states.
CREATE TABLE statement (
  id INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES statement_file (id),
  type TEXT NOT NULL,            -- party, environment, identity, place, organisation-secret, vault, liveness, attestation, gate
  key TEXT NOT NULL,             -- names it within its file and type: id of a party or entry, path of a vault, ...
  data TEXT NOT NULL,            -- JSON object, keys in the order of their code points
  imported TEXT NOT NULL,        -- RFC 3339 UTC of the import that brought the row as it is
  UNIQUE (file, type, key)
) STRICT;
CREATE INDEX statement_by_type ON statement (type);

-- Statements with the names of their files.
CREATE VIEW v_statement AS
  SELECT s.type, f.name AS source, s.key, s.data, s.imported
  FROM statement s JOIN statement_file f ON f.id = s.file;
