"""A client that sends and receives pickles: client.py IDENTITY BALANCER_PORT RESPONSES. It ends with that many responses."""
import pickle
import socket
import sys
import threading
import time

from model.ClientRequest import ClientRequest

identity, balancer, responses = map(int, sys.argv[1:4])
listener = socket.create_server(("localhost", 0))


def send():
    while True:
        with socket.create_connection(("localhost", balancer)) as connection:
            connection.sendall(pickle.dumps(ClientRequest(identity, listener.getsockname()[1])))
        time.sleep(0.2)


threading.Thread(target=send, daemon=True).start()
for _ in range(responses):
    connection, _ = listener.accept()
    assert pickle.loads(connection.recv(2048)).identity == identity
print(f"client {identity} received {responses}")
