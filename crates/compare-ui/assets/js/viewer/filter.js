// Which changes are listed and drawn.

export const KINDS = {
  page: "Page", text: "Text", style: "Style", drawing: "Drawing", image: "Image", pixels: "Pixels",
  annotation: "Comment", form: "Form", link: "Link", metadata: "Properties", attachment: "Attachment",
};

export class Filter {
  constructor() {
    this.kinds = null; // a set; null means all
    this.text = "";
    this.noise = false;
    this.group = null;
    this.verdict = null; // "open" leaves those without a verdict
    this.verdictOf = () => "open";
  }

  get active() {
    return Boolean(this.kinds || this.text || this.group || this.verdict);
  }

  passes(change) {
    if (change.noise && !this.noise) return false;
    if (this.kinds && !this.kinds.has(change.kind)) return false;
    if (this.group && change.group !== this.group) return false;
    if (this.verdict && this.verdictOf(change) !== this.verdict) return false;
    return !this.text || change.words.includes(this.text);
  }

  /** The first click asks for a kind alone, the next ones add and take away. */
  toggle(kind) {
    const kinds = this.kinds ?? new Set();
    if (kinds.has(kind)) kinds.delete(kind); else kinds.add(kind);
    this.kinds = kinds.size ? kinds : null;
  }
}
