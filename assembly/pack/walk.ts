/**
 * Rebuilds whole delta families depth-first: each object is inflated once, each delta applied once, with
 * its base still warm in the cache. Only bases with children left to build stay in the arena.
 *
 * Records describe a forest in preorder, 24 bytes each:
 *   0  u32 address of the zlib stream      4  u32 bytes until the next entry of the pack
 *   8  u32 inflated size                  12  u32 records of the subtree, this one included
 *  16  u8 bits: 1 delta, 2 has children, 4 last child of its base, 8 wanted, 16 compare the CRC
 *  17  u8 bytes of entry header before the stream       18  u8 status, written here
 *  20  u32 CRC-32 of the packed entry
 */
import { crc32 } from './checksums';
import {
  applyDelta,
  copyCount,
  dirtyCount,
  headerBase,
  headerTarget,
  isSnapCut,
  isWholeDirty,
  readDeltaHeader,
  snapDirty,
} from './delta';
import { follow, isFollowing, takeNotes } from './follow';
import { inflate } from './inflate';
import { BAD_CRC, BAD_DELTA, OK, PAD, SLACK, TOO_LARGE } from './memory-map';
import { object } from './receiver';

const RECORD: usize = 24;
const DELTA: u32 = 1;
const HAS_CHILDREN: u32 = 2;
const LAST_CHILD: u32 = 4;
const WANTED: u32 = 8;
const CHECK_CRC: u32 = 16;

/** Arena of the walk under way: [arenaStart, arenaEnd), which may grow up to arenaLimit. */
let arenaStart: usize = 0;
let arenaEnd: usize = 0;
let arenaLimit: usize = 0;
/** Live bases below the one in use, by rising address: pairs (address, size). */
let frames: usize = 0;
let frameCount: u32 = 0;
/** The base in use. Not a frame when this is its last child: its bytes are given up as soon as that is built. */
let baseAt: usize = 0;
let baseSize: u32 = 0;
/** What was built last. */
let builtAt: usize = 0;
let builtSize: u32 = 0;

/** Where the base of the object being handed over lies, untouched until the receiver returns. */
export function baseAddress(): usize {
  return baseAt;
}

export function baseBytes(): u32 {
  return baseSize;
}

/** Builds the forest of `count` records; returns 1 when the receiver ended it. */
export function walk(
  records: usize,
  count: u32,
  frameArea: usize,
  arena: usize,
  limit: usize,
  width: i32,
  snapLimit: u32,
): i32 {
  arenaStart = (arena + 63) & ~63;
  arenaLimit = limit;
  const present = memoryEnd();
  arenaEnd = limit < present ? limit : present;
  frames = frameArea;
  frameCount = 0;
  let slot: u32 = 0;
  while (slot < count) {
    const record = records + <usize>slot * RECORD;
    const bits: u32 = load<u8>(record, 16);
    let status: i32 = (bits & CHECK_CRC) != 0 ? checkCrc(record) : OK;
    if ((bits & DELTA) == 0) {
      frameCount = 0;
      if (status == OK) status = buildRoot(record);
    } else {
      // Preorder: the base of this record is the innermost frame.
      frameCount--;
      baseAt = load<u32>(frames + (frameCount << 3));
      baseSize = load<u32>(frames + (frameCount << 3), 4);
      if ((bits & LAST_CHILD) == 0) frameCount++;
      if (status == OK) status = buildDelta(record, (bits & WANTED) != 0 ? width : -1, (bits & LAST_CHILD) != 0);
    }
    store<u8>(record, <u8>status, 18);
    if (status != OK) {
      slot += load<u32>(record, 12);
      continue;
    }
    const end = builtAt + builtSize;
    for (let zero: usize = 0; zero < SLACK; zero += 16) v128.store(end + zero, v128.splat<u8>(0));
    if ((bits & HAS_CHILDREN) != 0) {
      store<u32>(frames + (frameCount << 3), <u32>builtAt);
      store<u32>(frames + (frameCount << 3), builtSize, 4);
      frameCount++;
    }
    if ((bits & WANTED) != 0 && !(isFollowing() && follow(slot, builtAt, builtSize))) {
      let flags: u32 = 1;
      if ((bits & DELTA) != 0 && width >= 0) {
        if (!isWholeDirty) snapDirty(builtAt, builtSize, snapLimit);
        flags = (isWholeDirty ? 1 : 0) | (isSnapCut ? 2 : 0);
        if (object(slot, builtAt, builtSize, dirtyCount, copyCount, flags) != 0) return 1;
      } else if (object(slot, builtAt, builtSize, 0, 0, flags) != 0) {
        return 1;
      }
    }
    slot++;
  }
  if (isFollowing()) takeNotes();
  return 0;
}

function checkCrc(record: usize): i32 {
  const header: u32 = load<u8>(record, 17);
  const start = <usize>load<u32>(record) - header;
  return crc32(start, load<u32>(record, 4) + header) == load<u32>(record, 20) ? OK : BAD_CRC;
}

function buildRoot(record: usize): i32 {
  const size = load<u32>(record, 8);
  if (!hasRoom(arenaStart, size)) return TOO_LARGE;
  builtAt = arenaStart;
  builtSize = size;
  const source: usize = load<u32>(record);
  return inflate(source, source + load<u32>(record, 4), builtAt, size);
}

/** Inflates the delta at the arena's far end and applies it to the base, below. */
function buildDelta(record: usize, width: i32, isLast: bool): i32 {
  const size = load<u32>(record, 8);
  let delta = scratch(size);
  if (delta == 0) {
    compact(isLast);
    delta = scratch(size);
    if (delta == 0) return TOO_LARGE;
  }
  const source: usize = load<u32>(record);
  const status = inflate(source, source + load<u32>(record, 4), delta, size);
  if (status != OK) return status;
  const first = readDeltaHeader(delta, delta + size);
  if (first == 0 || headerBase != <u64>baseSize) return BAD_DELTA;
  if (headerTarget > 0xfffe0000) return TOO_LARGE;
  const skip = first - delta;
  const targetSize = <u32>headerTarget;

  // Where the base before this one lay is free again when it had no further child; using those bytes keeps
  // a chain within two or three objects' worth of cache.
  const live: usize = frameCount == 0 ? arenaStart : frameEnd(frameCount - 1);
  let place: usize = align(baseAt + baseSize + PAD);
  if (isLast && <u64>live + targetSize + PAD <= <u64>baseAt) place = live;
  else if (<u64>place + targetSize + PAD > <u64>delta) {
    const needed = <u64>targetSize + (PAD + 64) + (<u64>size + (PAD + 64));
    if (!hasRoom64(<u64>place + needed)) {
      compact(isLast);
      place = align(baseAt + baseSize + PAD);
      if (!hasRoom64(<u64>place + needed)) return TOO_LARGE;
    }
    const moved = (arenaEnd - size - PAD) & ~63;
    if (moved != delta) memory.copy(moved, delta, size);
    delta = moved;
  }
  builtAt = place;
  builtSize = targetSize;
  return applyDelta(delta + skip, delta + size, baseAt, baseSize, place, targetSize, width) ? OK : BAD_DELTA;
}

/** Address of `size` bytes at the arena's end, above all that lives; 0 when there is no room. */
function scratch(size: u32): usize {
  const top = align(baseAt + baseSize + PAD);
  if (!hasRoom64(<u64>top + size + (PAD + 64))) return 0;
  return (arenaEnd - size - PAD) & ~63;
}

/** Slides the live bases together. */
function compact(isLast: bool): void {
  let to = arenaStart;
  for (let i: u32 = 0; i < frameCount; i++) {
    const frame = frames + (i << 3);
    const from: usize = load<u32>(frame);
    const size = load<u32>(frame, 4);
    if (from != to) memory.copy(to, from, size + SLACK);
    store<u32>(frame, <u32>to);
    to = align(to + size + PAD);
  }
  if (isLast) {
    if (baseAt != to) memory.copy(to, baseAt, baseSize + SLACK);
    baseAt = to;
  } else {
    baseAt = load<u32>(frames + ((frameCount - 1) << 3));
  }
}

function frameEnd(index: u32): usize {
  const frame = frames + (index << 3);
  return align(<usize>load<u32>(frame) + load<u32>(frame, 4) + PAD);
}

// @ts-ignore: decorator
@inline
function align(address: usize): usize {
  return (address + 63) & ~63;
}

function hasRoom(start: usize, size: u32): bool {
  return hasRoom64(<u64>start + size + (PAD + 64));
}

/** Makes the arena reach `end`, if it may. Doubles, so that growing is rare. */
function hasRoom64(end: u64): bool {
  if (end <= <u64>arenaEnd) return true;
  if (end > <u64>arenaLimit) return false;
  let wanted: u64 = <u64>arenaEnd + (<u64>arenaEnd - arenaStart) + 0x100000;
  if (wanted < end) wanted = end;
  if (wanted > <u64>arenaLimit) wanted = arenaLimit;
  if (wanted > <u64>memoryEnd()) {
    const pages = <i32>((wanted - <u64>memoryEnd() + 0xffff) >> 16);
    if (memory.grow(pages) < 0) return false;
  }
  arenaEnd = <usize>wanted;
  return true;
}

/** Bytes of memory; the limit of 65535 pages keeps it within 32 bits. */
function memoryEnd(): usize {
  return (<usize>memory.size()) << 16;
}
