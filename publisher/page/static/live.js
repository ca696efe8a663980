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
  // A browser comes back by itself to a server that is away, but not to one that
  // refuses, or to a proxy that answers in its place.
  const retry = () => {
    if (!source || source.readyState !== EventSource.CLOSED) return;
    source = null;
    setTimeout(listen, 10000);
  };
  // Nobody reads a page that is hidden; what came meanwhile is heard afterwards.
  const listen = () => {
    if (document.hidden) {
      if (source) source.close();
      source = null;
    } else if (!source) {
      source = new EventSource(bar.dataset.events + '?after=' + after);
      for (const kind of ['new', 'changed', 'withdrawn']) source.addEventListener(kind, hear);
      source.onerror = retry;
    }
  };
  document.addEventListener('visibilitychange', listen);
  listen();
})();
