/** Draws the progress of a scan on one line of a terminal: percentage, rate and time left. */
import { bytesText, grouped, safeText } from '../report/safe-text.js';
import type { ScanEvent } from '../scan/messages.js';
import type { OutputStream } from './io.js';

/** Least time between two drawings. */
const redrawMs = 100;

/** `12s`, `3m05s`, `2h10m`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

type ProgressEvent = Extract<ScanEvent, { type: 'progress' }>;

/**
 * ` 42 %  1.2 GB of 2.9 GB  310 MB/s  5s left  12 findings  read`. Percentage and time left appear only
 * once the total is known.
 */
export function progressLine(event: ProgressEvent, phase: string, elapsedMs: number): string {
  const parts: string[] = [];
  const { doneBytes, totalBytes } = event;
  const rate = elapsedMs > 0 ? (doneBytes * 1000) / elapsedMs : 0;
  if (totalBytes > 0) {
    const share = Math.min(1, doneBytes / totalBytes);
    parts.push(`${String(Math.floor(share * 100)).padStart(3)} %`);
    parts.push(`${bytesText(doneBytes)} of ${bytesText(totalBytes)}`);
  } else {
    parts.push(`${grouped(event.documents)} documents`);
  }
  if (elapsedMs >= 1000) {
    parts.push(`${bytesText(rate)}/s`);
    const left = totalBytes - doneBytes;
    if (rate > 0 && left > 0) parts.push(`${durationText((left * 1000) / rate)} left`);
  }
  parts.push(`${grouped(event.findings)} findings`, phase);
  return parts.join('  ');
}

export class Progress {
  readonly #stream: OutputStream;
  readonly #width: number;
  readonly #clock: () => number;
  readonly #startedMs: number;
  #phase = '';
  #drawnMs = Number.NEGATIVE_INFINITY;
  #visible = false;

  /** @param clock milliseconds of a monotonic clock */
  constructor(stream: OutputStream, width: number, clock: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#width = width;
    this.#clock = clock;
    this.#startedMs = clock();
  }

  accept(event: ScanEvent): void {
    if (event.type === 'phase') this.#phase = `${event.phase} ${safeText(event.place)}`;
    if (event.type !== 'progress') return;
    const now = this.#clock();
    if (now - this.#drawnMs < redrawMs) return;
    this.#drawnMs = now;
    const line = progressLine(event, this.#phase, now - this.#startedMs);
    this.#write(`\r\u001b[K${line.slice(0, Math.max(10, this.#width - 1))}`);
    this.#visible = true;
  }

  /** Removes the line, so that what follows starts on a clean one. */
  clear(): void {
    if (!this.#visible) return;
    this.#write('\r\u001b[K');
    this.#visible = false;
  }

  #write(text: string): void {
    // A terminal that went away is noticed by the next real output.
    this.#stream.write(text, () => {});
  }
}
