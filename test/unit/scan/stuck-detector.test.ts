import { expect, test } from 'vitest';
import { CallCells } from '../../../src/scan/call-cells.js';
import { StuckDetector, TimeLimits } from '../../../src/scan/stuck-detector.js';

test('a state is timed from the first look that shows it, whatever came between two looks', () => {
  const detector = new StuckDetector();
  expect(detector.seenFor({ beats: 1 }, 1000)).toBe(0);
  expect(detector.seenFor({ beats: 1 }, 1400)).toBe(400);
  // The looking thread was busy for a minute, the worker was not stuck.
  expect(detector.seenFor({ beats: 7 }, 61_400)).toBe(0);
  expect(detector.seenFor({ beats: 7 }, 61_500)).toBe(100);
});

test('time without work does not count', () => {
  const detector = new StuckDetector();
  detector.seenFor({ beats: 3 }, 0);
  detector.idle();
  expect(detector.seenFor({ beats: 3 }, 90_000)).toBe(0);
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
