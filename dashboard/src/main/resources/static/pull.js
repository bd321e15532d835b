// A pull, as a POST whose answer is a stream of events: an EventSource can only GET, and a GET has no effects here.
import { ask, show } from './api.js';
import { bytes } from './overview.js';

const get = (id) => document.getElementById(id);
const text = get('transfer-text');
const layers = get('layers');
const stop = get('stop-pull');
let running = null;

stop.addEventListener('click', () => running?.abort());

get('pull').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (running) return;
  running = new AbortController();
  stop.hidden = false;
  const image = get('image').value.trim();
  get('transfer').hidden = false;
  layers.replaceChildren();
  text.textContent = `Pulling ${image}`;
  try {
    await pull(image, running.signal);
  } catch (broken) {
    text.textContent = broken.name === 'AbortError' ? `Cancelled: ${image}` : `The connection was lost: ${image}`;
  } finally {
    running = null;
    stop.hidden = true;
  }
});

async function pull(image, signal) {
  const response = await ask('POST', `/api/pulls?image=${encodeURIComponent(image)}`, { signal });
  if (!response) {
    text.textContent = `Not pulled: ${image}`;
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (rest + part.value).split('\n\n');
    rest = events.pop();
    events.forEach((one) => take(image, one));
  }
}

function take(image, event) {
  const name = /^event:(.*)$/m.exec(event)?.[1];
  const data = JSON.parse(/^data:(.*)$/m.exec(event)?.[1] ?? 'null');
  if (name === 'progress') {
    data.layers.forEach(draw);
    text.textContent = data.total ? `Pulling ${image}: ${bytes(data.done)} of ${bytes(data.total)}` : `Pulling ${image}`;
  } else if (name === 'done') {
    text.textContent = `Pulled ${data.name}`;
  } else if (name === 'failure') {
    text.textContent = `Not pulled: ${image}`;
    show(data);
  }
}

function draw(layer) {
  let row = document.getElementById(`layer-${layer.id}`);
  if (!row) {
    row = document.createElement('li');
    row.id = `layer-${layer.id}`;
    const name = document.createElement('code');
    name.textContent = layer.id;
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', `Layer ${layer.id}`);
    row.append(name, bar, document.createElement('span'));
    layers.append(row);
  }
  const [, bar, status] = row.children;
  const last = layer.phase === 'DONE' || layer.phase === 'EXISTS';
  if (last || layer.total) {
    bar.max = last ? 1 : layer.total;
    bar.value = last ? 1 : layer.done;
  } else {
    bar.removeAttribute('value');
  }
  status.textContent = layer.status;
}
