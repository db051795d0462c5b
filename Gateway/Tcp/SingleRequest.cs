using Shortline.Gateway.Requests;
using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Tcp;

/// <summary>A batch with one request that the gateway made itself.</summary>
internal sealed class SingleRequest(byte[] request, PeerAddress peer) : IRequestBatch
{
    private readonly PeerAddress _peer = peer;

    public ReadOnlySpan<byte> Request(int index) => request;

    public ref readonly PeerAddress Peer(int index) => ref _peer;

    public bool Truncated(int index) => false;

    public bool AreOwn => true;
}
