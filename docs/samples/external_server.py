"""A server in Python: python3 external_server.py IDENTITY [PORT], with load_balancer.server_side_port as PORT."""
import json
import socket
import sys
import threading
import time

gateway = ("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 54000)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
me = {"identity": sys.argv[1], "port": server.getsockname()[1], "queue_length": 0, "status": "ready"}


def report():
    while True:
        server.sendto(json.dumps(me).encode(), gateway)
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
