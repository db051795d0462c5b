class ClientResponse:
    def __init__(self, identity):
        self.identity = identity
