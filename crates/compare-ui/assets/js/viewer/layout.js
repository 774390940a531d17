// Where the rows of pages lie at one zoom: one below the other, centred.

export const GAP = 44; // px above each row: its title
export const PAD = 16; // px beside and below the pages

export class Layout {
  /** `rows` as shown, `pane` the width of one pane in px. */
  constructor(rows, zoom, pane) {
    this.rows = rows;
    this.zoom = zoom;
    this.tops = new Float64Array(rows.length);
    this.at = new Map();
    let y = 0;
    let widest = 0;
    rows.forEach((row, i) => {
      y += GAP;
      this.tops[i] = y;
      this.at.set(row, i);
      y += (row.frame[3] - row.frame[1]) * zoom;
      widest = Math.max(widest, row.frame[2] - row.frame[0]);
    });
    this.height = y + PAD;
    this.width = Math.max(pane, widest * zoom + 2 * PAD);
  }

  left(row) {
    return (this.width - (row.frame[2] - row.frame[0]) * this.zoom) / 2;
  }

  top(row) {
    return this.tops[this.at.get(row)] ?? 0;
  }

  /** Content position of a point of the row's frame. */
  place(row, [x, y]) {
    return [this.left(row) + (x - row.frame[0]) * this.zoom, this.top(row) + (y - row.frame[1]) * this.zoom];
  }

  /** The other way: the row at a content position and the point in its frame. */
  find([px, py]) {
    const row = this.rows[this.indexAt(py)];
    if (!row) return null;
    return { row, point: [(px - this.left(row)) / this.zoom + row.frame[0], (py - this.top(row)) / this.zoom + row.frame[1]] };
  }

  /** Index of the last row that begins above `y`. */
  indexAt(y) {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] - GAP <= y) low = middle; else high = middle - 1;
    }
    return low;
  }

  /** Rows that show between two content positions. */
  visible(y0, y1) {
    const found = [];
    for (let i = this.indexAt(y0); i < this.rows.length && this.tops[i] - GAP < y1; i += 1) found.push(this.rows[i]);
    return found;
  }

  /** Frame coordinates to content px, as a matrix. */
  matrix(row) {
    return [this.zoom, 0, 0, this.zoom, this.left(row) - row.frame[0] * this.zoom, this.top(row) - row.frame[1] * this.zoom];
  }
}

/** The panes of a view in a viewport: which sides, where (px). */
export function panes(view, width, height) {
  if (view !== "side") return [{ sides: ["old", "new"], x: 0, y: 0, w: width, h: height }];
  if (width < 560) {
    const half = Math.floor(height / 2) - 1;
    return [{ sides: ["old"], x: 0, y: 0, w: width, h: half }, { sides: ["new"], x: 0, y: half + 2, w: width, h: height - half - 2 }];
  }
  const half = Math.floor(width / 2) - 1;
  return [{ sides: ["old"], x: 0, y: 0, w: half, h: height }, { sides: ["new"], x: half + 2, y: 0, w: width - half - 2, h: height }];
}
