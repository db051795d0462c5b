"""A server that sends and receives pickles: server.py IDENTITY BALANCER_PORT REQUESTS. It ends with that many requests answered."""
import pickle
import socket
import sys
import threading
import time

from model.ClientResponse import ClientResponse
from model.ServerResponse import ServerResponse

identity, balancer_port, requests = map(int, sys.argv[1:4])
balancer = socket.create_connection(("localhost", balancer_port))


def report():
    while True:
        balancer.sendall(pickle.dumps(ServerResponse(identity, 0)))
        time.sleep(0.5)


threading.Thread(target=report, daemon=True).start()
for _ in range(requests):
    request = pickle.loads(balancer.recv(2048))
    with socket.create_connection(("localhost", request.port)) as client:
        client.sendall(pickle.dumps(ClientResponse(request.identity)))
print(f"server {identity} answered {requests}")
