/** Addresses of the scanner's tables in the core's memory: the same as in assembly/scan/memory-map.ts. */

export const layout = {
  /** Of what the tables hold; raised when it changes, so that tables of another build are not taken for these. */
  version: 4,
  /** Where a build's tables say their version: the last bytes of the room for the keywords' text. */
  versionAt: 0x28fffc,
  starts: 0x100000,
  entries: 0x130000,
  grams: 0x160000,
  gramBits: 13,
  keywordStarts: 0x1b0000,
  keywordLengths: 0x1d0000,
  keywordExact: 0x1e0000,
  gateBorders: 0x1a0000,
  gateSets: 0x1a8000,
  gateRuns: 0x1e8000,
  gateReaches: 0x1f0000,
  keywordText: 0x210000,
  keywordCapacity: 0x7fff,
  /** Keywords found by the same bytes. */
  mostEntries: 4000,
  keywordTextBytes: 0x80000,
  hits: 0x2a0000,
  runs: 0x2e0000,
  anchorBits: 0x300000,
  runCapacity: 0x4000,
  takenCapacity: 0x14000,
  takenTags: 0x570000,
  takenMasks: 0x610000,
  loud: 0x7f0000,
  loudCapacity: 0x2000,
  /** Levels of kept keywords; those of the references come behind. */
  levelCapacity: 0x1000,
  referenceCount: 8,
  quietKeys: 0x1b10000,
  /** Bytes of the keys: the longest window and 64 more. */
  quietKeyBytes: 0x2a40,
  /** Of each hit that was listed, two words; 0 for none. */
  quietTags: 0x1b20000,
  quietSeen: 0x1b60000,
  quietSeenBits: 18,
  /** Of the lists that the walk over a pack writes (assembly/pack/memory-map.ts). */
  dirtyCapacity: 0x8000,
  copyCapacity: 0x8000,
} as const;

/** Zero bytes that must follow a text in the core's memory. */
export const textSlack = 64;
