// A shell in the container. It is told how much output is wanted as xterm.js gets through with it, so "yes" stops nobody's browser.
import { socket } from './api.js';

const AHEAD = 16;
const PASTED = 4096;
const get = (id) => document.getElementById(id);

export function open(id) {
  const state = get('terminal-state');
  const terminal = new window.Terminal({ cursorBlink: true, screenReaderMode: true, scrollback: 5000 });
  const fit = new window.FitAddon.FitAddon();
  const connection = socket(`/api/containers/${id}/terminal`);
  const encoder = new TextEncoder();
  const tell = (what) => connection.readyState === WebSocket.OPEN && connection.send(JSON.stringify(what));
  connection.binaryType = 'arraybuffer';
  terminal.loadAddon(fit);
  terminal.open(get('screen'));
  terminal.textarea.setAttribute('aria-describedby', 'terminal-help');
  terminal.attachCustomKeyEventHandler((key) => {
    if (key.key !== 'Escape' || !key.shiftKey) return true;
    if (key.type === 'keydown') get('tab-terminal').focus();
    return false;
  });
  fit.fit();
  state.textContent = 'Connecting…';
  terminal.onResize(({ rows, cols }) => tell({ rows, columns: cols }));
  terminal.onData((text) => {
    const typed = encoder.encode(text);
    for (let from = 0; connection.readyState === WebSocket.OPEN && from < typed.length; from += PASTED) {
      connection.send(typed.slice(from, from + PASTED));
    }
  });
  connection.onopen = () => {
    state.textContent = 'Connected.';
    tell({ more: AHEAD });
    tell({ rows: terminal.rows, columns: terminal.cols });
    terminal.focus();
  };
  connection.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) {
      terminal.write(new Uint8Array(data), () => tell({ more: 1 }));
      return;
    }
    const last = JSON.parse(data);
    state.textContent = last.failure ? last.failure.message : `The shell has ended with ${last.exit}.`;
  };
  connection.onclose = () => {
    if (state.textContent === 'Connected.' || state.textContent === 'Connecting…') {
      state.textContent = 'The connection was lost.';
    }
    terminal.options.disableStdin = true;
  };
  const size = new ResizeObserver(() => fit.fit());
  size.observe(get('screen'));
  return () => {
    size.disconnect();
    connection.onclose = connection.onmessage = null;
    connection.close();
    terminal.dispose();
  };
}
