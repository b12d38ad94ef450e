/** A small chart of the last two minutes, as SVG: a line over a filled area, its scale in round steps so that it keeps still. */
const POINTS = 120;
const WIDTH = 240;
const HEIGHT = 44;
const NAMESPACE = 'http://www.w3.org/2000/svg';

function svg(tag, attributes) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** The next round number, at least 5. */
function roundScale(highest) {
  for (let unit = 1; ; unit *= 10) {
    const factor = [5, 6, 8, 10, 15, 20, 30, 40].find((each) => highest <= each * unit);
    if (factor) return factor * unit;
  }
}

export class Chart {
  /** The highest value that is drawn. */
  peak = 0;
  #values = [];
  #area = svg('path', { class: 'area' });
  #line = svg('path', { class: 'line', 'vector-effect': 'non-scaling-stroke' });
  #name;

  constructor(kind, name) {
    this.#name = name;
    this.element = svg('svg', { class: `chart ${kind}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
    this.element.append(this.#area, this.#line);
  }

  set(values) {
    this.#values = values.slice(-POINTS);
    this.#draw();
  }

  /** The next second's value; null while nothing is known. */
  add(value) {
    this.#values.push(value);
    if (this.#values.length > POINTS) this.#values.shift();
    this.#draw();
  }

  #draw() {
    const known = this.#values.filter((value) => value !== null);
    const highest = Math.max(0, ...known);
    const scale = roundScale(highest);
    const step = WIDTH / (POINTS - 1);
    const left = WIDTH - (this.#values.length - 1) * step;
    let line = '';
    let area = '';
    let run = [];
    const close = () => {
      if (run.length === 0) return;
      const points = run.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
      line += `M${points}`;
      area += `M${run[0][0].toFixed(1)} ${HEIGHT}L${points}L${run.at(-1)[0].toFixed(1)} ${HEIGHT}Z`;
      run = [];
    };
    this.#values.forEach((value, index) => {
      if (value === null) close();
      else run.push([left + index * step, HEIGHT - 1.5 - (value / scale) * (HEIGHT - 4)]);
    });
    close();
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', area);
    this.element.setAttribute('aria-label', `${this.#name}: now ${known.at(-1) ?? 'unknown'}, at most ${highest} in the last two minutes`);
    this.peak = highest;
  }
}
