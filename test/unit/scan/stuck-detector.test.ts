import { expect, test } from 'vitest';
import { CallCells } from '../../../src/scan/call-cells.js';
import { type Clocks, countedMs, StuckDetector, TimeLimits } from '../../../src/scan/stuck-detector.js';

/** With all of a processor. */
const at = (ms: number): Clocks => ({ wallMs: ms, cpuMs: ms });

test('a state is timed from the first look that shows it, whatever came between two looks', () => {
  const detector = new StuckDetector();
  expect(detector.seenFor({ beats: 1 }, at(1000))).toEqual(at(0));
  expect(detector.seenFor({ beats: 1 }, at(1400))).toEqual(at(400));
  // The looking thread was busy for a minute, the worker was not stuck.
  expect(detector.seenFor({ beats: 7 }, at(61_400))).toEqual(at(0));
  expect(detector.seenFor({ beats: 7 }, at(61_500))).toEqual(at(100));
});

test('an analysis is timed by what of the processor it was given, reading by the clock', () => {
  const crowded = { wallMs: 60_000, cpuMs: 2000 };
  expect(countedMs({ call: 1 }, crowded, 2)).toBe(1000);
  expect(countedMs({ call: 0 }, crowded, 2)).toBe(60_000);
  // Other threads of the process do not make it older than it is.
  expect(countedMs({ call: 1 }, { wallMs: 1000, cpuMs: 9000 }, 2)).toBe(1000);
});

test('time without work does not count', () => {
  const detector = new StuckDetector();
  detector.seenFor({ beats: 3 }, at(0));
  detector.idle();
  expect(detector.seenFor({ beats: 3 }, at(90_000))).toEqual(at(0));
});

test('each call that begins or ends is a beat, and what a worker writes the other side reads', () => {
  const cells = new CallCells();
  const seen = new CallCells(cells.memory);
  cells.begin(5, { call: 2, bytes: 300 });
  const during = seen.read();
  expect(during).toMatchObject({ job: 5, call: 2, bytes: 300 });
  cells.end();
  expect(seen.read()).toMatchObject({ job: 5, call: 0 });
  expect(seen.read().beats).toBeGreaterThan(during.beats);
});

test('after some hostile documents small ones get less time, large ones what they need', () => {
  const limits = new TimeLimits(60_000);
  const small = { call: 1, bytes: 10_000 };
  const large = { call: 1, bytes: 64 * 2 ** 20 };
  expect(limits.allowed(small)).toBe(60_000);
  for (let i = 0; i < 4; i++) limits.exceeded();
  expect(limits.allowed(small)).toBe(60_000 / 16);
  expect(limits.allowed(large)).toBe(34_000);
  expect(limits.allowed({ call: 0, bytes: 0 })).toBe(600_000);
});
