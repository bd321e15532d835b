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

const ANEW_AFTER = 1000;

// Events of a stream, by a WebSocket: EventSources of all tabs together may be six. Where it is lost before its own end it is begun anew,
// and the handler "lost" is told. Whoever wants it anew after its end too says so by "again".
export function listen(path, handlers) {
  let connection = null;
  let anew = 0;
  const close = () => {
    clearTimeout(anew);
    connection.onclose = connection.onmessage = null;
    connection.close();
  };
  const again = () => { anew = setTimeout(open, ANEW_AFTER); };
  const open = () => {
    connection = socket(`${path}/live`);
    connection.onmessage = (message) => {
      const { event, id, data } = JSON.parse(message.data);
      if (event === 'end' || event === 'failure') close();
      handlers[event]?.(data, id);
    };
    connection.onclose = () => {
      again();
      handlers.lost?.();
    };
  };
  open();
  return { close, again };
}
