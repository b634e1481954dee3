/**
 * Fixed addresses of the scanner's tables, between the pack reader's (assembly/pack/memory-map.ts) and the heap.
 * src/prefilter/keyword-tables.ts and tag-table.ts fill and read them.
 */

// Keywords: what a position is asked in turn.
/** By the mix of three byte classes: a bit for the low three bits of each byte that may come fourth. */
export const STARTS: usize = 0x100000; // 65536 * u8
/** Keywords by those three bytes: keyword, and where in it they stand. */
export const ENTRIES: usize = 0x130000; // KEYWORD_CAPACITY * (u16, u16)
/**
 * Hash table of the three bytes by which keywords are found, folded: key + 1, first entry, number of entries, a bit for
 * the low five bits of each byte that may come fourth, fifth, and before them, and the three bytes as they must be
 * written, or 0 when they may be in any case.
 */
export const GRAMS: usize = 0x160000; // 2 ^ GRAM_BITS * 8 * u32
export const GRAM_BITS: u32 = 13;
/** Sets of bytes (tables.ts): those of which none may stand before a keyword, and that of the run near it. */
export const GATE_BORDERS: usize = 0x1a0000; // KEYWORD_CAPACITY * u8
export const GATE_SETS: usize = 0x1a8000; // KEYWORD_CAPACITY * u8
export const KEYWORD_STARTS: usize = 0x1b0000; // KEYWORD_CAPACITY * u32
export const KEYWORD_LENGTHS: usize = 0x1d0000; // KEYWORD_CAPACITY * u16
export const KEYWORD_EXACT: usize = 0x1e0000; // KEYWORD_CAPACITY * u8
/** Fewest bytes in a row that must stand near a keyword; 0: no run is needed. */
export const GATE_RUNS: usize = 0x1e8000; // KEYWORD_CAPACITY * u8
/** Bytes before and behind the keyword's first byte in which they must stand. */
export const GATE_REACHES: usize = 0x1f0000; // KEYWORD_CAPACITY * (u16, u16)
/** Folded, unless a keyword counts as written only. */
export const KEYWORD_TEXT: usize = 0x210000; // KEYWORD_TEXT_BYTES * u8
export const KEYWORD_CAPACITY: u32 = 0x7fff;
export const KEYWORD_TEXT_BYTES: u32 = 0x80000;

/** ASCII letters in lower case, every other byte as it is. */
export const FOLDED: usize = 0x290000; // 256 * u8
/** Sets that a byte is in. */
export const SETS_OF_BYTE: usize = 0x290100; // 256 * u8
/** Value of a base64 character of either alphabet, 255 for all others. */
export const BASE64_VALUES: usize = 0x290200; // 256 * u8
export const HEX_VALUES: usize = 0x290300; // 256 * u8
/** First decoded bytes of a run. */
export const PROBE: usize = 0x290440; // 12 * u8
/** Steps of sixteen positions of which some passed the first table: the first position, and a bit for each. */
export const CANDIDATES: usize = 0x291000; // (CANDIDATE_CAPACITY + 1) * (u32, u32)
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

// What is to be looked at in a document (look.ts): pairs (start, end), rising, apart from each other.
export const SPAN_CAPACITY: u32 = 0x8000;
/** What the document has anew, parts near each other as one. */
export const CHANGED: usize = 0x6b0000; // SPAN_CAPACITY * (u32, u32)
/** Lines with a change. */
export const LINES: usize = 0x6f0000; // SPAN_CAPACITY * (u32, u32)
/** About what a change may decide. */
export const DUE: usize = 0x730000; // SPAN_CAPACITY * (u32, u32)
/** Where hits are asked for: what is due, and so much round it that regions of escapes are whole. */
export const ASKED: usize = 0x770000; // SPAN_CAPACITY * (u32, u32)
/** Work space. */
export const WORK_SPANS: usize = 0x7b0000; // SPAN_CAPACITY * (u32, u32)
/** Written by the caller: what is due whatever changed. */
export const LOUD: usize = 0x7f0000; // LOUD_CAPACITY * (u32, u32)
export const LOUD_CAPACITY: u32 = 0x2000;
/** By level, a base standing one below what was made from it: first and last kept hit, as addresses. Then by reference. */
export const LEVELS: usize = 0x800000; // (LEVEL_CAPACITY + REFERENCE_COUNT) * (u32, u32)
export const LEVEL_CAPACITY: u32 = 0x1000;
/** All keywords of the documents on the levels, wherever they stand, as in `HITS`. */
export const KEPT: usize = 0x810000;
export const KEPT_END: usize = 0x1000000;

// Texts to compare others with (references.ts).
/** Hashes of lines of the text that one is sought for. */
export const SAMPLES: usize = 0x1000000; // SAMPLE_CAPACITY * u64
export const SAMPLE_CAPACITY: u32 = 64;
/** For each its keywords, its text, a hash table of its lines, and their sizes. */
export const REFERENCES: usize = 0x1001000;
export const REFERENCE_COUNT: u32 = 8;
export const REFERENCE_KEYWORD_BYTES: u32 = 0x20000;
export const REFERENCE_BYTES: u32 = 0x100000;
export const REFERENCE_LINE_BITS: u32 = 15;

// Hits that held nothing (quiet.ts).
/** Drawn at random by the caller: 64 bytes more than a window has. */
export const QUIET_KEYS: usize = 0x1b10000;
/** Bytes of the longest window: what lies before a line, a line, and what lies behind it. */
export const QUIET_WINDOW: u32 = 0x2a00;
export const QUIET_WORK: usize = 0x1b14000; // 96 * u8
/** Of each hit in `HITS` its tag, or 0. */
export const QUIET_TAGS: usize = 0x1b20000; // HIT_CAPACITY * u64
/** Tags by their low bits; written by the caller. */
export const QUIET_SEEN: usize = 0x1b60000; // 2 ^ QUIET_SEEN_BITS * u64
export const QUIET_SEEN_BITS: u32 = 18;
// Ends before 0x1d60000.
