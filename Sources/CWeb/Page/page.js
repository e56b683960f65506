// The supervisor's page: shows what the box tells of itself, and gives orders after a question. Texts that come from the box
// are only ever put in as text, never as markup.
'use strict';

const texts = {
  name: ['Name', '用户名'], password: ['Password', '密码'], logIn: ['Log in', '登录'], logOut: ['Log out', '退出'],
  waiting: ['Callers who wait', '排队中的来电'], callbacks: ['Callbacks', '回呼'], agents: ['Agents', '坐席'],
  queues: ['Queues', '队列'], calls: ['Calls', '通话'], trunks: ['Trunks', '中继'], yes: ['Yes', '确定'], no: ['No', '取消'],
  live: ['live', '实时'], connecting: ['connecting …', '正在连接…'], old: ['OLD, as of ', '数据已过时，截至 '],
  full: ['As many browsers as possible watch already; this one tries again …', '同时查看的浏览器已达上限，正在重试…'],
  wrong: ['Name or password are wrong.', '用户名或密码错误。'], locked: ['Locked out for so many seconds: ', '已锁定，剩余秒数：'],
  ended: ['You were logged out.', '您已退出登录。'], unreachable: ['The box does not answer.', '设备没有应答。'],
  none: ['none', '无'], refused: ['Refused: ', '被拒绝：'],
  queue: ['Queue', '队列'], position: ['Place', '位置'], waited: ['Waited', '已等待'], from: ['From', '主叫'], to: ['To', '被叫'],
  offeredTo: ['Rings at', '正在振铃'], number: ['Number', '号码'], state: ['State', '状态'], attempts: ['Tries', '次数'],
  due: ['Due in', '距回呼'], agent: ['Agent', '坐席'], since: ['For', '时长'], answered: ['Answered', '已接'],
  reason: ['Reason', '原因'], ready: ['Ready', '空闲'], longest: ['Longest', '最长等待'], offered: ['Offered', '来电'],
  abandoned: ['Abandoned', '放弃'], open: ['Callbacks', '回呼'], lost: ['Lost', '丢包'], jitter: ['Jitter ms', '抖动 ms'],
  destination: ['Destination', '去向'], trunk: ['Trunk', '中继'], up: ['up', '可用'], down: ['DOWN', '不可用'],
  cancel: ['Cancel', '取消回呼'], dialNow: ['Dial now', '立即拨打'], agentLogin: ['Log in', '签入'],
  agentReady: ['Ready', '示闲'], agentPause: ['Break', '示忙'], agentLogout: ['Log out', '签出'],
  'callback cancel': ['Cancel the callback to ', '取消回呼 '], 'callback dial-now': ['Call back now: ', '立即回呼 '],
  'agent login': ['Log in agent ', '签入坐席 '], 'agent ready': ['Make ready agent ', '示闲坐席 '],
  'agent pause': ['Break for agent ', '示忙坐席 '], 'agent logout': ['Log out agent ', '签出坐席 '],
  brownOut: ['POWER IS FAILING', '电力告警'], phones: ['Phones', '话机'], clock: ['CLOCK NOT SYNCHRONISED', '时钟未同步'],
};
// The box's words for states, refusals and roles; one that is not here is shown as it is.
const words = {
  'logged-out': ['logged out', '未登录'], ready: ['ready', '空闲'], backoff: ['missed a call', '未接暂停'], offered: ['ringing', '振铃'],
  withdrawing: ['ringing', '振铃'], reserved: ['reserved', '预留'], talking: ['talking', '通话中'], 'wrap-up': ['wrap-up', '话后处理'],
  'busy-elsewhere': ['busy', '忙'], unreachable: ['unreachable', '话机离线'], 'not-ready': ['on a break', '示忙'], held: ['on hold', '保持中'],
  outbound: ['calls out', '外呼'], creating: ['being written', '登记中'], resting: ['not yet due', '未到期'], due: ['due', '到期'],
  dialling: ['dialling', '正在拨号'], ringing: ['ringing', '振铃'], queued: ['queued', '排队'], announcing: ['announcement', '播放提示'],
  rating: ['is asked for a rating', '评价'], 'calling-back': ['calling back', '回呼中'], ending: ['ending', '正在结束'],
  'not allowed': ['you may not', '权限不足'], 'unknown callback': ['no such callback is open', '没有此回呼'],
  'unknown agent': ['there is no such agent', '没有此坐席'], 'not logged in': ['not logged in', '未登录'],
  'not possible': ['its state or its rules do not allow it', '当前状态或规则不允许'],
  'read-only': ['sees only', '只读'], supervisor: ['supervisor', '主管'], technician: ['technician', '技术员'],
};

let language = (localStorage.getItem('language') || navigator.language || 'zh').startsWith('zh') ? 1 : 0;
let csrf = '', user = '', role = '', source = null, branch = 'Branchline', touched = 0;
let heard = 0, isSilent = false, isFull = false, retry = 0;
const parts = {}, at = {};
const byId = id => document.getElementById(id);
const t = key => texts[key][language];
const isWatching = () => !document.querySelector('main').hidden;

function make(tag, text, classes) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (classes) element.className = classes;
  return element;
}

function clock(seconds) {
  const s = Math.max(0, Math.round(seconds)), two = n => String(n).padStart(2, '0');
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

// A number of seconds that the browser counts on until the box says otherwise.
const passing = (part, seconds, step = 1) => seconds === null ? '' : clock(seconds + step * (Date.now() - at[part]) / 1000);
const said = word => words[word]?.[language] ?? word;

function acts(row, ...list) {
  if (role === 'read-only') return null;
  const cell = make('span');
  for (const [label, act, subject, about] of list) {
    const button = make('button', t(label));
    button.type = 'button';
    button.dataset.act = act;
    button.addEventListener('click', () => order(act, subject, about));
    cell.append(button);
  }
  return cell;
}

// Of each table its columns: a heading, and what a row shows there.
const tables = {
  waiting: [['queue', r => r.queue], ['position', r => r.position], ['from', r => fromOf(r.call)],
    ['waited', r => passing('waiting', r.waitedSeconds)], ['offeredTo', r => r.offeredTo]],
  callbacks: [['queue', r => r.queue], ['number', r => r.number], ['state', r => said(r.state)], ['attempts', r => r.attempts],
    ['due', r => passing('callbacks', r.dueInSeconds, -1)],
    ['', r => acts(r, ['dialNow', 'callback dial-now', r.callback, r.number], ['cancel', 'callback cancel', r.callback, r.number])]],
  agents: [['agent', r => `${r.agent} ${r.name}`], ['state', r => said(r.state), r => r.state === 'ready' ? 'good' : ''],
    ['reason', r => r.pauseReason], ['since', r => passing('agents', r.seconds)], ['answered', r => r.answered],
    ['', r => acts(r, ...(r.state === 'logged-out' ? [['agentLogin', 'agent login', r.agent, r.agent]] : [
      r.state === 'not-ready' ? ['agentReady', 'agent ready', r.agent, r.agent] : ['agentPause', 'agent pause', r.agent, r.agent],
      ['agentLogout', 'agent logout', r.agent, r.agent]]))]],
  queues: [['queue', r => r.name || r.queue], ['waiting', r => r.waiting, r => r.waiting ? 'mark' : ''],
    ['longest', r => r.waiting ? passing('queues', r.longestWaitSeconds) : ''], ['open', r => r.callbacksOpen],
    ['ready', r => `${r.agentsReady}/${r.agentsLoggedIn}`], ['offered', r => r.offered], ['answered', r => r.answered],
    ['abandoned', r => r.abandoned]],
  calls: [['from', r => r.from], ['to', r => r.to], ['destination', r => r.destination], ['state', r => said(r.state)],
    ['since', r => passing('calls', r.seconds)], ['lost', r => quality(r, 'lost'), r => isBad(r) ? 'bad' : ''],
    ['jitter', r => quality(r, 'jitterMilliseconds'), r => isBad(r) ? 'bad' : '']],
  trunks: [['trunk', r => r.trunk], ['state', r => t(r.up ? 'up' : 'down'), r => r.up ? 'good' : 'bad']],
};

const fromOf = number => ((parts.calls || []).find(call => call.call === number) || {}).from || '';
const streamsOf = call => (parts.streams || []).filter(stream => stream.call === call.call);
const quality = (call, key) => streamsOf(call).map(s => key === 'lost' ? `${s.lost}/${s.received + s.lost}` : s[key]).join(' · ');
// From there on people hear it: two in a hundred packets, or more than a usual jitter buffer holds.
const isBad = call => streamsOf(call).some(s => s.lost * 50 > s.received || s.jitterMilliseconds > 40);

const keyOf = row => String(row.callback ?? row.agent ?? row.item ?? row.call ?? row.queue ?? row.trunk);

// What is there stays there and changes its text: a button that is about to be pressed must not be another one then.
function draw(name) {
  const table = byId(name), rows = parts[name] || [], columns = tables[name];
  if (table.dataset.language !== String(language) || !table.tBodies.length) {
    const head = make('thead'), line = make('tr');
    for (const [key] of columns) line.append(make('th', key && t(key)));
    head.append(line);
    table.replaceChildren(make('caption', t('none'), 'none'), head, make('tbody'));
    table.dataset.language = language;
  }
  table.caption.hidden = rows.length > 0;
  table.tHead.hidden = !rows.length;
  const body = table.tBodies[0], known = new Map([...body.children].map(tr => [tr.dataset.key, tr]));
  rows.forEach((row, index) => {
    const key = keyOf(row), tr = known.get(key) || makeRow(key, columns);
    known.delete(key);
    if (body.children[index] !== tr) body.insertBefore(tr, body.children[index] || null);
    columns.forEach((column, place) => fill(tr.children[place], row, column));
  });
  for (const tr of known.values()) tr.remove();
}

function makeRow(key, columns) {
  const tr = make('tr');
  tr.dataset.key = key;
  for (const _ of columns) tr.append(make('td'));
  return tr;
}

function fill(cell, row, [key, value, classes]) {
  const name = key ? t(key) : '', style = (key ? 'number ' : 'acts ') + (classes ? classes(row) : '');
  if (cell.dataset.name !== name) cell.dataset.name = name;
  if (cell.className !== style) cell.className = style;
  // Buttons are made anew when the state has changed that they depend on.
  const is = String(key ? value(row) ?? '' : row.state);
  if (cell.dataset.is === is) return;
  cell.dataset.is = is;
  cell.replaceChildren(key ? is : value(row) || '');
}

function drawFigures() {
  const s = parts.status || {}, line = byId('figures');
  branch = s.branch || branch;
  line.replaceChildren(make('span', `${t('calls')} ${s.calls ?? ''} · ${t('waiting')} ${s.waiting ?? ''} · ${t('callbacks')} ${s.callbacks ?? ''} · ${t('phones')} ${s.phones ?? ''} · ${t('trunks')} ${s.trunksUp ?? ''}/${s.trunks ?? ''} `));
  if (s.brownOut) line.append(make('strong', t('brownOut') + ' ', 'bad'));
  if (s.clockTrusted === false) line.append(make('strong', t('clock'), 'mark'));
}

function drawAll() {
  document.documentElement.lang = language ? 'zh' : 'en';
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text);
  byId('language').textContent = language ? 'English' : '中文';
  byId('user').textContent = user && `${user} (${said(role)})`;
  drawFigures();
  for (const name in tables) draw(name);
  byId('branch').textContent = document.title = branch;
  drawState();
}

function drawState() {
  const isOld = isSilent || Date.now() - heard > 12000, state = byId('state');
  document.body.classList.toggle('old', isWatching() && isOld);
  state.className = isOld ? 'old' : 'live';
  state.textContent = !isWatching() ? '' : isFull ? t('full') : !heard ? t('connecting') : isOld ? t('old') + new Date(heard).toLocaleTimeString() : t('live');
}

async function ask(method, path, body) {
  const headers = method === 'POST' ? { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf } : {};
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store' });
  return { status: answer.status, json: await answer.json().catch(() => ({})) };
}

function leave(text) {
  clearTimeout(retry);
  isFull = false;
  source?.close();
  source = null;
  csrf = user = '';
  for (const name in parts) delete parts[name];
  document.querySelector('main').hidden = byId('logout').hidden = true;
  byId('login').hidden = false;
  byId('fault').textContent = text || '';
  drawAll();
}

function enter(session) {
  ({ csrf, role } = session);
  if (!localStorage.getItem('language')) language = session.language === 'zh' ? 1 : 0;
  byId('login').hidden = true;
  document.querySelector('main').hidden = byId('logout').hidden = false;
  user = session.user;
  heard = 0;
  isFull = session.room === false;
  drawAll();
  isFull ? later(5000) : watch();
}

// Asks again who is logged in, and goes on from there.
function later(milliseconds) {
  clearTimeout(retry);
  retry = setTimeout(begin, milliseconds);
}

function watch() {
  source?.close();
  source = new EventSource('events');
  for (const name of ['status', 'streams', ...Object.keys(tables)])
    source.addEventListener(name, event => {
      parts[name] = JSON.parse(event.data);
      [at[name], heard, isSilent] = [Date.now(), Date.now(), false];
      if (name === 'status') { drawFigures(); byId('branch').textContent = document.title = branch; }
      else if (name === 'streams') draw('calls');
      else draw(name);
      if (name === 'calls') draw('waiting');
      drawState();
    });
  source.addEventListener('alive', () => { heard = Date.now(); isSilent = false; drawState(); });
  source.addEventListener('silent', () => { isSilent = true; drawState(); });
  source.addEventListener('ended', () => leave(t('ended')));
  // What is closed for good was refused: somebody has logged out, or there is no room.
  source.addEventListener('error', () => { if (source?.readyState === EventSource.CLOSED) later(3000); });
}

function confirmed(question, isNews = false) {
  const dialog = byId('confirm');
  byId('no').hidden = isNews;
  byId('question').textContent = question;
  dialog.showModal();
  return new Promise(resolve => {
    dialog.onclose = () => resolve(dialog.returnValue === 'yes');
    dialog.returnValue = '';
    byId('yes').onclick = () => dialog.close('yes');
    byId('no').onclick = () => dialog.close('no');
  });
}

async function order(act, subject, about) {
  if (!await confirmed(t(act) + about + (language ? '？' : '?'))) return;
  const { status, json } = await ask('POST', 'order', { act, subject: String(subject) }).catch(() => ({ status: 0, json: {} }));
  if (status === 200) return;
  if (status === 401) return leave(t('ended'));
  await confirmed(status === 0 || status === 503 ? t('unreachable')
    : t('refused') + said(json.refusal || json.error || String(status)), true);
}

async function begin() {
  try {
    const { json } = await ask('GET', 'session');
    json.user ? enter(json) : leave(isWatching() ? t('ended') : '');
  } catch { later(3000); }
}

byId('login').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target;
  const { status, json } = await ask('POST', 'login', { name: form.name.value, password: form.password.value })
    .catch(() => ({ status: 0, json: {} }));
  form.password.value = '';
  if (status === 200) return enter(json);
  byId('fault').textContent = status === 429 ? t('locked') + json.seconds : status === 401 ? t('wrong') : t('unreachable');
});
byId('logout').addEventListener('click', () => ask('POST', 'logout', {}).finally(() => leave()));
byId('language').addEventListener('click', () => {
  language = 1 - language;
  localStorage.setItem('language', language ? 'zh' : 'en');
  drawAll();
});
for (const kind of ['pointerdown', 'keydown'])
  addEventListener(kind, () => {
    if (!csrf || Date.now() - touched < 60000) return;
    touched = Date.now();
    ask('POST', 'alive', {}).catch(() => {});
  });
setInterval(() => {
  if (!isWatching()) return;
  drawState();
  for (const name of ['waiting', 'callbacks', 'agents', 'queues', 'calls']) draw(name);
}, 1000);
drawAll();
begin();
