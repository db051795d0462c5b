"""A server in Python: python3 external_server.py IDENTITY [PORT [ADDRESS]], with load_balancer.server_side_port and load_balancer.address."""
import hashlib
import hmac
import json
import os
import socket
import sys
import threading
import time

secret = os.environ.get("SHORTLINE__load_balancer__join_secret", "").encode()
gateway = (sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 54000)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as route:
    route.connect(gateway)
    address = route.getsockname()[0]
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((address, 0))
me = {"identity": sys.argv[1], "port": server.getsockname()[1], "queue_length": 0, "status": "ready", "address": address}


def signed(report):
    text = json.dumps(report | {"time": int(time.time() * 1000)})[:-1] + ", "
    return text + '"signature": "' + hmac.new(secret, text.encode(), hashlib.sha256).hexdigest() + '"}'


def report():
    while True:
        server.sendto(signed(me).encode(), gateway)
        time.sleep(1)


def work(operation, payload):
    if operation == "test_response_time":
        return {"status": "ok"}
    if operation == "echo":
        return {"status": "ok", "result": payload}
    return {"status": "invalid", "error": f"unknown operation '{operation}': this server knows echo"}


threading.Thread(target=report, daemon=True).start()
while True:
    datagram, sender = server.recvfrom(65535)
    request = json.loads(datagram)
    response = {"id": request["id"], **work(request["operation"], request.get("payload"))}
    server.sendto(json.dumps(response).encode(), sender)
