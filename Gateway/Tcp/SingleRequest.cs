namespace Shortline.Gateway;

/// <summary>One request that did not come as a line or datagram.</summary>
internal sealed class SingleRequest(byte[] request, PeerAddress peer) : IRequestBatch
{
    private readonly PeerAddress _peer = peer;

    public ReadOnlySpan<byte> Request(int index) => request;

    public ref readonly PeerAddress Peer(int index) => ref _peer;

    public bool Truncated(int index) => false;
}
