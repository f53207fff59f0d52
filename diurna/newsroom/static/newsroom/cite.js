/* Citing in the desk's editor: a marker of one character after the words, and the window in which
   its source is said. The window's fields come from the server; this only opens, fills and sends. */
(() => {
  'use strict';

  const TYPE = 'CITATION';
  const MARK = '※';
  // The key 9: "(" begins a note. Taken neither by Draftail and Wagtail nor by browsers.
  const KEY = 57;
  // The server keeps 64 signs on each side; words of up to 2,000 have to be found again.
  const BEFORE = 2200;
  const AFTER = 64;
  const WAIT = 200;

  const { React, DraftJS, draftail, jQuery: $ } = window;
  const { EditorState, Modifier } = DraftJS;

  const isMarker = (content, key) => Boolean(key) && content.getEntity(key).getType() === TYPE;

  /* The text of a block between two offsets, without the markers in it. */
  const words = (content, block, from, to) => {
    const text = block.getText();
    let plain = '';
    for (let place = from; place < to; place += 1) {
      if (!isMarker(content, block.getEntityAt(place))) plain += text[place];
    }
    return plain;
  };

  const whole = (content, block) => words(content, block, 0, block.getLength());

  /* The text of the whole editor up to an offset of a block, and what follows in that block. */
  const around = (content, key, offset) => {
    const blocks = content.getBlocksAsArray();
    const number = blocks.findIndex((block) => block.getKey() === key);
    const earlier = blocks.slice(0, number).map((block) => whole(content, block));
    const here = words(content, blocks[number], 0, offset);
    return {
      here,
      before: [...earlier, here].join(' ').slice(-BEFORE),
      after: words(content, blocks[number], offset, blocks[number].getLength()).slice(0, AFTER),
    };
  };

  /* The words that are selected, with what stands around them; where nothing is selected, the
     sentence before the caret. */
  const selected = (editorState) => {
    const content = editorState.getCurrentContent();
    const selection = editorState.getSelection();
    const blocks = content.getBlocksAsArray();
    const first = blocks.findIndex((block) => block.getKey() === selection.getStartKey());
    const last = blocks.findIndex((block) => block.getKey() === selection.getEndKey());
    const end = selection.getEndOffset();
    const parts = blocks.slice(first, last + 1).map((block, number, all) => {
      const from = number === 0 ? selection.getStartOffset() : 0;
      const to = number === all.length - 1 ? end : block.getLength();
      return words(content, block, from, to);
    });
    const found = around(content, selection.getEndKey(), end);
    const sentence = found.here.trimEnd().split(/(?<=[.!?…。؟])\s+/u).pop();
    return { ...found, exact: (parts.join(' ').trim() || sentence).trim() };
  };

  /* What stands around a marker, wherever the caret is: a click may not have moved it yet. */
  const aroundMarker = (content, key) => {
    for (const block of content.getBlocksAsArray()) {
      for (let place = 0; place < block.getLength(); place += 1) {
        if (block.getEntityAt(place) === key) return around(content, block.getKey(), place);
      }
    }
    return { before: '', after: '' };
  };

  /* The marker on which the selection is, or behind which the caret stands. */
  const markerAt = (editorState) => {
    const content = editorState.getCurrentContent();
    const selection = editorState.getSelection();
    const block = content.getBlockForKey(selection.getEndKey());
    const end = selection.getEndOffset();
    const isShort =
      selection.getStartKey() === selection.getEndKey() && end - selection.getStartOffset() <= 1;
    const key = isShort && end > 0 ? block.getEntityAt(end - 1) : null;
    return isMarker(content, key) ? key : null;
  };

  const withMarker = (editorState, name) => {
    const selection = editorState.getSelection();
    const end = selection.merge({
      anchorKey: selection.getEndKey(),
      anchorOffset: selection.getEndOffset(),
      focusKey: selection.getEndKey(),
      focusOffset: selection.getEndOffset(),
      isBackward: false,
    });
    const content = editorState.getCurrentContent().createEntity(TYPE, 'IMMUTABLE', { id: name });
    const key = content.getLastCreatedEntityKey();
    const next = Modifier.insertText(content, end, MARK, undefined, key);
    return EditorState.push(editorState, next, 'insert-characters');
  };

  const withOtherName = (editorState, key, name) => {
    const content = editorState.getCurrentContent().mergeEntityData(key, { id: name });
    return EditorState.push(editorState, content, 'apply-entity');
  };

  const storyNumber = () => /\/pages\/(\d+)\//.exec(window.location.pathname)?.[1] ?? '';

  class CitationSource extends React.Component {
    constructor(props) {
      super(props);
      this.closed = this.closed.bind(this);
    }

    componentDidMount() {
      const { editorState, entity, entityKey, entityType } = this.props;
      const isOwn = entity && entity.getType() === TYPE;
      this.key = isOwn ? entityKey : markerAt(editorState);
      const data = this.key ? editorState.getCurrentContent().getEntity(this.key).getData() : null;
      this.name = data ? data.id : null;
      this.around = this.key
        ? aroundMarker(editorState.getCurrentContent(), this.key)
        : selected(editorState);
      this.done = false;
      const page = storyNumber();
      $(document.body).on('hidden.bs.modal', this.closed);
      this.workflow = window.ModalWorkflow({
        url: this.name ? `${entityType.cite}${encodeURIComponent(this.name)}/` : entityType.cite,
        urlParams: page ? { page } : {},
        onload: {
          cite: (workflow) => attach(workflow, this.around),
          cited: (workflow, answer) => this.cited(workflow, answer.name),
          gone: () => {},
        },
        onError: () => {
          this.workflow.isSending = false;
          window.alert(entityType.failed);
        },
      });
    }

    componentWillUnmount() {
      $(document.body).off('hidden.bs.modal', this.closed);
    }

    cited(workflow, name) {
      const { editorState, onComplete } = this.props;
      this.done = true;
      workflow.container.data('cite-kept', true);
      workflow.close();
      if (!this.key) onComplete(withMarker(editorState, name));
      else if (name !== this.name) onComplete(withOtherName(editorState, this.key, name));
      else onComplete();
    }

    closed(event) {
      event.preventDefault();
      if (!this.done) this.props.onComplete();
    }

    render() {
      return null;
    }
  }

  const Marker = ({ entityKey, contentState, children, onEdit }) =>
    React.createElement(
      'span',
      {
        className: 'cite-mark',
        'data-cite': contentState.getEntity(entityKey).getData().id,
        onMouseUp: (event) => {
          event.preventDefault();
          onEdit(entityKey);
        },
      },
      children,
    );

  /* --- the window --- */

  const attach = (workflow, text) => {
    const form = workflow.body[0].querySelector('[data-cite]');
    const part = (name) => form.querySelector(`[data-cite-${name}]`);
    const field = (name) => form.elements[name];
    let isDirty = Boolean(form.querySelector('.w-field--error'));
    workflow.isSending = false;

    if (!field('citation-before').value) {
      field('citation-before').value = text.before;
      field('citation-after').value = text.after;
      if (!field('citation-exact').value) field('citation-exact').value = text.exact ?? '';
    }

    const show = (which) => {
      part('chosen').hidden = which !== 'chosen';
      part('search').hidden = which !== 'search';
      part('fields').hidden = which !== 'fields';
      if (which !== 'chosen') field('chosen').value = '';
    };

    const choose = (source) => {
      show('chosen');
      field('chosen').value = source.uuid;
      part('chosen-title').textContent = source.title;
      part('chosen-line').textContent = source.line;
      part('chosen-edit').href = source.edit;
      isDirty = true;
      field('citation-claim').focus();
    };

    const offerToFetch = () => {
      const fetching = part('fetch');
      if (fetching) fetching.hidden = !/^https?:\/\//i.test(field('source-address').value.trim());
    };

    const fill = (fields, isFound = false) => {
      Object.entries(fields).forEach(([name, value]) => {
        const input = field(`source-${name}`);
        if (!input || value === null || value === undefined || value === '') return;
        if (input.type === 'checkbox') input.checked = Boolean(value);
        else if (!isFound || !input.value || name === 'address') input.value = value;
      });
      offerToFetch();
    };

    const makeNew = (fields = {}) => {
      show('fields');
      fill(fields);
      offerToFetch();
      field('source-title').focus();
    };

    /* search as you type */
    const query = part('q');
    const list = part('found');
    let timer = 0;
    let asked = '';
    const entry = (title, line, act) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'cite__entry';
      const name = document.createElement('strong');
      name.textContent = title;
      name.dir = 'auto';
      const below = document.createElement('span');
      below.textContent = line;
      button.append(name, below);
      button.addEventListener('click', act);
      item.append(button);
      return item;
    };
    const search = async () => {
      const q = query.value.trim();
      if (q === asked) return;
      asked = q;
      let found = { sources: [], fields: {}, said: '' };
      if (q) {
        const answer = await fetch(`${form.dataset.find}?${new URLSearchParams({ q })}`);
        if (!answer.ok || q !== asked) return;
        found = await answer.json();
      }
      part('said').textContent = found.said;
      list.replaceChildren(
        ...found.sources.map((source) => entry(source.title, source.line, () => choose(source))),
      );
      if (!found.sources.length && Object.keys(found.fields).length) {
        list.append(entry(part('new').textContent, q, () => makeNew(found.fields)));
      }
    };
    query.addEventListener('input', () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(search, WAIT);
    });
    const step = (event) => {
      const buttons = [query, ...list.querySelectorAll('button')];
      const place = buttons.indexOf(document.activeElement);
      if (event.key === 'ArrowDown') buttons[Math.min(place + 1, buttons.length - 1)].focus();
      else if (event.key === 'ArrowUp') buttons[Math.max(place - 1, 0)].focus();
      else if (event.key === 'Enter' && document.activeElement === query) {
        window.clearTimeout(timer);
        search().then(() => list.querySelector('button')?.focus());
      } else return;
      event.preventDefault();
    };
    part('search').addEventListener('keydown', step);
    part('new').addEventListener('click', () => makeNew());
    form.querySelectorAll('[data-cite-other]').forEach((button) =>
      button.addEventListener('click', () => {
        show('search');
        query.focus();
      }),
    );

    /* fetching what a page says of itself: only when somebody presses the button */
    field('source-address').addEventListener('input', offerToFetch);
    const fetching = part('fetch');
    fetching?.querySelector('[data-cite-fetch-now]').addEventListener('click', async (event) => {
      const button = event.currentTarget;
      const said = fetching.querySelector('[data-cite-fetched]');
      button.disabled = true;
      said.textContent = '';
      try {
        const answer = await fetch(fetching.dataset.address, {
          method: 'POST',
          headers: { 'X-CSRFToken': field('csrfmiddlewaretoken').value },
          body: new URLSearchParams({ address: field('source-address').value.trim() }),
        });
        const found = await answer.json();
        if (answer.ok) fill(found.fields ?? found, true);
        said.textContent = answer.ok
          ? fetching.dataset.done
          : (found.error ?? fetching.dataset.failed);
      } catch {
        said.textContent = fetching.dataset.failed;
      }
      button.disabled = false;
    });

    /* parts with an error, or with something in them, are open */
    form.querySelectorAll('[data-cite-part]').forEach((details) => {
      details.open = Boolean(details.querySelector('.w-field--error'));
    });
    offerToFetch();

    /* what was written is not lost by a click beside the window */
    form.addEventListener('input', (event) => {
      if (event.target !== query) isDirty = true;
    });
    workflow.container.off('hide.bs.modal.cite').on('hide.bs.modal.cite', (event) => {
      if (workflow.container.data('cite-kept') || !isDirty) return;
      if (!window.confirm(form.dataset.leave)) event.preventDefault();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (workflow.isSending) return;
      workflow.isSending = true;
      workflow.postForm(form.action, $(form).serialize());
    });

    const wrong = form.querySelector('.w-field--error :is(input, select, textarea):not([type=hidden])');
    const begin = wrong ?? (field('chosen').value ? field('citation-claim') : query);
    /* a window that has come in takes the focus to itself; whoever was quicker goes on where they are */
    let at = begin;
    form.addEventListener('focusin', (event) => {
      at = event.target;
    });
    workflow.container.one('shown.bs.modal', () => at.focus());
    begin.focus();
  };

  draftail.registerPlugin({ type: TYPE, source: CitationSource, decorator: Marker }, 'entityTypes');
  draftail.registerPlugin(
    {
      type: TYPE,
      keyBindingFn: (event) =>
        event.keyCode === KEY && event.shiftKey && !event.altKey && (event.ctrlKey || event.metaKey)
          ? TYPE
          : undefined,
    },
    'plugins',
  );
})();
