/** Zendesk: lines or lists of tickets, answers of the interface, XML of the old export. */
import type { ExportReader, Probe, ReaderHints, Recognition } from '../contract.js';
import { readHelpdeskJson, readHelpdeskXml } from './helpdesk-file.js';
import { type Helpdesk, hintedHost } from './helpdesk-walk.js';

const deskOf = (hints: ReaderHints): Helpdesk => ({
  host: hintedHost(hints.baseUrl),
  link: (host, ticket) => `https://${host}/agent/tickets/${ticket}`,
});

const apiLink = /https:\/\/[\w-]{1,100}\.zendesk\.com\/api\/v2\//;
const apiPath = '.zendesk.com/api/v2/';
/** Keys of which one stands in every ticket, comment or audit. */
const recordKeys = ['requester_id', 'author_id', 'ticket_id'];
const ownKeys =
  /"(?:raw_subject|html_body|plain_body|audit_id|allow_channelback|brand_id|ticket_form_id|submitter_id|satisfaction_rating)"\s*:/;

const auditEvents = /"type"\s*:\s*"(?:Comment|Change|Create|Notification)"/;
/** Keys of other answers. */
const answers: ReadonlySet<string> = new Set(
  `count next_page users macros triggers articles side_conversations views ticket_fields ticket_forms organizations
   automations targets satisfaction_ratings suspended_tickets items groups brands sessions after_url`.split(
    /\s+/,
  ),
);

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json === undefined) return undefined;
  const { keys } = json;
  const list = keys.find((key) =>
    ['tickets', 'comments', 'audits', 'ticket_events', 'ticket', 'requests'].includes(key),
  );
  const isLinked = text.includes(apiPath) && apiLink.test(text);
  // Patterns over the whole text cost; most files are of other systems.
  if (
    list === undefined &&
    /"zendesk_|"zen:|"conditional_ticket_events"/.test(text) &&
    keys.includes('webhooks')
  )
    return { score: 0.85, reason: 'webhooks of Zendesk' };
  const mayBe = isLinked || list !== undefined || recordKeys.some((key) => keys.includes(key));
  if (!mayBe) return undefined;
  const own = ownKeys.exec(text)?.[0].replace(/[":\s]/g, '');
  if (isLinked && (own !== undefined || list !== undefined))
    return { score: 0.96, reason: `interface of Zendesk, ${own ?? list}` };
  if (list !== undefined && own !== undefined) return { score: 0.9, reason: `${list} with ${own}` };
  if (own !== undefined && keys.includes('subject') && keys.includes('requester_id'))
    return { score: 0.92, reason: `tickets with ${own}` };
  if (own !== undefined && keys.includes('author_id') && keys.includes('public'))
    return { score: 0.85, reason: `comments with ${own}` };
  if (keys.includes('events') && keys.includes('ticket_id') && auditEvents.test(text))
    return { score: 0.88, reason: 'audits of tickets' };
  if (list === 'audits' && auditEvents.test(text)) return { score: 0.88, reason: 'audits of tickets' };
  return isLinked && keys.some((key) => answers.has(key))
    ? { score: 0.85, reason: 'interface of Zendesk' }
    : undefined;
}

export const zendeskReader: ExportReader = {
  id: 'zendesk-json',
  system: 'zendesk',
  label: 'Zendesk JSON',
  most: 0.96,
  recognise,
  read: (file, sink, hints) => readHelpdeskJson(file, sink, deskOf(hints)),
};

export const zendeskXmlReader: ExportReader = {
  id: 'zendesk-xml',
  system: 'zendesk',
  label: 'Zendesk XML',
  isNeverJson: true,
  most: 0.95,
  recognise: ({ text }) => {
    const isTickets = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<tickets[\s>]/.test(text);
    return isTickets && /<(?:nice-id|requester-id|submitter-id|raw-subject|ticket-form-id)[\s>]/.test(text)
      ? { score: 0.95, reason: 'tickets of Zendesk' }
      : undefined;
  },
  read: (file, sink, hints) => readHelpdeskXml(file, sink, deskOf(hints)),
};
