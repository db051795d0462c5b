class ClientRequest:
    def __init__(self, identity, port):
        self.identity = identity
        self.port = port
