/**
 * Fixed addresses of the core's own tables. Everything from `HEAP` on belongs to the caller, who places
 * records, frames, the window of packed bytes and the arena there (src/sources/git/pack/walk-window.ts).
 *
 * One memory an instance, never shared: no object of one worker can overwrite another worker's tables.
 * The module has no static data, so instantiating it writes nothing.
 */

/** Symbol templates: what a table entry says before its code length is added. */
export const LITERAL_SYMBOLS: usize = 0x400; // 288 * u32
export const DISTANCE_SYMBOLS: usize = 0x900; // 32 * u32
/** Tables of the fixed code, built once: 9 bits and 5 bits. */
export const FIXED_LITERALS: usize = 0x1000; // 512 * u32
export const FIXED_DISTANCES: usize = 0x1800; // 32 * u32
/** Work space of one dynamic block. */
export const CODE_LENGTHS: usize = 0x1a00; // 320 * u8, and 138 that a last repeat may overrun
export const PRECODE_LENGTHS: usize = 0x1c00; // 19 * u8
export const SORTED_SYMBOLS: usize = 0x1d00; // 320 * u16
export const LENGTH_COUNTS: usize = 0x2000; // 16 * u16
export const LENGTH_OFFSETS: usize = 0x2040; // 16 * u16
export const PRECODE_TABLE: usize = 0x2100; // 128 * u32
export const LITERAL_TABLE: usize = 0x3000; // LITERAL_CAPACITY * u32
export const DISTANCE_TABLE: usize = 0x7000; // DISTANCE_CAPACITY * u32
/** Entries; complete codes need at most 1332 and 402 with the primary sizes in use. */
export const LITERAL_CAPACITY: u32 = 4096;
export const DISTANCE_CAPACITY: u32 = 2048;
/** 1 where a byte belongs to a token run, [A-Za-z0-9+/=_.-]. */
export const TOKEN_BYTES: usize = 0x9000; // 256 * u8
/** Byte shuffles that gather offset and size of a delta's copy instruction. */
export const COPY_SHUFFLES: usize = 0x9100; // 128 * u64
export const CRC_TABLES: usize = 0xa000; // 8 * 256 * u32
/** Dirty ranges of the object being handed over: pairs (start, end). */
export const DIRTY_RANGES: usize = 0x10000;
export const DIRTY_CAPACITY: u32 = 0x8000;
/** Its copy map: triples (target start, target end, base start). */
export const COPY_RANGES: usize = 0x50000;
export const COPY_CAPACITY: u32 = 0x8000;
/** The tables of assembly/scan lie between. */
export const HEAP: usize = 0x1d60000;

/**
 * Writable bytes behind every inflate or delta target: the loops check their bounds once an iteration, and
 * one iteration may write 3 literals, 258 matched bytes and 31 of vector overshoot beyond the end.
 */
export const PAD: u32 = 320;
/** Of these so many are zero when an object is handed over, so that no stale byte extends a token run. */
export const SLACK: u32 = 64;

export const OK: i32 = 1;
export const BAD_STREAM: i32 = 2;
export const BAD_DELTA: i32 = 3;
export const TOO_LARGE: i32 = 4;
export const BAD_CRC: i32 = 5;
/** The stream holds more than was asked for; what was asked for is there. */
export const OUTPUT_FULL: i32 = 6;
