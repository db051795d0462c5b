class ServerResponse:
    def __init__(self, identity, queue_length):
        self.identity = identity
        self.queue_length = queue_length
