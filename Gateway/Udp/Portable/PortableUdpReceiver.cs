using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway.Udp.Portable;

/// <summary>
/// Receives one datagram per call. Checking for a second one without blocking would cost as much as receiving it.
/// </summary>
internal sealed class PortableUdpReceiver(PortableUdpTransport transport, Socket socket) : IUdpReceiver
{
    // Pinned once, so that no receive has to pin it.
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(65_536, pinned: true);
    private readonly SocketAddress _address = new(socket.AddressFamily);
    private PeerAddress _peer;
    private int _length;
    private int _count;

    public int Receive()
    {
        _count = 0;
        while (!transport.IsShutdown)
        {
            try
            {
                _address.Size = _address.Buffer.Length;
                _length = socket.ReceiveFrom(_buffer, SocketFlags.None, _address);
                if (transport.IsShutdown)
                    break;
                _peer = PeerAddress.From(_address);
                return _count = 1;
            }
            catch (SocketException) when (transport.IsShutdown)
            {
                break;
            }
            catch (ObjectDisposedException) when (transport.IsShutdown)
            {
                break;
            }
            catch (SocketException fault) when (IsTransient(fault.SocketErrorCode))
            {
                // The error concerns an earlier datagram or the network, not this socket.
            }
        }

        return -1;
    }

    public ReadOnlySpan<byte> Request(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return _buffer.AsSpan(0, _length);
    }

    public ref readonly PeerAddress Peer(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return ref _peer;
    }

    // The buffer holds every datagram except jumbograms, which the supported systems do not deliver.
    public bool Truncated(int index) => false;

    public void Dispose() => _count = 0;

    private static bool IsTransient(SocketError error) =>
        error
            is SocketError.ConnectionReset
                or SocketError.ConnectionRefused
                or SocketError.HostUnreachable
                or SocketError.NetworkUnreachable
                or SocketError.HostDown
                or SocketError.NetworkDown
                or SocketError.NetworkReset
                or SocketError.NoBufferSpaceAvailable
                or SocketError.Interrupted
                or SocketError.WouldBlock
                or SocketError.TimedOut
                or SocketError.MessageSize;
}
