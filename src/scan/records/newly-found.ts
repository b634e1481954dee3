/** What readers of files add to the plain reading of the same files. */
import type { ContentResult } from '../../store/store.js';

/**
 * Contents with those findings that the plain reading of their file, or of an entry in it, did not give.
 *
 * @param hidden what readers found, each with the appearance of its file
 * @param plain all other contents of the range
 */
export function newlyFound(
  hidden: readonly ContentResult[],
  plain: readonly ContentResult[],
): ContentResult[] {
  if (hidden.length === 0) return [];
  const known = new Set<string>();
  for (const { findings, appearances } of plain) {
    for (const path of pathsOf(appearances)) {
      const outer = path.split('!/', 1)[0] as string;
      for (const { fingerprint } of findings)
        known.add(`${fingerprint} ${path}`).add(`${fingerprint} ${outer}`);
    }
  }
  return hidden.flatMap((content) => {
    const [path = ''] = pathsOf(content.appearances);
    const findings = content.findings.filter(({ fingerprint }) => !known.has(`${fingerprint} ${path}`));
    return findings.length === 0 ? [] : [{ ...content, findings }];
  });
}

function pathsOf(appearances: ContentResult['appearances']): string[] {
  return (appearances ?? []).flatMap((appearance) =>
    appearance.type === 'file' ? [appearance.path.text] : [],
  );
}
