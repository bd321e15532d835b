// What the server is asked for. Its refusals, which are the Engine's own words, are shown in one place.

const problem = document.getElementById('problem');

export function show(failure) {
  problem.textContent = failure ? failure.message + (failure.hint ? ` (${failure.hint})` : '') : '';
  problem.hidden = !failure;
}

export async function ask(method, path, options = {}) {
  show(null);
  try {
    const response = await fetch(path, { method, ...options });
    if (response.ok) {
      return response;
    }
    const text = await response.text();
    try {
      show(JSON.parse(text));
    } catch {
      show({ message: text || `HTTP ${response.status}` });
    }
  } catch (broken) {
    if (broken.name !== 'AbortError') {
      show({ message: 'The dashboard does not answer.' });
    }
  }
  return null;
}

export const socket = (path) => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`);

// Events of a stream with an end of its own; an EventSource alone would begin it anew for ever.
export function listen(path, handlers) {
  const source = new EventSource(path);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data), Number(event.lastEventId)));
  }
  for (const last of ['end', 'failure']) {
    source.addEventListener(last, () => source.close());
  }
  return source;
}
