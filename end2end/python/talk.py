"""Connects to Madang's namespace `/`, says one thing and waits until it has heard another.

Arguments: where the server is, the transport, what to say, what to wait for. Prints a line for the transport and one
for each message.
"""

import sys
import threading

import socketio

PATIENCE = 20

origin, transport, to_say, to_hear = sys.argv[1:]
client = socketio.Client(reconnection=False)
heard_all = threading.Event()


@client.on("chat message")
def chat_message(text):
    print("heard", text, flush=True)
    if text == to_hear:
        heard_all.set()


sys.stdout.reconfigure(encoding="utf-8")
client.connect(origin, transports=[transport], wait_timeout=PATIENCE)
print("transport", client.transport(), flush=True)
client.emit("chat message", to_say)
heard = heard_all.wait(PATIENCE)
client.disconnect()
sys.exit(0 if heard else "it never came")
