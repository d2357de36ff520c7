// Brings the page to life. The server puts `js`, `wasm`, `sent` and `notice` before this, and leaves these comments out.
//
// `hydrate()` takes over the nodes that the server sent. Where somebody else has changed them, or where it fails,
// `mount()` draws the page anew, and what has been typed is carried over. Where nothing can be drawn, the server's plain
// forms stay, and a sentence says so.
//
// No syntax that came after dynamic import: a browser that cannot read this says nothing at all.

const body = document.body;

// As in skeleton.rs.
const isAsSent = () => {
  let hash = 0;
  const add = (text) => {
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  };
  const walk = (node) => {
    if (node.nodeType !== 1) return add(node.nodeType === 3 ? 't' : 'c');
    add('<' + node.localName);
    for (const name of ['id', 'class', 'name']) if (node.hasAttribute(name)) add(' ' + node.getAttribute(name));
    node.childNodes.forEach(walk);
    add('>');
  };
  [...body.childNodes].slice(0, sent.nodes).forEach(walk);
  return hash === sent.hash;
};

// After a panic nothing in Wasm can be trusted, but its listeners are still there: without them Enter, buttons and links
// do what the plain page's do.
let dead = false;

// The plain form of a page that has died posts a draft, which the browser has kept since the page was alive. Whether it was
// said shows on the page that comes next, in drafts.rs. A page that never was alive has shown no draft.
let wasAlive;
const note = (form) => {
  const id = form.elements.client_id;
  try {
    if (wasAlive && id) sessionStorage.setItem('madang.posted', id.value);
  } catch (error) {
    // A browser that keeps nothing has no draft.
  }
};

for (const type of ['click', 'submit', 'keydown', 'keyup', 'beforeinput', 'input', 'mousedown', 'popstate']) {
  const silence = (event) => {
    if (!dead) return;
    event.stopImmediatePropagation();
    if (type === 'popstate') location.reload();
    if (type === 'submit') note(event.target);
  };
  addEventListener(type, silence, true);
}

// Of version 4. `randomUUID` is not there on a page that came by http.
const uuid = () =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );

let shown;
const tell = () => {
  if (!notice || shown) return;
  body.insertAdjacentHTML('beforeend', notice);
  shown = body.lastElementChild;
};

const giveUp = (why) => {
  if (dead) return;
  dead = true;
  console.error('The page could not be brought to life, or kept alive:', why);
  wasAlive = body.dataset.hydrated === 'true';
  // What only a live page can do is not offered any more.
  body.dataset.live = body.dataset.hydrated = 'false';
  // A composer that Wasm drew has no id for the message that its form posts.
  for (const id of body.querySelectorAll('input[name="client_id"]')) if (!id.value) id.value = uuid();
  tell();
};

const fields = () => [...body.querySelectorAll('textarea, input:not([type]), input[type="text"]')];

// What was typed, and where. A field without its name is known by being of its kind.
const typed = () =>
  fields()
    .filter((field) => field.value !== field.defaultValue || field === document.activeElement)
    .map((field) => ({
      is: (other) => other.localName === field.localName && (!field.name || other.name === field.name),
      value: field.value,
      selection: field === document.activeElement && [field.selectionStart, field.selectionEnd],
    }));

const restore = (kept) => {
  for (const { is, value, selection } of kept) {
    const field = fields().find(is);
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    if (!selection) continue;
    field.focus({ preventScroll: true });
    field.setSelectionRange(...selection);
  }
};

const PARTS = '.page, main, nav, form';

// What others have put into the page stays, unless they have put the page into it.
const replaceWith = (drawn) => {
  const kept = typed();
  const old = [...body.childNodes].filter(
    (node) => node.nodeType !== 1 || node.matches(PARTS) || node.querySelector(PARTS),
  );
  if (old.length) old[0].before(...drawn.childNodes);
  else body.prepend(...drawn.childNodes);
  old.forEach((node) => node.remove());
  restore(kept);
  body.dataset.drawn = 'anew';
};

// A module is run again when it is asked for by another address: the part after the # is for us alone.
const load = async (again) => {
  const ui = await import(js + again);
  await ui.default({ module_or_path: wasm });
  await ui.prepare();
  return ui;
};

const start = async () => {
  let ui = await load('');
  if (isAsSent()) {
    try {
      return ui.hydrate();
    } catch (error) {
      console.error('The page is drawn anew, since the server’s could not be taken over:', error);
      ui = await load('#again');
    }
  }
  replaceWith(ui.mount());
};

// A download may take for ever. After a while the page says that it is not alive; should it come to life, it says so no more.
const LATE = 10000;
const late = setTimeout(tell, LATE);

// What comes of a panic once the page is alive. Other errors, of extensions perhaps, are not the end of it.
const listen = () => {
  clearTimeout(late);
  if (shown) shown.remove();
  shown = undefined;
  const heard = (error) => error instanceof WebAssembly.RuntimeError && giveUp(error);
  addEventListener('error', (event) => heard(event.error));
  addEventListener('unhandledrejection', (event) => heard(event.reason));
};

start().then(listen, giveUp);
