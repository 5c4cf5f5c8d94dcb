/* Makes the page handier; without it everything can be read all the same. */
(function () {
  'use strict';
  var doc = document, root = doc.documentElement;

  function all(selector, within) {
    return Array.prototype.slice.call((within || doc).querySelectorAll(selector));
  }
  function make(tag, attributes, text) {
    var element = doc.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (text !== undefined) element.textContent = text;
    return element;
  }
  function distinct(values) {
    var seen = Object.create(null);
    return values.filter(function (value) {
      if (value === '' || seen['=' + value]) return false;
      seen['=' + value] = true;
      return true;
    });
  }
  function labelled(text, control) {
    var label = make('label', {}, text);
    label.appendChild(control);
    return label;
  }
  function choice(options, current) {
    var select = make('select', {});
    options.forEach(function (option) {
      var item = make('option', { value: option[0] }, option[1]);
      if (option[0] === current) item.selected = true;
      select.appendChild(item);
    });
    return select;
  }

  /* ---- light and dark ---- */
  function themeButton() {
    var order = ['auto', 'light', 'dark'], theme = 'auto', button = make('button', { type: 'button', class: 'tool', id: 'theme' });
    function show() {
      if (theme === 'auto') root.removeAttribute('data-theme');
      else root.setAttribute('data-theme', theme);
      button.textContent = 'Theme: ' + theme;
    }
    try { theme = localStorage.getItem('sbstat-theme') || 'auto'; } catch (refused) { theme = 'auto'; }
    if (order.indexOf(theme) < 0) theme = 'auto';
    button.addEventListener('click', function () {
      theme = order[(order.indexOf(theme) + 1) % order.length];
      try { localStorage.setItem('sbstat-theme', theme); } catch (refused) { /* file:// may have none */ }
      show();
    });
    show();
    doc.getElementById('tools').appendChild(button);
  }

  /* ---- sorting ---- */
  function keyOf(row, column) {
    var cell = row.cells[column];
    if (!cell) return { missing: true };
    var given = cell.getAttribute('data-v'), text = cell.textContent.trim();
    if (given !== null) return { number: parseFloat(given) };
    if (cell.classList.contains('num') || text === '' || text === '\u2013') return { missing: true };
    return { text: text };
  }
  function compare(a, b, down) {
    if (a.missing || b.missing) return (a.missing ? 1 : 0) - (b.missing ? 1 : 0); /* nothing comes last, both ways */
    var order = a.number !== undefined && b.number !== undefined ? a.number - b.number
      : String(a.text || '').localeCompare(String(b.text || ''), 'en', { numeric: true });
    return down ? -order : order;
  }
  function sortBy(table, heading, column) {
    var down = heading.getAttribute('aria-sort') === 'ascending', body = table.tBodies[0];
    var rows = all('tr', body).map(function (row, place) { return { row: row, key: keyOf(row, column), place: place }; });
    rows.sort(function (a, b) { return compare(a.key, b.key, down) || a.place - b.place; });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
    all('thead th', table).forEach(function (other) { other.removeAttribute('aria-sort'); });
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  }
  function makeSortable(table) {
    all('thead th', table).forEach(function (heading, column) {
      var button = make('button', { type: 'button', title: 'Sort by this column' }, heading.textContent);
      heading.textContent = '';
      heading.appendChild(button);
      button.addEventListener('click', function () { sortBy(table, heading, column); });
    });
  }

  /* ---- filtering ---- */
  function makeFilterable(table) {
    var rows = all('tbody tr', table), selects = [], controls = make('div', { class: 'controls' });
    var search = make('input', { type: 'search', 'aria-label': 'Filter the rows by words' }), count = make('span', { class: 'count', role: 'status' });
    search.placeholder = 'Filter';
    controls.appendChild(search);
    all('thead th', table).forEach(function (heading, column) {
      if (!heading.hasAttribute('data-choice')) return;
      var values = distinct(rows.map(function (row) { return row.cells[column].textContent.trim(); }));
      if (values.length < 2 || values.length > 200) return;
      var select = choice([['', 'all']].concat(values.map(function (value) { return [value, value]; })), '');
      selects.push({ select: select, column: column });
      controls.appendChild(labelled(heading.textContent, select));
    });
    function apply() {
      var words = search.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        var keep = words.every(function (word) { return text.indexOf(word) >= 0; }) && selects.every(function (entry) {
          return entry.select.value === '' || row.cells[entry.column].textContent.trim() === entry.select.value;
        });
        row.hidden = !keep;
        shown += keep ? 1 : 0;
      });
      count.textContent = shown + ' of ' + rows.length + ' rows';
    }
    search.addEventListener('input', apply);
    selects.forEach(function (entry) { entry.select.addEventListener('change', apply); });
    controls.appendChild(count);
    count.textContent = rows.length + ' rows';
    table.parentNode.parentNode.insertBefore(controls, table.parentNode);
  }

  /* ---- metric and baseline of the comparison tables ---- */
  function makeChooser(box) {
    var variants = all('.variant', box), controls = make('div', { class: 'controls' }), metric, baseline;
    var titles = Object.create(null), metrics = distinct(all('tbody tr', variants[0]).map(function (row) {
      titles[row.getAttribute('data-metric')] = row.querySelector('.measure').firstChild.textContent.trim();
      return row.getAttribute('data-metric');
    }));
    metric = choice([['', 'Headline metric of each test']].concat(metrics.map(function (name) { return [name, titles[name]]; }), [['*', 'All metrics']]), '');
    baseline = choice(variants.map(function (variant, i) { return [String(i), variant.getAttribute('data-baseline')]; }), '0');
    function apply() {
      variants.forEach(function (variant, i) {
        variant.hidden = String(i) !== baseline.value;
        all('tbody tr', variant).forEach(function (row) {
          row.hidden = !(metric.value === '*' || (metric.value === '' ? row.hasAttribute('data-headline') : row.getAttribute('data-metric') === metric.value));
        });
      });
    }
    if (metrics.length > 1) controls.appendChild(labelled('Metric', metric));
    if (variants.length > 1) controls.appendChild(labelled('Baseline', baseline));
    metric.addEventListener('change', apply);
    baseline.addEventListener('change', apply);
    if (controls.firstChild) box.insertBefore(controls, box.firstChild);
  }

  /* ---- following a link into a closed part ---- */
  function reveal() {
    var id = '';
    try { id = decodeURIComponent(location.hash.slice(1)); } catch (malformed) { return; }
    var target = id && doc.getElementById(id);
    if (!target) return;
    for (var element = target; element; element = element.parentElement)
      if (element.tagName === 'DETAILS') element.open = true;
    target.scrollIntoView({ block: 'center' });
    var focus = target.tagName === 'DETAILS' ? target.querySelector('summary') : null;
    if (focus) focus.focus({ preventScroll: true });
  }

  /* ---- tooltips: the title, at once and for the keyboard too ---- */
  function tooltips() {
    var tip = make('div', { id: 'tip', role: 'tooltip', hidden: '' }), owner = null;
    doc.body.appendChild(tip);
    function hide() {
      if (owner) owner.removeAttribute('aria-describedby');
      owner = null;
      tip.hidden = true;
    }
    function show(event) {
      var element = event.target.closest ? event.target.closest('main [title], main [data-tip]') : null;
      if (element === owner) return;
      hide();
      if (!element) return;
      if (element.hasAttribute('title')) {
        element.setAttribute('data-tip', element.getAttribute('title'));
        element.removeAttribute('title');
      }
      owner = element;
      tip.textContent = element.getAttribute('data-tip');
      tip.hidden = false;
      element.setAttribute('aria-describedby', 'tip');
      var at = element.getBoundingClientRect(), width = tip.offsetWidth;
      var left = Math.max(8, Math.min(at.left + window.scrollX, window.scrollX + root.clientWidth - width - 8));
      tip.style.left = left + 'px';
      tip.style.top = (at.bottom + window.scrollY + 6) + 'px';
    }
    doc.addEventListener('mouseover', show);
    doc.addEventListener('focusin', show);
    doc.addEventListener('keydown', function (event) { if (event.key === 'Escape') hide(); });
  }

  /* ---- printing shows what is folded away by default ---- */
  function printing() {
    var opened = [];
    window.addEventListener('beforeprint', function () {
      opened = all('details.place:not([open])');
      opened.forEach(function (element) { element.open = true; });
    });
    window.addEventListener('afterprint', function () {
      opened.forEach(function (element) { element.open = false; });
    });
  }

  root.classList.add('js');
  themeButton();
  all('table.filterable').forEach(makeFilterable);
  all('.chooser').forEach(makeChooser);
  all('table.sortable').forEach(makeSortable);
  tooltips();
  printing();
  window.addEventListener('hashchange', reveal);
  reveal();
}());
