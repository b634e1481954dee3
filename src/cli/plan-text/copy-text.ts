/** Where one copy stands, for whoever has to clean it. */
import { spotText } from '../../report/location-text.js';
import type { Copy } from '../../rotation/dossier.js';

/** `acme/ledger config/.env.prod:3 (head)`; a record with its link. */
export function copyText({ location, presence }: Copy): string {
  const { appearance } = location;
  const link =
    appearance.type === 'record' && appearance.permalink !== undefined ? ` ${appearance.permalink}` : '';
  return `${location.placeName} ${spotText(location)} (${presence})${link}`;
}
