-- Facts of what is public and no secret (certificates, recipients of ciphertexts), kept for the secret that has the
-- same public half, whichever of the two is found first. Goes with the root in which it stood.
CREATE TABLE public_fact (
  target BLOB NOT NULL CHECK (length(target) = 32),  -- alias fingerprint of the secret that it is about
  name TEXT NOT NULL,                                -- from the allow-list of identity/attribute.ts
  text INTEGER NOT NULL REFERENCES term (id),        -- its text
  root INTEGER NOT NULL REFERENCES place_root (id),  -- where it was read
  PRIMARY KEY (target, name, text, root)
) STRICT, WITHOUT ROWID;
CREATE INDEX public_fact_by_text ON public_fact (text);
CREATE INDEX public_fact_by_root ON public_fact (root);
