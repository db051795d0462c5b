using System.Net;
using System.Net.Sockets;
using Shortline.GrainInterfaces.Links;

namespace Shortline.Gateway.HandOver.Links;

/// <summary>
/// The gateway's end of a link. Sending never waits, because the thread that receives requests of clients sends; receiving waits. It is used
/// without asynchronous calls, because after the first one .NET would take two changes of thread for each read.
/// </summary>
internal sealed class LinkSocket : IDisposable
{
    private const int MicrosecondsOfMillisecond = 1000;
    private const int WithoutEnd = -1;

    private readonly Socket _socket;

    private LinkSocket(Socket socket) => _socket = socket;

    /// <summary>Connects to a silo and proves that this gateway was invited.</summary>
    /// <exception cref="SocketException">The silo cannot be reached.</exception>
    public static LinkSocket Connect(LinkOffer offer, TimeProvider time)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(offer.Address), offer.Port);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A firewall that drops the packets would keep the thread for minutes.
            using (time.CreateTimer(_ => socket.Dispose(), null, LinkOffer.Lifetime / 2, Timeout.InfiniteTimeSpan))
                socket.Connect(endPoint);
            socket.Send(offer.Token);
            socket.Blocking = false;
            return new LinkSocket(socket);
        }
        catch (ObjectDisposedException)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends what the system takes at once.</summary>
    /// <returns>The number of bytes, which may be 0.</returns>
    /// <exception cref="SocketException">The link has ended.</exception>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        return error is SocketError.Success or SocketError.WouldBlock ? sent : throw new SocketException((int)error);
    }

    /// <summary>Waits until the system takes more.</summary>
    /// <returns>Whether it does.</returns>
    public bool WaitToSend(TimeSpan limit) =>
        _socket.Poll((int)limit.TotalMilliseconds * MicrosecondsOfMillisecond, SelectMode.SelectWrite);

    /// <summary>Waits for bytes.</summary>
    /// <returns>Their number; 0 if the silo has ended the link.</returns>
    /// <exception cref="SocketException">The link has ended.</exception>
    public int Receive(Span<byte> memory)
    {
        while (true)
        {
            var received = _socket.Receive(memory, SocketFlags.None, out var error);
            if (error == SocketError.Success)
                return received;
            if (error != SocketError.WouldBlock)
                throw new SocketException((int)error);
            _socket.Poll(WithoutEnd, SelectMode.SelectRead);
        }
    }

    /// <summary>Ends the link. Another thread that waits wakes up.</summary>
    public void Close()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public void Dispose() => _socket.Dispose();
}
