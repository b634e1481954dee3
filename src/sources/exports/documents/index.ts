import type { ExportReader } from '../contract.js';
import { encryptedOffice } from './encrypted-office.js';
import { office } from './office.js';
import { oldOffice } from './old-office.js';
import { openDocument } from './open-document.js';
import { pdf } from './pdf.js';
import { rtf } from './rtf.js';

export const readers: readonly ExportReader[] = [office, encryptedOffice, oldOffice, openDocument, rtf, pdf];
