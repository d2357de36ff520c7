// What others do to a page before its Wasm has come: translators, extensions, the browser itself. Each runs in the page
// and says how many things it has changed. They are written after what the real ones do.

export interface Touch {
  name: string;
  /** Whether the page must be drawn anew; otherwise it must not be. */
  redrawn: boolean;
  touch: () => number;
}

export const TOUCHES: Touch[] = [
  {
    // Chrome's own translation: each text becomes two nested <font>, whatever comes later too.
    name: 'a translator wraps each text, and goes on doing so',
    redrawn: true,
    touch: () => {
      let wrapped = 0;
      const wrap = (root: Node) => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const texts: Text[] = [];
        while (walker.nextNode()) texts.push(walker.currentNode as Text);
        for (const text of texts) {
          const parent = text.parentElement;
          if (!text.data.trim() || !parent || parent.closest('font, script, style, noscript, textarea')) continue;
          const outer = document.createElement('font');
          outer.style.verticalAlign = 'inherit';
          const inner = outer.appendChild(outer.cloneNode());
          inner.textContent = text.data;
          text.replaceWith(outer);
          wrapped += 1;
        }
      };
      wrap(document.body);
      document.documentElement.lang = 'de';
      document.documentElement.classList.add('translated-ltr');
      new MutationObserver((records) => {
        for (const record of records) for (const node of record.addedNodes) if (node.isConnected) wrap(node.parentNode!);
      }).observe(document.body, { childList: true, subtree: true });
      return wrapped;
    },
  },
  {
    // Firefox's own translation writes into the texts that there are.
    name: 'a translator changes each text in its place',
    redrawn: false,
    touch: () => {
      let changed = 0;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode as Text;
        if (text.parentElement?.closest('script, noscript, .text')) continue;
        text.data = `«${text.data}»`;
        changed += 1;
      }
      document.documentElement.lang = 'de';
      return changed;
    },
  },
  {
    name: 'an extension finds a word and replaces it, as an element of its own',
    redrawn: true,
    touch: () => {
      const text = document.querySelector('.message .text')!;
      text.innerHTML = text.innerHTML.replace('before', '<mark class="found">before</mark>');
      return document.querySelectorAll('mark.found').length;
    },
  },
  {
    name: 'an extension takes the comments out',
    redrawn: true,
    touch: () => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
      const comments: Comment[] = [];
      while (walker.nextNode()) comments.push(walker.currentNode as Comment);
      comments.forEach((comment) => comment.remove());
      return comments.length;
    },
  },
  {
    name: 'texts beside each other become one',
    redrawn: true,
    touch: () => {
      const before = document.body.innerHTML.length;
      for (const element of document.body.querySelectorAll('*')) {
        for (const node of [...element.childNodes]) if (node.nodeType === Node.COMMENT_NODE) node.remove();
        element.normalize();
      }
      return before - document.body.innerHTML.length;
    },
  },
  {
    name: 'a spelling checker marks the text area and sets up beside the page',
    redrawn: false,
    touch: () => {
      const area = document.querySelector('textarea')!;
      area.setAttribute('data-gramm', 'true');
      area.setAttribute('data-gramm_id', '0a1b');
      area.setAttribute('spellcheck', 'false');
      document.documentElement.append(document.createElement('grammarly-desktop-integration'));
      document.body.setAttribute('data-new-gr-c-s-check-loaded', '14.1');
      document.body.append(document.createElement('grammarly-extension'));
      return area.attributes.length;
    },
  },
  {
    name: 'a spelling checker lays an element over the text area',
    redrawn: true,
    touch: () => {
      document.querySelector('textarea')!.before(document.createElement('grammarly-extension'));
      return 1;
    },
  },
  {
    name: 'a password manager puts an icon beside each field',
    redrawn: true,
    touch: () => {
      const fields = document.querySelectorAll('input, textarea');
      for (const field of fields) {
        field.setAttribute('data-com.bitwarden.browser.user-edited', 'yes');
        const icon = document.createElement('div');
        icon.setAttribute('data-lastpass-icon-root', '');
        icon.style.position = 'absolute';
        icon.attachShadow({ mode: 'open' }).innerHTML = '<button>fill</button>';
        field.after(icon);
      }
      return fields.length;
    },
  },
  {
    name: 'a dark mode gives styles to everything',
    redrawn: false,
    touch: () => {
      const elements = [document.documentElement, ...document.body.querySelectorAll<HTMLElement>('*')];
      for (const element of elements) {
        element.setAttribute('data-darkreader-inline-color', '');
        element.style.setProperty('--darkreader-inline-color', '#ddd');
      }
      const style = document.createElement('style');
      style.className = 'darkreader darkreader--fallback';
      document.head.append(style, Object.assign(document.createElement('meta'), { name: 'darkreader' }));
      return elements.length;
    },
  },
  {
    name: 'a phone makes a link of a number',
    redrawn: true,
    touch: () => {
      const text = [...document.querySelectorAll('.message .text')].find((text) => text.textContent!.includes('02-'))!;
      text.innerHTML = text.innerHTML.replace(/02-\d+-\d+/, '<a href="tel:$&" x-apple-data-detectors="true">$&</a>');
      return document.querySelectorAll('a[href^="tel:"]').length;
    },
  },
  {
    name: 'a toolbar comes first in the page',
    redrawn: true,
    touch: () => {
      const bar = document.createElement('div');
      bar.id = 'toolbar-of-an-extension';
      bar.textContent = 'Coupons!';
      document.body.prepend(bar);
      return 1;
    },
  },
  {
    name: 'an ad blocker takes out what is called a banner',
    redrawn: true,
    touch: () => {
      const banners = document.querySelectorAll('[id*="banner"]');
      banners.forEach((banner) => banner.remove());
      return banners.length;
    },
  },
  {
    name: 'parts of the page change places',
    redrawn: true,
    touch: () => {
      const main = document.querySelector('main')!;
      main.append(main.firstElementChild!);
      document.querySelector('.page')!.prepend(document.querySelector('aside')!);
      return 2;
    },
  },
  {
    name: 'ids, classes and names are taken away',
    redrawn: true,
    touch: () => {
      const elements = document.body.querySelectorAll('*');
      for (const element of elements) for (const name of ['id', 'class', 'name']) element.removeAttribute(name);
      return elements.length;
    },
  },
  {
    name: 'a whole part of the page is taken out',
    redrawn: true,
    touch: () => {
      const parts = document.querySelectorAll('nav, aside');
      parts.forEach((part) => part.remove());
      return parts.length;
    },
  },
  {
    name: 'all of the page is put into a frame',
    redrawn: true,
    touch: () => {
      const frame = document.createElement('div');
      frame.append(...document.body.childNodes);
      document.body.append(frame);
      return frame.childNodes.length;
    },
  },
  {
    name: 'the page is written anew as it was',
    redrawn: false,
    touch: () => {
      const page = document.querySelector('.page')!;
      const typed = document.querySelector('textarea')!.value;
      page.outerHTML = page.outerHTML;
      document.querySelector('textarea')!.value = typed;
      return Number(!page.isConnected);
    },
  },
];
