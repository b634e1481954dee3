/**
 * Applies git's delta format (gitformat-pack(5), "Deltified representation") with full bounds checks and
 * notes on the way what the target has that its base has not.
 */
import { COPY_CAPACITY, COPY_RANGES, COPY_SHUFFLES, DIRTY_CAPACITY, DIRTY_RANGES, TOKEN_BYTES } from './memory-map';

/** Results of the last header read. */
export let headerBase: u64 = 0;
export let headerTarget: u64 = 0;

/** Number of entries in `DIRTY_RANGES` and `COPY_RANGES` after `applyDelta`. */
export let dirtyCount: u32 = 0;
export let copyCount: u32 = 0;
/** The whole target counts as dirty, because a table was full. */
export let isWholeDirty: bool = false;
/** A token run was longer than the snapping limit, so a range ends inside it. */
export let isSnapCut: bool = false;

/** Reads both sizes; returns the first instruction's address, 0 when the header is cut off or absurd. */
export function readDeltaHeader(delta: usize, end: usize): usize {
  let at = delta;
  for (let turn = 0; turn < 2; turn++) {
    let value: u64 = 0;
    let shift: u64 = 0;
    for (;;) {
      if (at >= end || shift > 56) return 0;
      const byte = load<u8>(at++);
      value |= (<u64>(byte & 0x7f)) << shift;
      shift += 7;
      if ((byte & 0x80) == 0) break;
    }
    if (turn == 0) headerBase = value;
    else headerTarget = value;
  }
  return at;
}

/**
 * Runs the instructions at [delta, end). `width` below 0 notes no ranges; 0 would miss bare seams. True when every byte of the target
 * was written from inside the base or the delta.
 *
 * A dirty range is what lies outside every copied run shrunk by `width` at each cut edge. A run's edge is no
 * cut where it is the border of both documents. That equals "literals and seams, widened and merged".
 */
export function applyDelta(
  delta: usize,
  end: usize,
  base: usize,
  baseSize: u32,
  target: usize,
  targetSize: u32,
  width: i32,
): bool {
  let at = delta;
  let out = target;
  const targetEnd = target + targetSize;
  startRanges();
  // The copied run being collected: git splits long copies, and a copy that goes on is no seam.
  let runTarget: u32 = 0;
  let runBase: u32 = 0;
  let runSize: u32 = 0;
  let dirtyFrom: u32 = 0;
  const margin: u32 = width < 0 ? 0 : <u32>width;

  while (at < end) {
    const code: u32 = load<u8>(at);
    if ((code & 0x80) != 0) {
      // Branch-free: which of the seven bytes follow differs from one instruction to the next.
      const fields = i8x16.swizzle(v128.load(at, 1), v128.load64_zero(COPY_SHUFFLES + ((code & 0x7f) << 3)));
      at += 1 + popcnt(code & 0x7f);
      if (at > end) return false;
      const offset = <u32>i32x4.extract_lane(fields, 0);
      let size = <u32>i32x4.extract_lane(fields, 1);
      if (size == 0) size = 0x10000;
      if (offset > baseSize || size > baseSize - offset || size > <u32>(targetEnd - out)) return false;
      let from = base + offset;
      if (size <= 256) {
        // A call of memory.copy has a fixed cost; the overshoot falls into the pad behind the target.
        let to = out;
        const stop = out + size;
        do {
          v128.store(to, v128.load(from));
          to += 16;
          from += 16;
        } while (to < stop);
      } else {
        memory.copy(out, from, size);
      }
      if (width >= 0) {
        if (runSize != 0 && runBase + runSize == offset && target + runTarget + runSize == out) {
          runSize += size;
        } else {
          if (runSize != 0) dirtyFrom = closeRun(runTarget, runBase, runSize, baseSize, targetSize, margin, dirtyFrom);
          runTarget = <u32>(out - target);
          runBase = offset;
          runSize = size;
        }
      }
      out += size;
    } else {
      if (code == 0) return false;
      at++;
      if (code > <u32>(end - at) || code > <u32>(targetEnd - out)) return false;
      let from = at;
      let to = out;
      const stop = out + code;
      do {
        v128.store(to, v128.load(from));
        to += 16;
        from += 16;
      } while (to < stop);
      at += code;
      out += code;
    }
  }
  if (out != targetEnd) return false;
  if (width >= 0) {
    if (runSize != 0) dirtyFrom = closeRun(runTarget, runBase, runSize, baseSize, targetSize, margin, dirtyFrom);
    finishRanges(dirtyFrom, targetSize);
  }
  return true;
}

/** Begins the lists of ranges anew. */
export function startRanges(): void {
  dirtyCount = 0;
  copyCount = 0;
  isWholeDirty = false;
  isSnapCut = false;
}

/** Ends the lists. */
export function finishRanges(dirtyFrom: u32, targetSize: u32): void {
  if (dirtyFrom < targetSize) addDirty(dirtyFrom, targetSize);
  if (!isWholeDirty) return;
  copyCount = 0;
  dirtyCount = targetSize == 0 ? 0 : 1;
  store<u32>(DIRTY_RANGES, 0);
  store<u32>(DIRTY_RANGES, targetSize, 4);
}

/** Ends a copied run; returns where the next dirty range would start. */
export function closeRun(
  runTarget: u32,
  runBase: u32,
  runSize: u32,
  baseSize: u32,
  targetSize: u32,
  margin: u32,
  dirtyFrom: u32,
): u32 {
  if (copyCount == COPY_CAPACITY) {
    isWholeDirty = true;
    return dirtyFrom;
  }
  const runEnd = runTarget + runSize;
  const entry = COPY_RANGES + copyCount * 12;
  store<u32>(entry, runTarget);
  store<u32>(entry, runEnd, 4);
  store<u32>(entry, runBase, 8);
  copyCount++;
  const cutAtStart: u32 = runTarget == 0 && runBase == 0 ? 0 : margin;
  const cutAtEnd: u32 = runEnd == targetSize && runBase + runSize == baseSize ? 0 : margin;
  if (<u64>runSize <= <u64>cutAtStart + <u64>cutAtEnd) return dirtyFrom;
  if (runTarget + cutAtStart > dirtyFrom) addDirty(dirtyFrom, runTarget + cutAtStart);
  return runEnd - cutAtEnd;
}

function addDirty(start: u32, end: u32): void {
  if (dirtyCount == DIRTY_CAPACITY) {
    isWholeDirty = true;
    return;
  }
  const entry = DIRTY_RANGES + (dirtyCount << 3);
  store<u32>(entry, start);
  store<u32>(entry, end, 4);
  dirtyCount++;
}

/** Moves each range's ends outward to the border of the token run they cut, at most `limit` bytes. */
export function snapDirty(target: usize, targetSize: u32, limit: u32): void {
  let kept: u32 = 0;
  let floor: u32 = 0;
  for (let i: u32 = 0; i < dirtyCount; i++) {
    const entry = DIRTY_RANGES + (i << 3);
    let start = load<u32>(entry);
    let end = load<u32>(entry, 4);
    if (start < floor) start = floor;
    if (start > floor && isToken(target + start)) {
      const stop: u32 = start - floor > limit ? start - limit : floor;
      while (start > stop && isToken(target + start - 1)) start--;
      if (start == stop && stop > floor && isToken(target + start - 1)) isSnapCut = true;
    }
    if (end < start) end = start;
    if (end < targetSize && end > 0 && isToken(target + end - 1)) {
      const stop: u32 = targetSize - end > limit ? end + limit : targetSize;
      while (end < stop && isToken(target + end)) end++;
      if (end == stop && stop < targetSize && isToken(target + end)) isSnapCut = true;
    }
    if (kept != 0 && start <= floor) {
      store<u32>(DIRTY_RANGES + ((kept - 1) << 3), end, 4);
    } else {
      const place = DIRTY_RANGES + (kept << 3);
      store<u32>(place, start);
      store<u32>(place, end, 4);
      kept++;
    }
    floor = end;
  }
  dirtyCount = kept;
}

// @ts-ignore: decorator
@inline
function isToken(at: usize): bool {
  return load<u8>(TOKEN_BYTES + load<u8>(at)) != 0;
}

export function initDelta(): void {
  for (let code: u32 = 0; code < 128; code++) {
    let source: u8 = 0;
    for (let field: u32 = 0; field < 8; field++) {
      const isSent: bool = field < 7 && ((code >> field) & 1) != 0;
      store<u8>(COPY_SHUFFLES + (code << 3) + field, isSent ? source : 0x80);
      if (isSent) source++;
    }
  }
  for (let byte: u32 = 0; byte < 256; byte++) {
    const isIn: bool =
      (byte >= 48 && byte <= 57) ||
      (byte >= 65 && byte <= 90) ||
      (byte >= 97 && byte <= 122) ||
      byte == 43 || byte == 47 || byte == 61 || byte == 95 || byte == 46 || byte == 45;
    store<u8>(TOKEN_BYTES + byte, isIn ? 1 : 0);
  }
}
