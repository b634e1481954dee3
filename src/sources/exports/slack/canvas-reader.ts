/** Canvases: HTML pages in the mark-up of the editor that Slack took over. */
import type { ExportReader } from '../contract.js';
import { decodeText, encodingOf } from '../decode-text.js';
import { placeOf, workspacePlace } from './places.js';
import { folderOf, lastPart, workspaceOf } from './workspace.js';

const maxBytes = 64 * 1024 * 1024;
const fileId = /\bF[A-Z0-9]{8,12}\b/;

const blockId = /\bid=["']((?:temp:C:)?[A-Za-z0-9_-]{8,64})["']/;

export const canvasReader: ExportReader = {
  id: 'slack-canvas',
  system: 'slack',
  label: 'Slack canvas',
  isNeverJson: true,
  most: 0.95,
  ending: { pattern: /<\/(?:div|html)>\s*$/i, isSure: true },

  recognise(probe) {
    if (!probe.text.includes('quip-canvas-content')) return undefined;
    return { score: 0.95, reason: 'class quip-canvas-content' };
  },

  async read(file, sink, hints) {
    const workspace = await workspaceOf(file, hints);
    const text = decodeText(await file.bytes(maxBytes), encodingOf(file.head));
    const id = fileId.exec(lastPart(file.name))?.[0] ?? fileId.exec(file.name)?.[0];
    const folder = lastPart(folderOf(file.name));
    const isInConversation = workspace.conversations.has(folder);
    const title = /<h1[^>]{0,400}>([^<&]{1,300})</.exec(text)?.[1]?.trim();
    const isLinkable = id !== undefined && workspace.domain !== undefined && workspace.tenant !== undefined;
    sink.record({
      place: isInConversation ? placeOf(workspace, folder).place : workspacePlace(workspace),
      type: 'page',
      // The editor numbers the blocks of each canvas anew; a name says less.
      id: id ?? blockId.exec(text)?.[1] ?? file.name,
      ...(title === undefined || title === '' ? {} : { title }),
      revision: { state: 'current' },
      ...(isLinkable
        ? { permalink: { url: `https://${workspace.domain}.slack.com/docs/${workspace.tenant}/${id}` } }
        : {}),
      action: 'edit',
      texts: [{ text, dialect: 'html', field: { path: 'body', role: 'body' } }],
    });
  },
};
