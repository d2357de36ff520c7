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

/** What a refused connection is about: a fault as JSON if Madang refused it, else a text. */
function sentence(message) {
  try {
    return JSON.parse(message).message;
  } catch {
    return message;
  }
}

function start() {
  const socket = io();
  // A form's own way of sending: a click, or Enter once an input method has taken its last syllable.
  document.getElementById('say').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value;
    if (text.trim() !== '') {
      append(`You: ${text}`);
      // The server's own line comes to all; this answer is for the one who may not speak.
      socket.emit('send_message', { text }, (answer) => {
        link.textContent = answer.fault ? answer.fault.message : '';
      });
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
    link.textContent = sentence(error.message);
  });
}

if (typeof io === 'undefined') {
  link.textContent = 'This server was built without the Socket.IO client.';
} else {
  start();
}
