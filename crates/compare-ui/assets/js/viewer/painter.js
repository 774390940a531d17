// Draws the visible pages of a pane onto the canvas.
import { compose, invert, mapBox } from "./model.js";

const WHOLE = 2.5e6; // pixels of a page picture fetched whole, at most
const TILE = 1024; // pixels
const FINEST = 32; // pixels per point

const floorPower = (n) => 2 ** Math.floor(Math.log2(n));

/** The scale at which pages of this size are fetched whole. */
export const wholeScale = ([w, h]) => Math.max(1 / 16, Math.min(4, floorPower(Math.sqrt(WHOLE / (w * h)))));

/** The scale to fetch for `pixels` device pixels per point. */
const scaleFor = (pixels) => Math.max(1 / 16, Math.min(FINEST, 2 ** Math.ceil(Math.log2(pixels) - 0.15)));

const clip = ([x0, y0, x1, y1], [w, h]) => [Math.max(0, x0), Math.max(0, y0), Math.min(w, x1), Math.min(h, y1)];

export class Painter {
  constructor(canvas, images, documents) {
    this.context = canvas.getContext("2d");
    this.canvas = canvas;
    this.images = images;
    this.documents = documents; // {old, new}: ids
    this.layer = document.createElement("canvas");
  }

  resize(width, height) {
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    for (const canvas of [this.canvas, this.layer]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
  }

  begin() {
    this.images.begin();
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  end() {
    this.images.settle();
  }

  /** Draws inside a pane (or a part of it) only. */
  within({ x, y, w, h }, draw, context = this.context) {
    context.save();
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.beginPath();
    context.rect(x, y, w, h);
    context.clip();
    draw();
    context.restore();
  }

  /** The paper of a row, and where a side has no page. */
  paper(box, missing) {
    const { context } = this;
    const [x0, y0, x1, y1] = box;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (missing) {
      context.strokeStyle = "#8886";
      context.setLineDash([6, 5]);
      context.strokeRect(x0 + 0.5, y0 + 0.5, x1 - x0, y1 - y0);
      context.setLineDash([]);
      context.fillStyle = getComputedStyle(this.canvas).color;
      context.font = "600 14px system-ui, sans-serif";
      context.textAlign = "center";
      // In the part that shows, however long the page is.
      const top = Math.max(0, y0);
      const bottom = Math.min(this.canvas.height / this.ratio, y1);
      context.fillText(missing, (x0 + x1) / 2, (top + bottom) / 2, Math.max(10, x1 - x0 - 12));
      return;
    }
    context.fillStyle = "#fff";
    context.fillRect(x0, y0, x1 - x0, y1 - y0);
    context.strokeStyle = "#0003";
    context.lineWidth = 1;
    context.strokeRect(x0 - 0.5, y0 - 0.5, x1 - x0 + 1, y1 - y0 + 1);
  }

  /** One page; `matrix` maps its points to px, `pane` is what shows of it. */
  page(side, row, matrix, pane, priority, context = this.context) {
    const document = this.documents[side];
    const size = row.size[side];
    const number = row[side];
    if (number === null || !size || !document) return;
    const pixels = Math.hypot(matrix[0], matrix[1]) * this.ratio;
    const whole = wholeScale(size);
    const wanted = scaleFor(pixels);
    const image = this.images.want(document, number, Math.min(whole, wanted), null, priority)
      ?? this.#nearest(document, number, Math.min(whole, wanted), whole);
    context.setTransform(...compose(matrix, [this.ratio, 0, 0, this.ratio, 0, 0]));
    context.imageSmoothingQuality = "high";
    if (image) context.drawImage(image, 0, 0, size[0], size[1]);
    else if (this.images.isFailed(document, number, Math.min(whole, wanted))) this.#sorry(context, size);
    if (wanted > whole) {
      const part = clip(mapBox(invert(matrix), [pane.x, pane.y, pane.x + pane.w, pane.y + pane.h]), size);
      // Coarser tiles that are here already stand in for the finer ones.
      for (let scale = whole * 2; scale < wanted; scale *= 2) this.#tiles(document, number, size, scale, part, null, context);
      this.#tiles(document, number, size, wanted, part, priority + 1, context);
    }
  }

  #nearest(document, number, scale, whole) {
    for (let finer = scale * 2; finer <= whole; finer *= 2) {
      const image = this.images.peek(document, number, finer, null);
      if (image) return image;
    }
    for (let coarser = scale / 2; coarser >= 1 / 16; coarser /= 2) {
      const image = this.images.peek(document, number, coarser, null);
      if (image) return image;
    }
    return null;
  }

  #tiles(document, number, [w, h], scale, [x0, y0, x1, y1], priority, context) {
    const step = TILE / scale;
    for (let row = Math.floor(y0 / step); row * step < y1; row += 1) {
      for (let column = Math.floor(x0 / step); column * step < x1; column += 1) {
        const region = [column * step, row * step, Math.min(w, (column + 1) * step), Math.min(h, (row + 1) * step)];
        const image = priority === null
          ? this.images.peek(document, number, scale, region)
          : this.images.want(document, number, scale, region, priority);
        if (image) context.drawImage(image, region[0], region[1], region[2] - region[0], region[3] - region[1]);
      }
    }
  }

  #sorry(context, [w, h]) {
    context.fillStyle = "#57606a";
    context.font = `${w / 24}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.fillText("This page could not be drawn. Trying again…", w / 2, h / 2, w * 0.9);
  }

  /** Pages of one side, their ink in one colour, laid over the `papers` (boxes
      in px) that are there. */
  tinted(colour, pane, papers, draw) {
    const { layer } = this;
    const context = (this.layerContext ??= layer.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    const fill = (mode, style) => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.globalCompositeOperation = mode;
      context.fillStyle = style;
      context.fillRect(0, 0, layer.width, layer.height);
    };
    fill("source-over", "#fff");
    this.within(pane, () => draw(context), context);
    fill("saturation", "#808080");
    fill("screen", colour);
    context.globalCompositeOperation = "source-over";
    this.context.save();
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.beginPath();
    for (const [x0, y0, x1, y1] of papers) this.context.rect(x0, y0, x1 - x0, y1 - y0);
    this.context.clip();
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.globalCompositeOperation = "multiply";
    this.context.drawImage(layer, 0, 0);
    this.context.restore();
  }
}
