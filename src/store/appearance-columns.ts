/** Columns of `appearance`, in the order of its table. */

/** What names a row. */
export const keyColumns: readonly string[] = ['content', 'place', 'type', 'path', 'item', 'about', 'root'];

/** What a row says of where the content stands; told anew by whoever knows better. */
export const detailColumns: readonly string[] = [
  'kind',
  'introduced',
  'removed',
  'refs',
  'ref_count',
  'modified',
  'ignored',
  'tracked',
  'author',
  'created',
  'permalink',
  'title',
  'details',
];
