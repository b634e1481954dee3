/**
 * People in the log. It holds pseudonyms only, so whoever compares somebody in it with somebody named in facts, or prints
 * one, asks here. The key that makes pseudonyms is outside of `rotation`: the command line builds this.
 */
export interface People {
  /** Pseudonym of a party id, mail address, handle or other name. */
  pseudonymOf(name: string): string;
  /** One pseudonym for all those that the same party may stand under; itself for somebody not known. */
  canonical(pseudonym: string): string;
  /** For display: party id or name; the pseudonym itself where that was erased. */
  nameOf(pseudonym: string): string;
}

/** For tests and for callers that know nobody: a name is its own pseudonym. */
export const plainPeople: People = {
  pseudonymOf: (name) => name,
  canonical: (pseudonym) => pseudonym,
  nameOf: (pseudonym) => pseudonym,
};
