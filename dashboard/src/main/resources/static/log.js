// A container's whole log. The server sends no more lines than were asked for, and asks the Engine for no more either: a pause asks for
// nothing, so the log waits in the Engine's socket, and going on misses no line.
import { socket } from './api.js';
import { Lines } from './lines.js';

const AHEAD = 200;
const get = (id) => document.getElementById(id);
const pause = get('pause');
const lines = new Lines(get('lines'), 5000);

let paused = false;
let resume = () => {};

pause.addEventListener('click', () => {
  paused = !paused;
  pause.setAttribute('aria-pressed', paused);
  pause.textContent = paused ? 'Go on' : 'Pause';
  resume();
});

export function open(id) {
  const state = get('log-state');
  const connection = socket(`/api/containers/${id}/log`);
  let held = [];
  let drawing = false;
  let ended = '';
  lines.clear();
  paused = false;
  pause.setAttribute('aria-pressed', false);
  pause.textContent = 'Pause';

  const draw = () => {
    drawing = false;
    if (!paused && held.length) {
      const shown = held;
      held = [];
      lines.add(shown);
      if (!ended && connection.readyState === WebSocket.OPEN) connection.send(shown.length);
    }
    state.textContent = ended || (paused ? `Paused: ${held.length} lines are here, the rest waits in the Engine.` : 'Following');
  };
  const later = () => {
    if (!drawing) {
      drawing = true;
      requestAnimationFrame(draw);
    }
  };
  resume = later;
  connection.onopen = () => {
    connection.send(AHEAD);
    later();
  };
  connection.onmessage = (message) => {
    const line = JSON.parse(message.data);
    if (line.end) ended = 'The container has stopped.';
    else if (line.failure) ended = line.failure.message;
    else held.push(line);
    later();
  };
  connection.onclose = () => {
    ended ||= 'The connection was lost.';
    later();
  };
  return () => {
    resume = () => {};
    connection.onclose = connection.onmessage = null;
    connection.close();
  };
}
