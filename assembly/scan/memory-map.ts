/**
 * Fixed addresses of the scanner's tables, between the pack reader's (assembly/pack/memory-map.ts) and the heap.
 * src/prefilter/keyword-tables.ts and tag-table.ts fill and read them.
 */

// Keywords: what a position is asked in turn.
/** By the mix of three byte classes: a bit for the low three bits of each byte that may come fourth. */
export const STARTS: usize = 0x100000; // 65536 * u8
/**
 * Hash table of the three bytes by which keywords are found, folded: key + 1, first entry, a bit for the low
 * five bits of each byte that may come fourth, and number of entries.
 */
export const GRAMS: usize = 0x110000; // 2 ^ GRAM_BITS * (u32, u32, u32, u32)
export const GRAM_BITS: u32 = 13;
/** Keywords by those three bytes: keyword, and where in it they stand. */
export const ENTRIES: usize = 0x130000; // KEYWORD_CAPACITY * (u16, u16)
export const KEYWORD_STARTS: usize = 0x1b0000; // KEYWORD_CAPACITY * u32
export const KEYWORD_LENGTHS: usize = 0x1d0000; // KEYWORD_CAPACITY * u16
export const KEYWORD_EXACT: usize = 0x1e0000; // KEYWORD_CAPACITY * u8
/** Fewest token bytes in a row that must stand near a keyword; 0: it counts wherever it stands. */
export const GATE_RUNS: usize = 0x1e8000; // KEYWORD_CAPACITY * u8
/** Bytes before and behind the keyword's first byte in which they must stand. */
export const GATE_REACHES: usize = 0x1f0000; // KEYWORD_CAPACITY * (u16, u16)
/** Folded, unless a keyword counts as written only. */
export const KEYWORD_TEXT: usize = 0x210000; // KEYWORD_TEXT_BYTES * u8
export const KEYWORD_CAPACITY: u32 = 0x7fff;
export const KEYWORD_TEXT_BYTES: u32 = 0x80000;

/** ASCII letters in lower case, every other byte as it is. */
export const FOLDED: usize = 0x290000; // 256 * u8
/** 1 for the token bytes of gates, [A-Za-z0-9+/=_.:~-]. */
export const GATE_BYTES: usize = 0x290100; // 256 * u8
/** Value of a base64 character of either alphabet, 255 for all others. */
export const BASE64_VALUES: usize = 0x290200; // 256 * u8
export const HEX_VALUES: usize = 0x290300; // 256 * u8
/** Work space of one step: mixes and next bytes of sixteen positions. */
export const STEP_MIXES: usize = 0x290400; // 16 * u16
export const STEP_NEXTS: usize = 0x290420; // 16 * u8
/** Positions that passed the first table. */
export const CANDIDATES: usize = 0x291000; // (CANDIDATE_CAPACITY + 16) * u32
export const CANDIDATE_CAPACITY: u32 = 4096;

/** Hits: keyword with its flags, and offset. */
export const HITS: usize = 0x2a0000; // HIT_CAPACITY * (u32, u32)
export const HIT_CAPACITY: u32 = 0x7f00;

/** Runs that another step asked for: start and end. */
export const RUNS: usize = 0x2e0000; // RUN_CAPACITY * (u32, u32)
export const RUN_CAPACITY: u32 = 0x4000;
/** A bit for the low 16 bits of each tag that is looked for. */
export const ANCHOR_BITS: usize = 0x300000; // 8192 * u8

/** Tags of the open chunk: tag + 1 and mask of the contents that have it. */
export const TAGS: usize = 0x310000; // TAG_SLOTS * (u64, u64)
export const TAG_SLOT_BITS: u32 = 17;
/** Slots in use, in the order of their first use. */
export const TAGS_USED: usize = 0x510000; // TAG_CAPACITY * u32
export const TAG_CAPACITY: u32 = 0x14000;
/** What was taken out of the table. */
export const TAKEN_TAGS: usize = 0x570000; // TAG_CAPACITY * f64
export const TAKEN_MASKS: usize = 0x610000; // TAG_CAPACITY * f64
// Ends at 0x6b0000.
