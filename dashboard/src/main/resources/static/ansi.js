// Colours of a log's line, as elements. What else a terminal understands is left out.

const NAMES = ['#6b7385', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#dfe5ee'];
const BRIGHT = ['#7f8899', '#ff8f98', '#b6e39a', '#ffdd99', '#8cc8ff', '#df9bf0', '#7fdbe6', '#ffffff'];
// CSI sequences, OSC sequences, and single control characters but for the tab.
const CONTROL = /\x1b\[([0-9;:]*)([ -/]*[@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]|[\x00-\x08\x0a-\x1f\x7f]/g;

function indexed(index) {
  if (index < 8) return NAMES[index];
  if (index < 16) return BRIGHT[index - 8];
  if (index < 232) {
    const part = (value) => (value ? 55 + 40 * value : 0);
    const cube = index - 16;
    return `rgb(${part(Math.floor(cube / 36))} ${part(Math.floor(cube / 6) % 6)} ${part(cube % 6)})`;
  }
  const grey = 8 + 10 * (index - 232);
  return `rgb(${grey} ${grey} ${grey})`;
}

function change(style, codes) {
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 0) Object.keys(style).forEach((key) => delete style[key]);
    else if (code === 1) style.fontWeight = 'bold';
    else if (code === 2) style.opacity = '0.7';
    else if (code === 3) style.fontStyle = 'italic';
    else if (code === 4) style.textDecoration = 'underline';
    else if (code === 22) { delete style.fontWeight; delete style.opacity; }
    else if (code === 23) delete style.fontStyle;
    else if (code === 24) delete style.textDecoration;
    else if (code >= 30 && code <= 37) style.color = NAMES[code - 30];
    else if (code >= 90 && code <= 97) style.color = BRIGHT[code - 90];
    else if (code >= 40 && code <= 47) style.backgroundColor = NAMES[code - 40];
    else if (code >= 100 && code <= 107) style.backgroundColor = BRIGHT[code - 100];
    else if (code === 39) delete style.color;
    else if (code === 49) delete style.backgroundColor;
    else if (code === 38 || code === 48) {
      const property = code === 38 ? 'color' : 'backgroundColor';
      if (codes[at + 1] === 5) {
        style[property] = indexed(codes[at + 2] & 255);
        at += 2;
      } else if (codes[at + 1] === 2) {
        style[property] = `rgb(${codes.slice(at + 2, at + 5).map((part) => part & 255).join(' ')})`;
        at += 4;
      }
    }
  }
}

export function coloured(text) {
  const line = document.createElement('div');
  const style = {};
  let from = 0;
  const add = (to) => {
    if (to > from) {
      const span = document.createElement('span');
      span.textContent = text.slice(from, to);
      Object.assign(span.style, style);
      line.append(span);
    }
  };
  for (const found of text.matchAll(CONTROL)) {
    add(found.index);
    from = found.index + found[0].length;
    if (found[2] === 'm') {
      change(style, found[1].split(/[;:]/).map(Number));
    }
  }
  add(text.length);
  if (!text) line.append('\u200b');
  return line;
}
