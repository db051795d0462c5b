using System.Net;
using System.Text;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>A receiver whose datagrams come from the test.</summary>
internal sealed class DatagramList : IUdpReceiver
{
    private readonly List<byte[]> _datagrams = [];
    private PeerAddress[] _peers = [];

    public int Count => _datagrams.Count;

    public static PeerAddress PeerAt(int port) => PeerAt(IPAddress.Loopback, port);

    /// <summary>A client that sends to one of several addresses of the gateway.</summary>
    public static PeerAddress PeerAt(int port, ushort local) => PeerAt(port).Received(PeerAddress.IPv4Length, local);

    public static PeerAddress PeerAt(IPAddress address, int port) => PeerAddress.From(new IPEndPoint(address, port));

    public DatagramList Add(string text, int port = 40000) => Add(Encoding.UTF8.GetBytes(text), port);

    public DatagramList Add(string text, PeerAddress peer) => Add(Encoding.UTF8.GetBytes(text), peer);

    public DatagramList Add(byte[] datagram, int port = 40000) => Add(datagram, PeerAt(port));

    private DatagramList Add(byte[] datagram, PeerAddress peer)
    {
        _datagrams.Add(datagram);
        _peers = [.. _peers, peer];
        return this;
    }

    public byte[] this[int index] => _datagrams[index];

    public int Receive() => _datagrams.Count;

    public ReadOnlySpan<byte> Request(int index) => _datagrams[index];

    public ref readonly PeerAddress Peer(int index) => ref _peers[index];

    public bool Truncated(int index) => false;

    public void Dispose()
    {
    }
}
