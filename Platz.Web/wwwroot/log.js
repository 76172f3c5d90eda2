// The log view in the browser (Tasks/Logs/LogView.razor). The server renders the rows around what is on the screen; this
// puts them in their place, asks for others when the reader moves on, and keeps the end in view while it is followed.
const settle = 1000; // how long a scroll may go on by itself after the reader's hand has left it

// whole: whether the log is the page. row: the one to begin with; neither is given for the end.
export function attach(root, view, whole, row) {
  const scroller = root.querySelector('.log-scroll');
  const size = scroller.querySelector('.log-size');
  const rows = scroller.querySelector('.log-rows');
  const gone = new AbortController();
  let follow = row === '';
  let origin = +scroller.dataset.origin;
  let width = 0;
  let asking = false; // one question at a time is on its way
  let asked = '';
  let handUntil = 0; // until when a scroll is the reader's own
  let dragging = false;
  let lastTop = 0;
  let told = 0; // how many rows the server takes the screen to have

  const number = name => +scroller.dataset[name];
  const wraps = () => root.classList.contains('log-wraps');
  const rowHeight = () => parseFloat(getComputedStyle(rows).lineHeight);
  const end = () => number('first') + rows.children.length; // of the rows that are there
  const isAtEnd = () => (!wraps() || end() >= number('total')) && scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 4;
  const isOwn = () => dragging || performance.now() < handUntil;
  const screen = () => {
    const height = rowHeight();
    const room = scroller.clientHeight || innerHeight; // before the first line: no more than the window will do
    return [Math.floor(scroller.scrollTop / height), Math.ceil(room / height) + 1];
  };
  const tell = () => {
    const now = screen();
    told = now[1];
    return now;
  };
  const moveTo = top => {
    scroller.scrollTop = top;
    lastTop = scroller.scrollTop;
  };

  // Of a line that goes on from the one above it the server says no number.
  const isLine = row => row?.matches('.log-rows > li:not(.log-phase, .log-left-out)');
  const seqOf = row => +row.dataset.seq;
  const count = () => {
    let seq = 0;
    for (const row of rows.children) {
      if (isLine(row)) {
        seq = row.hasAttribute('value') ? row.value : seq + 1;
        row.dataset.seq = seq;
      }
    }
  };

  // After each render, before it is painted.
  const place = () => {
    count();
    const height = rowHeight();
    if (wraps()) {
      size.style.height = rows.style.transform = rows.style.minWidth = '';
      width = 0;
    } else {
      size.style.height = `${number('total') * height}px`;
      rows.style.transform = `translateY(${number('first') * height}px)`;
      width = Math.max(width, rows.scrollWidth); // or the bar below would jump with every longer line
      rows.style.minWidth = `${width}px`;
    }
    const moved = number('origin') - origin;
    origin += moved;
    if (follow && !dragging) {
      moveTo(scroller.scrollHeight);
    } else if (moved) {
      moveTo(scroller.scrollTop + moved * height);
    }
  };
  const observer = new MutationObserver(place);
  observer.observe(scroller, { attributes: true, attributeFilter: ['data-total', 'data-first', 'data-origin', 'hidden'] });
  observer.observe(root, { attributes: true, attributeFilter: ['class'] });
  const numbers = new MutationObserver(count);
  numbers.observe(rows, { childList: true });

  const call = (name, ...values) => view.invokeMethodAsync(name, ...values).catch(() => {}); // the circuit has gone

  // Asks for the rows on the screen when they, or some around them, are not there.
  const look = async () => {
    const [top, visible] = screen();
    const spare = Math.floor(visible / 2);
    const first = number('first');
    const isThere = (first === 0 || top - spare >= first) && (end() >= number('total') || top + visible + spare <= end());
    const question = `${top} ${visible}`;
    if (wraps() || follow || isThere || asking || question === asked) {
      return;
    }
    asking = true;
    asked = question;
    await call('LookAsync', ...tell());
    asking = false;
    requestAnimationFrame(look); // the reader may have moved on
  };

  const leaveEnd = leave => {
    if (follow === !leave) {
      return;
    }
    follow = !leave;
    call('LeaveEndAsync', leave, ...tell());
  };

  const on = (target, name, listener, options = {}) =>
    target.addEventListener(name, listener, { ...options, signal: gone.signal });
  const hand = () => { handUntil = performance.now() + settle; };
  const canRise = () => scroller.scrollTop > 0;

  on(scroller, 'wheel', event => {
    hand();
    if (event.deltaY < 0 && canRise()) {
      leaveEnd(true);
    }
  }, { passive: true });
  let touched = 0;
  on(scroller, 'touchstart', event => { touched = event.touches[0].clientY; }, { passive: true });
  on(scroller, 'touchmove', event => {
    hand();
    if (event.touches[0].clientY > touched + 4 && canRise()) {
      leaveEnd(true);
    }
  }, { passive: true });
  on(scroller, 'pointerdown', event => {
    dragging = event.pointerType === 'mouse';
    hand();
  });
  for (const name of ['pointerup', 'pointercancel']) {
    on(window, name, () => {
      dragging = false;
      hand();
    });
  }
  // What the layout scrolls is put right before the next frame. What still stands elsewhere then was scrolled by somebody
  // whose hand is not seen here: a middle click, an extension, a screen reader.
  const leaveUnlessPlaced = () => requestAnimationFrame(() => {
    if (!gone.signal.aborted && !isAtEnd()) {
      leaveEnd(true);
      look();
    }
  });
  on(scroller, 'scroll', () => {
    const rose = scroller.scrollTop < lastTop - 1;
    lastTop = scroller.scrollTop;
    if (follow && rose && !isOwn()) {
      leaveUnlessPlaced();
    } else if (isOwn()) {
      if (follow ? rose && !isAtEnd() : !rose && isAtEnd()) {
        leaveEnd(follow);
      }
    }
    look();
  }, { passive: true });

  const toEnd = () => {
    follow = true;
    moveTo(scroller.scrollHeight);
  };
  const sizes = new ResizeObserver(() => {
    place();
    if (!follow) {
      look();
    } else if (scroller.clientHeight > 0 && screen()[1] !== told) {
      call('LookAsync', ...tell());
    }
  });
  sizes.observe(scroller);

  // Lines are picked by their numbers, which stand left of the text.
  const numberOf = event => {
    const row = event.target.closest?.('.log-rows > li');
    const edge = scroller.getBoundingClientRect().left + scroller.clientLeft;
    return isLine(row) && event.target === row && event.clientX - edge < parseFloat(getComputedStyle(row, '::before').width) ? row : null;
  };
  on(scroller, 'mousedown', event => {
    if (event.shiftKey && numberOf(event)) {
      event.preventDefault(); // no text is to be selected
    }
  });
  on(scroller, 'click', event => {
    const row = numberOf(event);
    if (row) {
      call('PickLineAsync', seqOf(row), event.shiftKey);
    }
  });

  on(root, 'click', async event => {
    const button = event.target.closest('[data-log-copy], [data-log-link]');
    if (!button || button.disabled) {
      return;
    }
    button.disabled = true;
    try {
      await copy(button.dataset.logCopy === undefined ? location.href : fetchText(button.dataset.logCopy));
      call('Copied', true);
    } catch {
      call('Copied', false);
    } finally {
      button.disabled = false;
    }
  });

  const search = () => root.querySelector('input[type=search]');
  const page = () => scroller.clientHeight - 2 * rowHeight();
  const keys = {
    '/': () => search().focus(),
    n: () => call('KeyAsync', 'n'),
    N: () => call('KeyAsync', 'N'),
    e: () => call('KeyAsync', 'e'),
    f: () => call('KeyAsync', 'f'),
    End: () => call('KeyAsync', 'End'),
    Home: () => rise(0),
    PageUp: () => rise(scroller.scrollTop - page()),
    PageDown: () => {
      hand();
      scroller.scrollTop += page();
    },
  };
  const rise = top => {
    if (canRise()) {
      hand();
      leaveEnd(true);
      scroller.scrollTop = top;
    }
  };
  on(whole === 'whole' ? document : root, 'keydown', event => {
    if (event.target === search() && event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      call('KeyAsync', 'N');
    } else if (event.target === search() && event.key === 'Escape' && search().value === '') {
      scroller.focus();
    }
    const isElsewhere = event.target.closest?.('input:not([type=checkbox]), select, textarea, [contenteditable]')
      || document.querySelector('dialog[open], .mud-dialog, .mud-popover-open, details[data-menu][open]');
    if (isElsewhere || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const isPressed = event.key === ' ' && event.target.closest?.('button, a, input, summary');
    const key = event.key !== ' ' ? event.key : event.shiftKey ? 'PageUp' : 'PageDown';
    if (key === 'ArrowUp' && canRise()) {
      hand();
      leaveEnd(true); // the browser scrolls
    } else if (!isPressed && Object.hasOwn(keys, key)) {
      event.preventDefault();
      keys[key]();
    }
  });

  place();
  if (!follow) {
    moveTo(+row * rowHeight());
  }
  return {
    settings: () => [kept('times') ?? 'off', kept('wrap') === 'on' ? 'wrap' : 'nowrap', tell()[1]].join(' '),
    keep,
    seen: () => {
      const edge = scroller.getBoundingClientRect().top + 1;
      const first = [...rows.children].find(row => isLine(row) && row.getBoundingClientRect().bottom > edge);
      return first ? `${seqOf(first)}` : null;
    },
    scrollTo: (row, seq) => { // as texts
      follow = false;
      place(); // the call may come with the rows, before anything has observed them
      if (wraps()) {
        [...rows.children].find(row => isLine(row) && seqOf(row) === +seq)?.scrollIntoView({ block: 'center' });
        return;
      }
      const [top, visible] = screen();
      if (+row <= top || +row >= top + visible - 2) {
        moveTo((+row - Math.floor(visible / 3)) * rowHeight());
      }
      look();
    },
    follow: toEnd,
    stop: () => {
      gone.abort();
      observer.disconnect();
      numbers.disconnect();
      sizes.disconnect();
    },
  };
}

const kept = name => {
  try {
    return localStorage.getItem(`platz-log-${name}`);
  } catch {
    return null; // storage is switched off
  }
};

const keep = (name, value) => {
  try {
    localStorage.setItem(`platz-log-${name}`, value);
  } catch { /* it holds until the page is closed */ }
};

const fetchText = async address => {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  return response.text();
};

// The text may be on its way: what was just clicked allows the writing, not what comes of it later.
const copy = async text => {
  if (navigator.clipboard && window.ClipboardItem) {
    const blob = Promise.resolve(text).then(value => new Blob([value], { type: 'text/plain' }));
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
    return;
  }
  const area = document.createElement('textarea'); // without TLS there is no clipboard but this
  area.className = 'visually-hidden';
  area.value = await text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) {
    throw new Error('refused');
  }
};
