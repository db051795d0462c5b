"""Sends a request over UDP: python3 request.py HOST PORT OPERATION PAYLOAD."""
import json
import socket
import sys
import uuid

request = {"id": str(uuid.uuid4()), "operation": sys.argv[3], "payload": json.loads(sys.argv[4])}
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(5)
client.connect((sys.argv[1], int(sys.argv[2])))
while True:
    client.send(json.dumps(request).encode())
    response = json.loads(client.recv(65535))
    if response["status"] != "verify":
        break
    request["token"] = response["token"]
print(json.dumps(response))
