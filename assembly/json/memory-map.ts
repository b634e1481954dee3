/**
 * Addresses of the JSON reader, from the heap of a core of its own (src/prefilter/json-tape.ts): it is never the core
 * in which texts are searched or objects rebuilt.
 */
import { HEAP } from '../pack/memory-map';

/** Hash table of the keys that a reader asks for: index of a key, 0 where none is. */
export const KEY_SLOTS: usize = HEAP; // 2 ^ KEY_SLOT_BITS * u16
export const KEY_SLOT_BITS: u32 = 12;
/** By index: address and length of a key. */
export const KEYS: usize = HEAP + 0x2000; // KEY_CAPACITY * (u32, u32)
export const KEY_CAPACITY: u32 = 256;
/** Keys that are longer are none of those. */
export const MOST_KEY_BYTES: u32 = 31;
export const KEY_TEXT: usize = HEAP + 0x3000; // KEY_CAPACITY * 32 * u8
/**
 * For each of four bytes in a row: sets of words, by the low and by the high half of the byte. A word may stand where all
 * eight have a set in common.
 */
export const WORD_TABLES: usize = HEAP + 0x5000; // 8 * 16 * u8
/** By depth: entry of the open container, and which keys it had. */
export const OPEN: usize = HEAP + 0x6000; // (MOST_DEPTH + 1) * u32
export const SEEN: usize = HEAP + 0x7000; // (MOST_DEPTH + 1) * 256 bits
export const MOST_DEPTH: u32 = 64;
/** Hash table of texts that are noted: low half of the hash, and address. */
export const NOTED: usize = HEAP + 0x10000; // 2 ^ NOTED_BITS * (u32, u32)
export const NOTED_BITS: u32 = 15;
/** Those texts: scope, length of both parts, and their bytes. */
export const NOTED_TEXT: usize = HEAP + 0x50000; // NOTED_BYTES
export const NOTED_BYTES: u32 = 0x400000;
/** Entries of what was read. */
export const TAPE: usize = NOTED_TEXT + NOTED_BYTES; // TAPE_BYTES
export const TAPE_BYTES: u32 = 0x400000;
/** Strings of it as the texts that they stand for. */
export const UNDONE: usize = TAPE + TAPE_BYTES; // UNDONE_BYTES
export const UNDONE_BYTES: u32 = 0x200000;
/** The JSON text, with 64 zeros behind it. */
export const JSON_TEXT: usize = UNDONE + UNDONE_BYTES;
