/** How the authors of records are kept: not at all, under a pseudonym made with the key, or by name. */
export const peopleModes = ['none', 'pseudonym', 'full'] as const;
export type PeopleMode = (typeof peopleModes)[number];
