// What a container uses and has said last. These streams are shared: any number of pages open one of each at the Engine.
import { listen } from './api.js';
import { Lines } from './lines.js';
import { Plot } from './plot.js';

const get = (id) => document.getElementById(id);
const cpu = new Plot(get('cpu'));
const memory = new Plot(get('memory'));
const tail = new Lines(get('tail'), 200);

export const bytes = (count) => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; count >= 1000 && unit < units.length - 1; unit++) count /= 1000;
  return `${count.toFixed(unit && count < 100 ? 1 : 0)} ${units[unit]}`;
};

// Numbers leave out what this page was too slow for.
function counted(handle, missed) {
  let last = NaN;
  return (value, number) => {
    if (number > last + 1) missed(number - last - 1);
    last = number;
    handle(value);
  };
}

export function open(id) {
  cpu.clear();
  memory.clear();
  tail.clear();
  const gap = () => {
    cpu.add(null);
    memory.add(null);
  };
  const unknown = () => {
    gap();
    get('cpu-now').textContent = get('memory-now').textContent = '–';
  };
  unknown();
  // While a container is there, its usage ends with the Engine only, and comes again with it. Until then no figure is of now.
  const away = () => {
    unknown();
    usage.again();
  };
  const usage = listen(`/api/containers/${id}/usage`, {
    usage: counted((now) => {
      cpu.add(now.cpuPercent ?? null);
      memory.add(now.memory ?? null);
      get('cpu-now').textContent = now.cpuPercent == null ? '–' : `${now.cpuPercent.toFixed(1)} %`;
      get('memory-now').textContent = now.memory == null ? '–'
        : bytes(now.memory) + (now.memoryLimit ? ` of ${bytes(now.memoryLimit)}` : '');
    }, gap),
    end: away,
    failure: away,
    lost: unknown,
  });
  const lines = listen(`/api/containers/${id}/tail`, {
    line: counted((line) => tail.add([line]), (count) => tail.note(`${count} lines skipped`)),
    end: () => tail.note('The container has stopped.'),
    failure: (failure) => tail.note(failure.message),
    lost: () => tail.note('The connection was lost. When it is back, the last lines come once more.'),
  });
  return () => {
    usage.close();
    lines.close();
  };
}
