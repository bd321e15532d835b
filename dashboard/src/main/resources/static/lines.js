// The end of a log in an element: so many lines and no more, and it keeps to the end as long as its reader does.
import { coloured } from './ansi.js';

export class Lines {
  constructor(element, most) {
    this.element = element;
    this.most = most;
  }

  clear() {
    this.element.replaceChildren();
  }

  add(lines) {
    const { element } = this;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 30;
    element.append(...lines.map((line) => {
      const shown = coloured(line.text);
      if (line.error) shown.className = 'error';
      if (line.note) shown.className = 'note';
      if (line.at) shown.title = line.at;
      return shown;
    }));
    while (element.childElementCount > this.most) {
      element.firstElementChild.remove();
    }
    if (atEnd) element.scrollTop = element.scrollHeight;
  }

  note(text) {
    this.add([{ text, note: true }]);
  }
}
