// <yaml-editor> turns the text area inside it into CodeMirror. The text area stays the field: it holds the text, its
// events tell the server, and it serves alone where this script is not there.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--muted)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '.cm-matchingBracket': { backgroundColor: 'color-mix(in srgb, var(--accent) 22%, transparent) !important' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--sunken)', borderColor: 'var(--line)', color: 'var(--muted)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)', textUnderlineOffset: '3px',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
});

class YamlEditor extends HTMLElement {
  static observedAttributes = ['data-set', 'data-line', 'data-column', 'data-message', 'data-disabled'];

  #access = new Compartment();
  #view;
  #waiting = false;

  connectedCallback() {
    // Blazor puts the text area in first and its attributes after: begin once all of it is there.
    queueMicrotask(() => this.isConnected && !this.#view && this.#start());
  }

  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = undefined;
  }

  attributeChangedCallback() {
    if (this.#view && !this.#waiting) {
      this.#waiting = true;
      queueMicrotask(() => {
        this.#waiting = false;
        this.#view && this.#take();
      });
    }
  }

  get area() {
    return this.querySelector('textarea');
  }

  #start() {
    const area = this.area;
    this.classList.add('yaml-ready'); // first: the editor measures itself in the layout it will have
    this.#view = new EditorView({ parent: this, doc: area.value, extensions: this.#extensions() });
    area.tabIndex = -1;
    area.setAttribute('aria-hidden', 'true');
    area.addEventListener('focus', () => this.#view?.focus()); // its label was clicked, or its error is shown
    this.#take();
  }

  #extensions() {
    const area = this.area;
    return [
      lineNumbers(), foldGutter(), lintGutter(), highlightSpecialChars(), history(), drawSelection(), indentOnInput(),
      bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(), indentUnit.of('  '), EditorState.tabSize.of(2),
      // After Escape, Tab leaves the editor: CodeMirror sees to that itself.
      keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
      yaml(), syntaxHighlighting(classHighlighter), look, this.#access.of([]),
      EditorView.contentAttributes.of({
        'aria-label': this.dataset.label, 'aria-describedby': area.getAttribute('aria-describedby') ?? '',
        autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false',
      }),
      EditorView.updateListener.of(update => update.docChanged && this.#typed(update)),
    ];
  }

  #typed(update) {
    if (update.transactions.some(transaction => transaction.isUserEvent('server'))) {
      return;
    }

    this.area.value = update.state.doc.toString();
    this.area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  // What the server says: a text of its own, where the error is, whether one may type.
  #take() {
    const view = this.#view;
    if (this.dataset.set !== this.set) {
      this.set = this.dataset.set;
      if (view.state.doc.toString() !== this.area.value) {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: this.area.value }, userEvent: 'server' });
      }
    }

    const off = this.hasAttribute('data-disabled');
    view.dispatch({ effects: this.#access.reconfigure([EditorState.readOnly.of(off), EditorView.editable.of(!off)]) });
    view.contentDOM.setAttribute('aria-invalid', this.hasAttribute('data-message'));
    view.dispatch(setDiagnostics(view.state, this.#diagnostics(view.state.doc)));
  }

  #diagnostics(doc) {
    const { line, column, message } = this.dataset;
    if (!line || line > doc.lines) {
      return [];
    }

    const at = doc.line(Number(line));
    const from = Math.min(at.to, at.from + Number(column) - 1);
    return [{ from, to: Math.max(from, at.to), severity: 'error', message }];
  }
}

customElements.define('yaml-editor', YamlEditor);
