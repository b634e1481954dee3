/**
 * Looks at a document, or at what it has not copied from the one that it was made from, all at once: which lines
 * are due, which keywords stand there, and whether anything may be encoded. Most documents are done with that.
 *
 * src/detect/document-memory.ts says what is due and why, and is the oracle with src/detect/detector-reach.ts.
 */
import { COPY_RANGES, DIRTY_RANGES } from '../pack/memory-map';
import { encodedRuns } from './encoded';
import { startEscapes } from './escapes';
import { clearHits, dropQuiet, endOf, findKeywords, foundHits, keepHit, keepKeywords, passKept, resumeKeywordsAt } from './keywords';
import {
  ASKED,
  CHANGED,
  DUE,
  HEX_VALUES,
  KEPT,
  KEPT_END,
  LEVEL_CAPACITY,
  LEVELS,
  LINES,
  LOUD,
  REFERENCE_COUNT,
  SPAN_CAPACITY,
  WORK_SPANS,
} from './memory-map';
import { BESIDE_REACH, NEXT_NAME_REACH, NEXT_VALUE_REACH, REACH_BEFORE, startQuiet } from './quiet';
import { addSpan, joinSpans, lineStart, mergeSpans, wholeLines, widenSpans } from './spans';
import { resumeTagsAt, tagRuns } from './tags';

/** Answers. Not all hits are listed: none must be used. */
const IS_OVERFULL: u32 = 1;
/** Lines with a change have bytes above ASCII. */
const HAS_HIGH: u32 = 2;
/** The head of the document has a NUL. */
const HAS_NUL: u32 = 4;
/** Something may be encoded in the lines with a change. */
const MAY_BE_ENCODED: u32 = 8;
/** All keywords of the document are kept on its level. */
const IS_KEPT: u32 = 16;

/** In place of a number of changes: the document is not made from another. */
const WHOLE: u32 = 0xffffffff;
/** In place of a level: nothing is kept, or known of the base. */
const NO_LEVEL: u32 = 0xffffffff;

const HEAD: u32 = 8192;
/** As in src/detect/document-memory.ts. */
const STEP_BYTES: u32 = 64;
const MERGED_GAP: u32 = 1024;
/** As in src/detect/view-scanner.ts. */
const REGION_BEFORE: u32 = 400;
const REGION_BEHIND: u32 = 480;
/** A kept keyword is no longer than that; see `rarestPart` in src/prefilter/keyword-tables.ts. */
let mostKeyword: u32 = 0;

let changedCount: u32 = 0;
let lineCount: u32 = 0;
let dueCount: u32 = 0;
let askedCount: u32 = 0;

/** Hits in `HITS` after `look`. */
export function lookedHits(): u32 {
  return foundHits();
}

/** Spans in `CHANGED` after `look`. */
export function changedSpans(): u32 {
  return changedCount;
}

export function setMostKeyword(bytes: u32): void {
  mostKeyword = bytes;
}

/**
 * @param level where the document's keywords are kept for those made from it, or NO_LEVEL
 * @param baseLevel where its base's are, or those of the reference that it is compared with
 * @param changes spans in DIRTY_RANGES, or WHOLE
 * @param copies triples in COPY_RANGES
 * @param loud spans in LOUD
 */
export function look(
  text: usize,
  length: u32,
  level: u32,
  baseLevel: u32,
  changes: u32,
  copies: u32,
  loud: u32,
): u32 {
  if (changes == WHOLE) spanAll(length);
  else spanChanges(text, length, changes, loud);
  let answers: u32 = hasNul(text, length) ? HAS_NUL : 0;
  answers |= linesAnswer(text, length);
  let isKept = false;
  if (level < LEVEL_CAPACITY) {
    isKept = keep(text, length, level, baseLevel, changes == WHOLE, copies);
    if (!isKept) store<u64>(LEVELS + (level << 3), 0);
  }
  startQuiet();
  const isListed = isKept ? listKept(text, length, level) : changes == WHOLE && listFound(text, length);
  if (!isListed) answers |= IS_OVERFULL;
  return isKept ? answers | IS_KEPT : answers;
}

/**
 * Tags the runs in what changed, from the span `first` on, and in that from `from` on, with `bit`. Returns the number of the
 * span in which the table was full, where `resumeTagsAt` says; that of all spans when it is done.
 */
export function tagChanged(text: usize, length: u32, first: u32, from: u32, bit: u32): u32 {
  for (let i = first; i < changedCount; i++) {
    const start = load<u32>(CHANGED + (i << 3));
    const end = load<u32>(CHANGED + (i << 3), 4);
    tagRuns(text, length, i == first && from > start ? from : start, end, bit, false);
    if (resumeTagsAt() < end) return i;
  }
  return changedCount;
}

function spanAll(length: u32): void {
  changedCount = addSpan(CHANGED, 0, 0, length);
  lineCount = addSpan(LINES, 0, 0, length);
  dueCount = addSpan(DUE, 0, 0, length);
  askedCount = addSpan(ASKED, 0, 0, length);
}

function spanChanges(text: usize, length: u32, changes: u32, loud: u32): void {
  changedCount = joinSpans(DIRTY_RANGES, changes, CHANGED, STEP_BYTES);
  lineCount = wholeLines(text, length, ASKED, widenSpans(CHANGED, changedCount, ASKED, 1, 1, length), LINES);
  const parts = joinSpans(CHANGED, changedCount, WORK_SPANS, MERGED_GAP);
  let touched: u32 = 0;
  for (let i: u32 = 0; i < parts; i++) {
    const end = load<u32>(WORK_SPANS + (i << 3), 4);
    const stop: u32 = length - end < REACH_BEFORE ? length : end + REACH_BEFORE;
    touched = addSpan(ASKED, touched, firstReaching(text, load<u32>(WORK_SPANS + (i << 3))), stop);
  }
  if (loud == 0) {
    dueCount = wholeLines(text, length, ASKED, touched, DUE);
  } else if (touched + loud > SPAN_CAPACITY) {
    dueCount = addSpan(DUE, 0, 0, length);
  } else {
    const both = mergeSpans(ASKED, touched, LOUD, loud, WORK_SPANS);
    dueCount = wholeLines(text, length, WORK_SPANS, both, DUE);
  }
  askedCount = widenSpans(DUE, dueCount, ASKED, REGION_BEFORE, REGION_BEHIND, length);
}

function firstReaching(text: usize, offset: u32): u32 {
  if (offset <= BESIDE_REACH) return 0;
  const last = offset - BESIDE_REACH;
  const floor: u32 = last > NEXT_VALUE_REACH ? last - NEXT_VALUE_REACH : 0;
  // The newline itself counts as the place: it is the byte before the line's start.
  const start = lineStart(text, last + 1, floor + 1);
  const at: u32 = start - 1;
  return at > NEXT_NAME_REACH ? at - NEXT_NAME_REACH : 0;
}

function hasNul(text: usize, length: u32): bool {
  const head: u32 = length < HEAD ? length : HEAD;
  const zero = i8x16.splat(0);
  let at: u32 = 0;
  for (; at + 16 <= head; at += 16) {
    if (v128.any_true(i8x16.eq(v128.load(text + at), zero))) return true;
  }
  for (; at < head; at++) if (load<u8>(text + at) == 0) return true;
  return false;
}

function linesAnswer(text: usize, length: u32): u32 {
  let answer: u32 = 0;
  for (let i: u32 = 0; i < lineCount; i++) {
    const start = load<u32>(LINES + (i << 3));
    const end = load<u32>(LINES + (i << 3), 4);
    answer |= bytesAnswer(text, start, end);
    if ((answer & MAY_BE_ENCODED) == 0 && encodedRuns(text, start, end) != 0) answer |= MAY_BE_ENCODED;
  }
  return answer;
}

/** Whether [start, end) has bytes above ASCII or a percent escape. */
function bytesAnswer(text: usize, start: u32, end: u32): u32 {
  const percent = i8x16.splat(0x25);
  let all = i8x16.splat(0);
  let isEscaped = false;
  let at = start;
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(text + at);
    all = v128.or(all, bytes);
    const signs = i8x16.eq(bytes, percent);
    if (!isEscaped && v128.any_true(signs)) isEscaped = hasEscape(text + at, i8x16.bitmask(signs), end - at);
  }
  let high: u32 = i8x16.bitmask(all);
  for (; at < end; at++) {
    const byte: u32 = load<u8>(text + at);
    high |= byte & 0x80;
    if (byte == 0x25 && !isEscaped) isEscaped = hasEscape(text + at, 1, end - at);
  }
  return (high != 0 ? HAS_HIGH : 0) | (isEscaped ? MAY_BE_ENCODED : 0);
}

/** Whether two hex digits follow one of the percent signs, before `room` ends. */
function hasEscape(place: usize, signs: u32, room: u32): bool {
  let mask = signs;
  while (mask != 0) {
    const at = <u32>ctz(mask);
    mask &= mask - 1;
    if (at + 2 >= room) return false;
    if (isHexDigit(place + at + 1) && isHexDigit(place + at + 2)) return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function isHexDigit(place: usize): bool {
  return load<u8>(HEX_VALUES + load<u8>(place)) != 255;
}

/** Lists what is due of the kept keywords. */
function listKept(text: usize, length: u32, level: u32): bool {
  clearHits();
  startEscapes();
  const end = <usize>load<u32>(LEVELS + (level << 3), 4);
  let asked: u32 = 0;
  let due: u32 = 0;
  for (let hit = <usize>load<u32>(LEVELS + (level << 3)); hit < end; hit += 8) {
    const start = load<u32>(hit, 4);
    while (asked < askedCount && load<u32>(ASKED + (asked << 3), 4) <= start) asked++;
    if (asked == askedCount) break;
    if (start < load<u32>(ASKED + (asked << 3))) {
      hit = hitFrom(hit, end, load<u32>(ASKED + (asked << 3))) - 8;
      continue;
    }
    if (endOf(load<u32>(hit), start) > load<u32>(ASKED + (asked << 3), 4)) continue;
    while (due < dueCount && load<u32>(DUE + (due << 3), 4) <= start) due++;
    const isDue = due < dueCount && load<u32>(DUE + (due << 3)) <= start;
    if (!passKept(text, length, hit, isDue)) return false;
  }
  return true;
}

/** Lists the keywords of all of a text that are not kept. */
function listFound(text: usize, length: u32): bool {
  findKeywords(text, length, 0, length, 0, true);
  const isAll = resumeKeywordsAt() == length;
  if (isAll) dropQuiet(text, length);
  return isAll;
}

/** The first hit of the sorted list [from, end) that starts at `start` or behind. */
function hitFrom(from: usize, end: usize, start: u32): usize {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = low + ((((high - low) >> 3) >> 1) << 3);
    if (load<u32>(middle, 4) < start) low = middle + 8;
    else high = middle;
  }
  return low;
}

/** Keeps all keywords of the document on its level; false when they have no room. */
function keep(text: usize, length: u32, level: u32, baseLevel: u32, isWhole: bool, copies: u32): bool {
  const first: usize = level == 0 ? KEPT : <usize>load<u32>(LEVELS + ((level - 1) << 3), 4);
  if (first == 0) return false;
  let end: usize;
  if (isWhole) end = keepKeywords(text, 0, length, first, first, KEPT_END);
  else if (baseLevel < LEVEL_CAPACITY + REFERENCE_COUNT) end = inherit(text, length, baseLevel, copies, first);
  else return false;
  if (end == 0) return false;
  store<u32>(LEVELS + (level << 3), <u32>first);
  store<u32>(LEVELS + (level << 3), <u32>end, 4);
  return true;
}

/**
 * Keywords that were copied whole, and those in what changed, which are sought: any that has a changed byte lies
 * within a change made wider by the longest keyword.
 */
function inherit(text: usize, length: u32, baseLevel: u32, copies: u32, first: usize): usize {
  const sought = widenSpans(CHANGED, changedCount, WORK_SPANS, mostKeyword, mostKeyword, length);
  const baseFirst = <usize>load<u32>(LEVELS + (baseLevel << 3));
  const baseEnd = <usize>load<u32>(LEVELS + (baseLevel << 3), 4);
  let at = first;
  let span: u32 = 0;
  for (let i: u32 = 0; i < copies; i++) {
    const copy = COPY_RANGES + i * 12;
    const start = load<u32>(copy);
    const from = load<u32>(copy, 8);
    const stop = from + (load<u32>(copy, 4) - start);
    for (let hit = hitFrom(baseFirst, baseEnd, from); hit < baseEnd; hit += 8) {
      const keyword = load<u32>(hit);
      const hitStart = load<u32>(hit, 4);
      if (hitStart >= stop) break;
      const hitEnd = endOf(keyword, hitStart);
      if (hitEnd > stop) continue;
      const place = hitStart - from + start;
      while (span < sought && load<u32>(WORK_SPANS + (span << 3)) <= place) {
        at = keepKeywords(text, load<u32>(WORK_SPANS + (span << 3)), load<u32>(WORK_SPANS + (span << 3), 4), first, at, KEPT_END);
        if (at == 0) return 0;
        span++;
      }
      // The spans that begin behind the hit have no part in it; of those before it only the last may hold it.
      if (span > 0 && hitEnd - from + start <= load<u32>(WORK_SPANS + ((span - 1) << 3), 4)) continue;
      if (at + 8 > KEPT_END) return 0;
      keepHit(first, at, keyword, place);
      at += 8;
    }
  }
  for (; span < sought; span++) {
    at = keepKeywords(text, load<u32>(WORK_SPANS + (span << 3)), load<u32>(WORK_SPANS + (span << 3), 4), first, at, KEPT_END);
    if (at == 0) return 0;
  }
  return at;
}
