"""Stays connected to Madang's namespace `/`, coming back by itself, and prints each connection and each chat message.

Arguments: where the server is, and the transports, separated by commas.
"""

import sys

import socketio

origin, transports = sys.argv[1:]
client = socketio.Client(reconnection_delay=0.05, reconnection_delay_max=0.2)


@client.event
def connect():
    print("connected", flush=True)


@client.on("chat message")
def chat_message(text):
    print("heard", text, flush=True)


sys.stdout.reconfigure(encoding="utf-8")
client.connect(origin, transports=transports.split(","), wait_timeout=20)
client.wait()
