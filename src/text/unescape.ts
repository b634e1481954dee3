/**
 * All readings of a short window with its escapes undone, for text round a keyword hit: which syntax a
 * window is in is not known, so each escaping that shows is tried, again on the result, until nothing changes.
 */
import type { Spelling } from '../model/finding.js';
import {
  undoEntities,
  undoJsonEscapes,
  undoLinkMangling,
  undoPercent,
  undoQuotedPrintable,
  undoShellEscapes,
} from './escapes.js';
import { composeMaps, identityMap } from './offset-map.js';
import { undoTypography } from './typography.js';
import type { TextView } from './view.js';
import type { Rewritten } from './view-writer.js';

/** Layers undone at most; exports nest two to four, of which the reader of the export undoes its own. */
const maxDepth = 3;
/** Distinct readings of one window at most. */
const maxVariants = 16;

/** Bytes with which escapes begin, by sort. */
const backslash = 1;
const percent = 2;
const ampersand = 4;
const equals = 8;
const lessThan = 16;
/** Above ASCII, and control bytes that no line of text has. */
const odd = 32;
/** Begins no escape by itself: shells write a quote within quotes with others. */
const quote = 64;

interface Layer {
  /** Sorts of bytes of which one at least must stand in a text that this undoes. */
  readonly leads: number;
  readonly spelling: Spelling | undefined;
  readonly undo: (input: Buffer) => Rewritten | undefined;
}

/** In the order of likelihood; `undefined` marks the clean-up that is a view and no spelling. */
const layers: readonly Layer[] = [
  { leads: backslash, spelling: 'json-escaped', undo: undoJsonEscapes },
  { leads: percent, spelling: 'percent', undo: undoPercent },
  { leads: ampersand, spelling: 'xml-escaped', undo: undoEntities },
  { leads: backslash | quote, spelling: 'shell-escaped', undo: undoShellEscapes },
  { leads: equals, spelling: 'quoted-printable', undo: undoQuotedPrintable },
  { leads: lessThan, spelling: 'link-mangled', undo: undoLinkMangling },
  { leads: odd, spelling: undefined, undo: undoTypography },
];

type Reading = TextView;

const leadOf = new Uint8Array(256).fill(odd, 0x80);
for (let c = 0; c < 32; c++) if (c !== 9 && c !== 10 && c !== 13) leadOf[c] = odd;
leadOf[0x7f] = odd;
leadOf[0x5c] = backslash;
leadOf[0x25] = percent;
leadOf[0x26] = ampersand;
leadOf[0x3d] = equals;
leadOf[0x3c] = lessThan;
leadOf[0x27] = quote;

/** The sorts of bytes in `[start, end)`. */
function leadsIn(bytes: Buffer, start: number, end: number): number {
  let leads = 0;
  for (let i = start; i < end; i++) leads |= leadOf[bytes[i] as number] as number;
  return leads;
}

/** The readings one layer below `reading` that were not `seen` before. */
function undoOnce(reading: Reading, seen: Set<string>): Reading[] {
  const found: Reading[] = [];
  const present = leadsIn(reading.bytes, 0, reading.bytes.length);
  for (const { leads, spelling, undo } of layers) {
    if ((leads & present) === 0) continue;
    const undone = undo(reading.bytes);
    if (undone === undefined) continue;
    const text = undone.bytes.toString('latin1');
    if (seen.has(text)) continue;
    seen.add(text);
    found.push({
      bytes: undone.bytes,
      map: composeMaps(reading.map, undone.map),
      view: spelling === undefined ? 'plain' : reading.view,
      spelling: spelling === undefined ? reading.spelling : [...reading.spelling, spelling],
    });
  }
  return found;
}

/**
 * Each distinct reading of `bytes[start, end)` with one to three layers of escapes undone, fewest layers
 * first; none when there is nothing to undo. Maps lead to offsets of `bytes`.
 */
export function unescapeWindow(bytes: Buffer, start: number, end: number): TextView[] {
  if ((leadsIn(bytes, start, end) & ~quote) === 0) return [];
  const window = bytes.subarray(start, end);
  const seen = new Set([window.toString('latin1')]);
  const found: Reading[] = [];
  let level: Reading[] = [
    { bytes: window, map: identityMap(window.length, start), view: 'decoded', spelling: [] },
  ];
  for (let depth = 0; depth < maxDepth && found.length < maxVariants; depth++) {
    level = level.flatMap((reading) => undoOnce(reading, seen));
    found.push(...level);
  }
  return found.slice(0, maxVariants);
}
