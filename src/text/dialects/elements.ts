/** What elements and attributes of HTML and of Confluence's storage format are to a reader of text. */

/** Elements that style part of a line: they may stand in the middle of a word. All others begin and end a line. */
export const inlineElements: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em emoji font i img ins kbd label mark nobr o:p q rp rt ruby ' +
    's samp small span strike strong sub sup time tt u var wbr ' +
    'ac:emoticon ac:image ac:inline-comment-marker ac:link ac:link-body ac:plain-text-link-body ac:placeholder at:var ' +
    'ri:attachment ri:page ri:url ri:user ri:space ri:shortcut ri:content-entity ri:blog-post'
  ).split(' '),
);

/** Other elements of HTML, and those that MediaWiki adds. */
const blockElements: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 head header hr html iframe input li main nav ol option p picture pre section select ' +
    'source summary table tbody td textarea tfoot th thead title tr ul video area audio base button canvas caption ' +
    'dialog dir embed frame frameset legend link map menu meta meter noscript object optgroup param progress script ' +
    'style svg template track colgroup col search hgroup noframes ' +
    'gallery nowiki poem ref references syntaxhighlight includeonly noinclude onlyinclude math'
  ).split(' '),
);

/** Whether `<name` begins an element in a text that holds `<` of other kinds, too. */
export function isKnownElement(name: string): boolean {
  return inlineElements.has(name) || blockElements.has(name);
}

/** Cells of a row of a table. */
export const cellElements: ReadonlySet<string> = new Set(['td', 'th']);

/** Elements whose content is no markup. */
export const rawElements: ReadonlySet<string> = new Set(['script', 'style']);

/** Attributes of which only the value is worth a line, since the name says nothing about it. */
export const plainAttributes: ReadonlySet<string> = new Set(
  'href src alt title value content action cite poster placeholder srcset label ri:value ri:content-title'.split(
    ' ',
  ),
);

/** Attributes of layout and of the editor; shown only if they hold an address. */
const layoutAttributes: ReadonlySet<string> = new Set(
  (
    'class style id width height border align valign colspan rowspan cellpadding cellspacing rel target type lang dir ' +
    'bgcolor color face size tabindex role rev hspace vspace nowrap background-color contenteditable spellcheck ' +
    'loading decoding frameborder http-equiv charset media scope start shape clear datetime itemprop itemtype ' +
    'itemscope for method name ac:name ac:macro-id ac:schema-version ac:local-id ac:layout ac:ref ri:version-at-save'
  ).split(' '),
);

export function isLayoutAttribute(name: string): boolean {
  return layoutAttributes.has(name) || name.startsWith('xmlns');
}

/** Attributes that name what another attribute of the same element holds. */
export const namingAttributes: ReadonlySet<string> = new Set(['name', 'property', 'key', 'itemprop']);
/** Attributes that hold it. */
export const holdingAttributes: ReadonlySet<string> = new Set(['value', 'content']);
