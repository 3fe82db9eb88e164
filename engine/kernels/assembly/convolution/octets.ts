// Which positions of a convolution are computed together: eight side by side, an octet, for which a tile reads eight
// neighbours of the planes under each tap. A table says where each octet begins, as pairs of byte offsets: in what is read,
// and in what is written.
const OCTET: i32 = 8;

/** The octets of a table for so many positions, with repetitions up to whole tiles. */
// @ts-ignore: decorator
@inline
export function mostOctets(rows: i32, columns: i32, width: i32): i32 {
  return columns >= OCTET ? rows * ((columns + OCTET - 1) / OCTET) + 4 : (rows * width) / OCTET + 5;
}

/** Whether octets lie within rows, so that results can be written where they belong. */
// @ts-ignore: decorator
@inline
export function withinRows(columns: i32): bool {
  return columns >= OCTET;
}

/**
 * Fills the table for `rows` × `columns` positions, of which rows begin `fromRow` bytes apart where they are read and `toRow`
 * where they are written. The last octet of a row overlaps the one before. Rows shorter than an octet are taken as one long
 * run, with whatever lies between them; then results lie as far apart as what is read.
 * @returns How many there are.
 */
export function octetTable(table: usize, rows: i32, columns: i32, fromRow: i32, toRow: i32): i32 {
  let count = 0;
  if (withinRows(columns)) {
    for (let r = 0; r < rows; r++)
      for (let x = 0; x < columns; x += OCTET, count++) {
        const at = min(x, columns - OCTET) << 2;
        store<i32>(table + (count << 3), r * fromRow + at);
        store<i32>(table + (count << 3), r * toRow + at, 4);
      }
  } else {
    const run = rows == 0 ? 0 : (rows - 1) * (fromRow >> 2) + columns;
    for (let x = 0; x < run; x += OCTET, count++) {
      store<i32>(table + (count << 3), x << 2);
      store<i32>(table + (count << 3), x << 2, 4);
    }
  }
  // a tile may take up to four
  if (count > 0) for (let i = count; i < count + 3; i++) store<i64>(table + (i << 3), load<i64>(table + ((count - 1) << 3)));
  return count;
}
