// Says how many articles have come since the page was made. Reading goes on
// undisturbed: nothing else moves before the reader asks for it.
'use strict';
(() => {
  const bar = document.getElementById('live');
  if (!bar || !window.EventSource) return;
  const fresh = new Set();
  let after = bar.dataset.after;
  let source = null;

  const show = () => {
    if (fresh.size === 0) {
      bar.replaceChildren();
      return;
    }
    const link = bar.querySelector('a') || bar.appendChild(document.createElement('a'));
    link.href = location.pathname;
    link.textContent = (fresh.size === 1 ? bar.dataset.single : bar.dataset.many).replace('{count}', fresh.size);
    link.onclick = (event) => {
      event.preventDefault();
      scrollTo(0, 0);
      location.reload();
    };
  };
  const hear = (event) => {
    after = event.lastEventId;
    const { id } = JSON.parse(event.data);
    if (event.type === 'new') fresh.add(id);
    if (event.type === 'withdrawn') fresh.delete(id);
    show();
  };
  // Nobody reads a page that is hidden; what came meanwhile is heard afterwards.
  const listen = () => {
    if (document.hidden) {
      if (source) source.close();
      source = null;
    } else if (!source) {
      source = new EventSource(bar.dataset.events + '?after=' + after);
      for (const kind of ['new', 'changed', 'withdrawn']) source.addEventListener(kind, hear);
    }
  };
  document.addEventListener('visibilitychange', listen);
  listen();
})();
