/** Decides once whether there is colour, and whether anybody watches progress. */
import { ansiStyle, plainStyle, type Style } from '../report/style.js';
import type { Io, OutputStream } from './io.js';

export const colorModes = ['auto', 'always', 'never'] as const;
export type ColorMode = (typeof colorModes)[number];

export interface Terminal {
  /** For stdout. */
  readonly style: Style;
  /** For stderr. */
  readonly errorStyle: Style;
  /** True when progress may be drawn: stderr is a terminal and nobody asked for quiet. */
  readonly showsProgress: boolean;
  /** Columns of stderr. */
  readonly width: number;
}

function styleFor(stream: OutputStream, mode: ColorMode, env: Io['env']): Style {
  if (mode === 'always') return ansiStyle;
  if (mode === 'never') return plainStyle;
  // https://no-color.org: set and not empty means no colour, whatever the value.
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return stream.isTTY === true && !refused ? ansiStyle : plainStyle;
}

export function decideTerminal(io: Io, color: ColorMode, quiet: boolean): Terminal {
  return {
    style: styleFor(io.stdout, color, io.env),
    errorStyle: styleFor(io.stderr, color, io.env),
    showsProgress: io.stderr.isTTY === true && !quiet && io.env['TERM'] !== 'dumb',
    width: io.stderr.columns ?? 80,
  };
}
