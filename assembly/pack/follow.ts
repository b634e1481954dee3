/**
 * Follows what trees and commits name, where they were rebuilt: notes go to the caller, objects do not.
 *
 * Ids are looked up in the one table (oid-table.ts); what the places in it mean is the caller's business
 * (src/sources/git/pack/follower.ts). Notes are 32-bit words:
 *   missing  number of the object, 8 words of the id that it names and the table lacks
 *   edges    number of the tree, count, then pairs: place in the table, number of the name. Where names are looked for,
 *            those that bear one have the place `border` + number of the name
 *   commits  number, place of the tree, count of parents, date (two words, f64), places of the parents
 */
import { NAME_AREA, nameNumber, resetNames } from './name-numbers';
import { findOid, oidBytes } from './oid-table';
import { object, TAKE_NOTES } from './receiver';

const MISSING_OF_TREES: u32 = 1;
const MISSING_OF_COMMITS: u32 = 2;
const EDGES: u32 = 3;
const COMMITS: u32 = 4;
const NAMED_EDGES: u32 = 5;

const NOTE_OF_MISSING: u32 = 36;
/** Shorter names hold nothing; src/sources/git/entry-names.ts leaves them out too. */
const SHORTEST_NAME: usize = 8;
const TYPE_BITS: u32 = 0o170000;
const TREE_MODE: u32 = 0o040000;
const LINK_MODE: u32 = 0o160000;

let mode: u32 = 0;
/** Places from here on are something else: outside of the packs, hits, trees. */
let border: u32 = 0;
/** Objects with a number below it lie in packs; of named edges: names with a number below it are looked for. */
let packed: u32 = 0;
/** One bit for the first two bytes of each id from `border` on. */
let filter: usize = 0;
let numbers: usize = 0;
let notes: usize = 0;
let notesEnd: usize = 0;
let noted: usize = 0;
let leansOut: bool = false;
/** An id that is written as hex, decoded. */
let decoded: usize = 0;
let malformed: u32 = 0;

/**
 * Begins a pass. `area`: room for a decoded id (64 bytes), the filter (8 KiB) and the names (`NAME_AREA`), then notes
 * up to `end`.
 */
export function startFollowing(kind: u32, area: usize, end: usize, edge: u32, inPacks: u32, secret: u32): void {
  mode = kind;
  decoded = area;
  filter = area + 64;
  border = edge;
  packed = inPacks;
  notes = filter + 8192;
  if (kind == EDGES || kind == NAMED_EDGES || kind == MISSING_OF_TREES) {
    resetNames(notes, secret);
    notes += NAME_AREA;
  }
  notesEnd = end;
  noted = notes;
  leansOut = false;
  malformed = 0;
}

/** From the next walk on objects are handed over again. */
export function stopFollowing(): void {
  mode = 0;
}

/** Where the numbers of the next walk's objects lie, by slot. */
export function numberObjects(at: usize): void {
  numbers = at;
}

export function isFollowing(): bool {
  return mode != 0;
}

/** True when an object of a pack names one from the border on. */
export function doPacksLeanOut(): bool {
  return leansOut;
}

/** Trees with an entry that is cut off. */
export function malformedTrees(): u32 {
  return malformed;
}

/** Has the caller take what was noted. */
export function takeNotes(): void {
  if (noted > notes) object(0, notes, <u32>(noted - notes), 0, 0, TAKE_NOTES);
  noted = notes;
}

/** Follows an object; false when it may name more than there is room to note. */
export function follow(slot: u32, at: usize, size: u32): bool {
  const number = load<u32>(numbers + (<usize>slot << 2));
  const end = at + size;
  if (mode == MISSING_OF_TREES) checkTree(number, at, end);
  else if (mode == MISSING_OF_COMMITS) checkCommit(number, at, end);
  else {
    const isTree = mode != COMMITS;
    const most: u64 = isTree ? 8 + (<u64>size / (oidBytes() + 2)) * 16 : 24 + (<u64>size / 48) * 4;
    if (<u64>noted + most > <u64>notesEnd) takeNotes();
    if (<u64>noted + most > <u64>notesEnd) return false;
    if (isTree) noteEdges(number, at, end);
    else noteCommit(number, at, end);
  }
  return true;
}

/** Bits of the mode of the entry under way, and where its name lies. */
let entryMode: u32 = 0;
let nameAt: usize = 0;
let nameEnd: usize = 0;

/** Reads `<octal mode> <name>` NUL and gives where the id starts; `end` or more when the entry is cut off. */
// @ts-ignore: decorator
@inline
function readEntry(start: usize, end: usize): usize {
  let at = start;
  const head = load<u64>(at);
  if ((head & 0x00ffffffffffffff) == 0x20343436303031) {
    // `100644 `
    entryMode = 0o100644;
    at += 7;
  } else if ((head & 0x0000ffffffffffff) == 0x203030303034) {
    // `40000 `
    entryMode = TREE_MODE;
    at += 6;
  } else {
    let bits: u32 = 0;
    let c: u32 = load<u8>(at++);
    while (c != 0x20 && at < end) {
      bits = (bits << 3) | (c & 7);
      c = load<u8>(at++);
    }
    entryMode = bits;
  }
  nameAt = at;
  const zero = v128.splat<u8>(0);
  while (at < end) {
    const found = v128.bitmask<u8>(v128.eq<u8>(v128.load(at), zero));
    if (found != 0) {
      at += <usize>ctz(found);
      break;
    }
    at += 16;
  }
  if (at > end) at = end;
  nameEnd = at;
  return at + 1;
}

function checkTree(number: u32, start: usize, end: usize): void {
  const width = oidBytes();
  let at = start;
  while (at < end) {
    at = readEntry(at, end);
    if (at + width > end) return;
    if (nameEnd - nameAt >= SHORTEST_NAME) nameNumber(nameAt, <u32>(nameEnd - nameAt));
    if ((entryMode & TYPE_BITS) != LINK_MODE) check(number, at);
    at += width;
  }
}

function checkCommit(number: u32, start: usize, end: usize): void {
  const line = 2 * oidBytes() + 1;
  let at = start;
  if (load<u8>(at) != 0x74 || at + 5 + line > end) return;
  decode(at + 5);
  check(number, decoded);
  at += 5 + line;
  while (load<u8>(at) == 0x70 && at + 7 + line <= end) {
    decode(at + 7);
    check(number, decoded);
    at += 7 + line;
  }
}

// @ts-ignore: decorator
@inline
function check(number: u32, oid: usize): void {
  const place = findOid(oid);
  if (place < 0) noteMissing(number, oid);
  else if (<u32>place >= border && number < packed) leansOut = true;
}

function noteMissing(number: u32, oid: usize): void {
  if (noted + NOTE_OF_MISSING > notesEnd) takeNotes();
  store<u32>(noted, number);
  memory.copy(noted + 4, oid, oidBytes());
  noted += NOTE_OF_MISSING;
}

function noteEdges(number: u32, start: usize, end: usize): void {
  const width = oidBytes();
  const first = noted + 8;
  let to = first;
  let at = start;
  while (at < end) {
    at = readEntry(at, end);
    if (at + width > end) {
      malformed++;
      break;
    }
    const type = entryMode & TYPE_BITS;
    let place = -1;
    if (type == TREE_MODE) {
      place = findOid(at);
      if (<u32>place >= border) place = -1;
    } else if (type != LINK_MODE) {
      const key: u32 = load<u16>(at);
      if ((load<u8>(filter + (key >> 3)) & (1 << (key & 7))) != 0) {
        place = findOid(at);
        if (<u32>place < border) place = -1;
      }
    }
    if (mode == NAMED_EDGES && nameEnd - nameAt >= SHORTEST_NAME) {
      const name = nameNumber(nameAt, <u32>(nameEnd - nameAt));
      if (<u32>name < packed) {
        store<u32>(to, border + name);
        store<u32>(to, name, 4);
        to += 8;
      }
    }
    if (place >= 0) {
      store<u32>(to, place);
      store<u32>(to, nameNumber(nameAt, <u32>(nameEnd - nameAt)), 4);
      to += 8;
    }
    at += width;
  }
  if (to == first) return;
  store<u32>(noted, number);
  store<u32>(noted, <u32>(to - first) >> 3, 4);
  noted = to;
}

function noteCommit(number: u32, start: usize, end: usize): void {
  const hex = 2 * oidBytes();
  let at = start;
  let tree = -1;
  if (load<u8>(at) == 0x74) {
    if (at + 5 + hex <= end) {
      decode(at + 5);
      tree = findOid(decoded);
      if (<u32>tree < border) tree = -1;
    }
    at += 5 + hex + 1;
  }
  let parents: u32 = 0;
  while (at < end && load<u8>(at) == 0x70) {
    let parent = -1;
    if (at + 7 + hex <= end) {
      decode(at + 7);
      parent = findOid(decoded);
      if (<u32>parent >= border) parent = -1;
    }
    store<i32>(noted + 20 + (<usize>parents << 2), parent);
    parents++;
    at += 7 + hex + 1;
  }
  store<u32>(noted, number);
  store<i32>(noted, tree, 4);
  store<u32>(noted, parents, 8);
  store<f64>(noted, committerDate(at, end), 12);
  noted += 20 + (<usize>parents << 2);
}

/** Seconds of the `committer` line; 0 when there is none. */
function committerDate(from: usize, end: usize): f64 {
  let at = from;
  while (at < end && load<u8>(at) != 0x0a) {
    let lineEnd = at;
    while (lineEnd < end && load<u8>(lineEnd) != 0x0a) lineEnd++;
    // `co…` and a blank after nine letters: `committer `.
    if (load<u16>(at) == 0x6f63 && load<u8>(at, 9) == 0x20) return secondsOf(at, lineEnd);
    at = lineEnd + 1;
  }
  return 0;
}

/** `… <mail> 1704067200 +0200` -> 1704067200; 0 when it is no number. */
function secondsOf(start: usize, end: usize): f64 {
  let at = end;
  while (at > start && load<u8>(at) != 0x3e) at--;
  let seconds: f64 = 0;
  for (let i = at + 2; i < end && load<u8>(i) != 0x20; i++) {
    const digit: u32 = <u32>load<u8>(i) - 48;
    if (digit > 9) return 0;
    seconds = seconds * 10 + <f64>digit;
  }
  return seconds;
}

/** Decodes the hex id at `at`; what is no digit counts as 0. */
function decode(at: usize): void {
  for (let i: usize = 0, count = <usize>oidBytes(); i < count; i++) {
    store<u8>(decoded + i, (nibble(load<u8>(at + 2 * i)) << 4) | nibble(load<u8>(at + 2 * i, 1)));
  }
}

// @ts-ignore: decorator
@inline
function nibble(c: u32): u32 {
  if (c - 48 <= 9) return c - 48;
  return c - 97 <= 5 ? c - 87 : 0;
}
