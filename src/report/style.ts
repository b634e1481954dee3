/** Colours as functions, so that reports stay pure: the command line decides once whether they do anything. */

export const roles = ['strong', 'dim', 'alarm', 'warning', 'good', 'name'] as const;
export type Role = (typeof roles)[number];
export type Style = Readonly<Record<Role, (text: string) => string>>;

const same = (text: string): string => text;

export const plainStyle: Style = {
  strong: same,
  dim: same,
  alarm: same,
  warning: same,
  good: same,
  name: same,
};

function sgr(open: number, close: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`);
}

/** The sixteen basic colours only: they follow the reader's own theme. */
export const ansiStyle: Style = {
  strong: sgr(1, 22),
  dim: sgr(2, 22),
  alarm: sgr(31, 39),
  warning: sgr(33, 39),
  good: sgr(32, 39),
  name: sgr(36, 39),
};
