// The last two minutes of a figure, each second a point. What is not known is a gap in the line.
const POINTS = 120;

export class Plot {
  constructor(canvas) {
    this.canvas = canvas;
    this.values = [];
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  clear() {
    this.values = [];
    this.draw();
  }

  add(value) {
    this.values.push(value);
    if (this.values.length > POINTS) this.values.shift();
    this.draw();
  }

  draw() {
    const { canvas, values } = this;
    const scale = devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width) return;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const pen = canvas.getContext('2d');
    pen.scale(scale, scale);
    pen.strokeStyle = getComputedStyle(canvas).getPropertyValue('--accent');
    pen.lineWidth = 2;
    pen.lineJoin = 'round';
    const top = Math.max(...values.filter((value) => value !== null), 1e-9) * 1.1;
    pen.beginPath();
    let drawing = false;
    values.forEach((value, index) => {
      if (value === null) {
        drawing = false;
        return;
      }
      const x = width - (values.length - 1 - index) * (width / (POINTS - 1));
      const y = height - 3 - (height - 6) * (value / top);
      if (drawing) pen.lineTo(x, y);
      else pen.moveTo(x, y);
      drawing = true;
    });
    pen.stroke();
  }
}
