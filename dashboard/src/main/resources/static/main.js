// The list, and which container is looked at in which way.
import { ask, listen } from './api.js';
import * as overview from './overview.js';
import * as log from './log.js';
import * as terminal from './terminal.js';
import './pull.js';

const get = (id) => document.getElementById(id);
const views = { overview, log, terminal };
const tabs = [...document.querySelectorAll('[role=tab]')];
const rows = new Map();
let selected = null;
let view = 'overview';
let close = () => {};

// Rows are changed and not made anew, so that the focus stays where it is.
function row(container) {
  let item = rows.get(container.id);
  if (!item) {
    const element = document.createElement('li');
    element.innerHTML = '<button class="name"></button><div class="facts"><span class="state"></span> <span class="rest"></span></div>'
      + '<div class="acts"><button class="toggle"></button><button class="remove danger">Remove</button></div>';
    item = { element };
    for (const name of ['name', 'state', 'rest', 'toggle', 'remove']) item[name] = element.querySelector(`.${name}`);
    item.name.addEventListener('click', () => select(item.container));
    item.toggle.addEventListener('click', () => toggle(item));
    item.remove.addEventListener('click', () => remove(item.container));
    rows.set(container.id, item);
  }
  item.container = container;
  const runs = ['running', 'paused', 'restarting'].includes(container.state);
  item.runs = runs;
  item.name.textContent = container.name;
  item.state.textContent = container.state + (container.detail ? ` (${container.detail})` : '');
  item.state.dataset.state = container.state;
  item.state.toggleAttribute('data-bad', !runs && /^[1-9]/.test(container.detail));
  item.rest.textContent = [container.image, container.ports.join(', '), container.created && new Date(container.created).toLocaleString()]
    .filter(Boolean).join(' · ');
  item.toggle.textContent = runs ? 'Stop' : 'Start';
  item.toggle.setAttribute('aria-label', `${runs ? 'Stop' : 'Start'} ${container.name}`);
  item.remove.setAttribute('aria-label', `Remove ${container.name}`);
  return item.element;
}

function list({ containers, failure }) {
  get('connection').textContent = failure ? `The Engine does not answer: ${failure}` : `${containers.length} on this Engine, live`;
  if (failure) return;
  const ids = new Set(containers.map((container) => container.id));
  for (const [id, item] of rows) {
    if (!ids.has(id)) {
      item.element.remove();
      rows.delete(id);
      if (selected?.id === id) leave();
    }
  }
  const place = get('containers');
  containers.forEach((container, index) => {
    const before = rows.get(container.id)?.runs;
    const element = row(container);
    if (place.children[index] !== element) place.insertBefore(element, place.children[index] ?? null);
    // What has been started anew has new streams.
    if (selected?.id === container.id && before === false && rows.get(container.id).runs && view !== 'terminal') look(view);
  });
  get('none').hidden = containers.length > 0;
}

async function toggle(item) {
  item.toggle.disabled = true;
  await ask('POST', `/api/containers/${item.container.id}/${item.runs ? 'stop' : 'start'}`);
  item.toggle.disabled = false;
  // A button that is disabled loses the focus, and gets it back unless it was moved meanwhile.
  if (document.activeElement === document.body) item.toggle.focus();
}

function remove(container) {
  const dialog = get('confirm');
  const runs = rows.get(container.id)?.runs;
  get('confirm-text').textContent = `Remove ${container.name}${runs ? ', which is running' : ''}?`;
  dialog.returnValue = 'no';
  dialog.onclose = () => dialog.returnValue === 'yes'
    && ask('DELETE', `/api/containers/${container.id}${runs ? '?force=true' : ''}`);
  dialog.showModal();
}

function select(container) {
  selected = container;
  for (const [id, item] of rows) {
    item.element.toggleAttribute('data-selected', id === container.id);
    if (id === container.id) item.name.setAttribute('aria-current', 'true');
    else item.name.removeAttribute('aria-current');
  }
  get('details').hidden = false;
  get('details-title').textContent = container.name;
  look('overview');
  get('details-title').focus();
}

function leave() {
  close();
  close = () => {};
  const item = rows.get(selected?.id);
  item?.element.removeAttribute('data-selected');
  item?.name.removeAttribute('aria-current');
  item?.name.focus();
  selected = null;
  get('details').hidden = true;
}

function look(name) {
  close();
  view = name;
  for (const tab of tabs) {
    const chosen = tab.getAttribute('aria-controls') === name;
    tab.setAttribute('aria-selected', chosen);
    tab.tabIndex = chosen ? 0 : -1;
    get(tab.getAttribute('aria-controls')).hidden = !chosen;
  }
  close = views[name].open(selected.id);
}

tabs.forEach((tab, index) => {
  tab.addEventListener('click', () => look(tab.getAttribute('aria-controls')));
  tab.addEventListener('keydown', (key) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
    if (step) tabs[(index + step + tabs.length) % tabs.length].focus();
  });
});
get('close').addEventListener('click', leave);

listen('/api/containers', {
  containers: list,
  lost: () => { get('connection').textContent = 'The dashboard does not answer.'; },
});
