/** Names of the encodings that a document can have; decided once per document by decode.ts. */
export const encodings = ['ascii', 'utf-8', 'utf-16le', 'utf-16be', 'latin-1', 'binary'] as const;
export type Encoding = (typeof encodings)[number];
