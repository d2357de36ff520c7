// The quick chat's page. What is said is only ever put into the log as text.
'use strict';

const log = document.getElementById('chat');
const input = document.getElementById('textfield_input');
const link = document.getElementById('link');

function append(line) {
  // Whoever reads further up is not torn away from there.
  const wasAtBottom = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
  const row = document.createElement('p');
  row.textContent = line;
  log.append(row);
  if (wasAtBottom) log.scrollTop = log.scrollHeight;
}

function start() {
  const socket = io();
  // A form's own way of sending: a click, or Enter once an input method has taken its last syllable.
  document.getElementById('say').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value;
    if (text.trim() !== '') {
      append(`You: ${text}`);
      socket.emit('send_message', { text });
      input.value = '';
    }
    input.focus();
  });
  socket.on('message_from_server', (data) => append(`Server: ${data.text}`));
  socket.on('connect', () => {
    link.textContent = '';
  });
  socket.on('disconnect', () => {
    link.textContent = 'The connection is down. 연결이 끊어졌습니다.';
  });
  socket.on('connect_error', (error) => {
    link.textContent = `Not connected: ${error.message}`;
  });
}

if (typeof io === 'undefined') {
  link.textContent = 'This server was built without the Socket.IO client.';
} else {
  start();
}
