"""Lets clients and servers that exchange pickled objects over TCP work with Shortline unchanged:
python3 pickle_bridge.py CLIENT_PORT SERVER_PORT GATEWAY_PORT REPORT_PORT, where the last two are Shortline's (54001 and 54000)."""
import io, json, pickle, select, socket, sys, threading, time

HOST, LARGEST, OPERATION = "127.0.0.1", 2048, "echo"
client_port, server_port, gateway_port, report_port = map(int, sys.argv[1:5])
threads = threading.BoundedSemaphore(256)

class Message(pickle.Unpickler):
    def find_class(self, module, name):  # The only way from a pickle to code: it leads to this class, without arguments.
        if name not in ("ClientRequest", "ServerResponse"):
            raise pickle.UnpicklingError(f"a pickle names {module}.{name}")
        return type(name, (), {})

def numbers(pickles, *members):  # Returns members of the last of the pickles that arrived together.
    stream, found = io.BytesIO(pickles), [None]
    while stream.tell() < len(pickles):
        found = [*map(vars(Message(stream).load()).get, members)]
    if not all(type(number) is int and 0 <= number < 2**63 for number in found):
        raise ValueError(f"{members} are not whole numbers")
    return found

def send(connection, name, **members):  # Sends an object of the class that the receiver has in the module of that name.
    class_of_it = f"\x80\x02cmodel.{name}\n{name}\n)\x81".encode("latin-1")
    connection.sendall(class_of_it + pickle.dumps(members, protocol=2)[2:-1] + b"b.")

def on_client(connection):
    identity, port = numbers(connection.recv(LARGEST), "identity", "port")
    request = {"id": time.time_ns(), "client_id": identity, "operation": OPERATION, "payload": {"identity": identity, "port": port}}
    with socket.create_connection((HOST, gateway_port), timeout=90) as gateway:
        gateway.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(gateway.makefile().readline())
    if answer["status"] != "ok":
        raise ValueError(f"the request of client {identity} ended with {answer}")
    if "result" in answer:  # Answers of the older servers have none, because they connect to the client themselves.
        with socket.create_connection((HOST, port), timeout=5) as client:
            send(client, "ClientResponse", identity=identity)

def on_server(connection):
    reads_at, report = time.monotonic() + 6, {}  # It reads nothing in its first five seconds.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((HOST, 0))
        try:
            while True:
                ready, _, _ = select.select([connection, own], [], [], 1)
                if own in ready:
                    pass_on(*own.recvfrom(65535), own, connection, report)
                if connection in ready:
                    identity, length = numbers(connection.recv(LARGEST), "identity", "queue_length")
                    report.update(identity=f"pickle-{identity}", port=own.getsockname()[1], queue_length=length)
                if report and time.monotonic() > reads_at:
                    own.sendto(json.dumps(report).encode(), (HOST, report_port))
        finally:
            own.sendto(json.dumps({**report, "status": "stopped"}).encode(), (HOST, report_port))

def pass_on(datagram, gateway, own, connection, report):
    request, answer = json.loads(datagram), {"status": "ok"}
    match request:
        case {"payload": {"identity": int(identity), "port": int(port)}}:
            send(connection, "ClientRequest", identity=identity, port=port)
            report["queue_length"] += 1  # Until the server's next report.
            time.sleep(0.05)  # Of two pickles that arrive together it reads one.
        case {"operation": operation} if operation != "test_response_time":
            answer = {"status": "invalid", "error": "'payload' must have an 'identity' and a 'port'"}
    own.sendto(json.dumps({"id": request["id"], **answer}).encode(), gateway)

def serve(listener, handle):
    def run(connection):
        try:
            with connection:
                handle(connection)
        except Exception as failure:  # Whatever another program sends ends its own connection only.
            print(f"{handle.__name__}: {failure!r}", file=sys.stderr, flush=True)
        threads.release()

    while threads.acquire():
        threading.Thread(target=run, args=listener.accept()[:1], daemon=True).start()

threading.Thread(target=serve, args=(socket.create_server((HOST, server_port)), on_server), daemon=True).start()
serve(socket.create_server((HOST, client_port)), on_client)
