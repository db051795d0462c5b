using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Silo.Links;

/// <summary>
/// A connection over which a gateway sends requests. One thread at a time reads it (<see cref="LinkRun"/>). If a handler does not return to
/// that thread, another thread goes on, so that the other servers of the silo get their requests.
/// </summary>
internal sealed partial class RequestLink
{
    /// <summary>How long a gateway that does not read its receipts keeps the link.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly Action<RequestLink> _onEnded;
    private readonly Action _watch;
    private volatile LinkRun _run;
    private volatile bool _isClosed;
    private int _isWatched;

    /// <summary>Creates a link.</summary>
    /// <param name="socket">The connection, which belongs to the link.</param>
    /// <param name="offer">The offer that the gateway has taken.</param>
    /// <param name="servers">The servers of the silo.</param>
    /// <param name="watch">Begins to call <see cref="Look"/> every few milliseconds.</param>
    /// <param name="onEnded">Called when the link has ended.</param>
    /// <param name="log">The log.</param>
    public RequestLink(Socket socket, OpenOffer offer, ILocalServers servers, Action watch, Action<RequestLink> onEnded, ILogger log)
    {
        (_socket, _watch, _onEnded, Offer, Servers, Log) = (socket, watch, onEnded, offer, servers, log);
        socket.NoDelay = true;
        socket.SendTimeout = (int)SendTimeout.TotalMilliseconds;
        _run = new LinkRun(this, new FrameBuffer());
    }

    public OpenOffer Offer { get; }

    public ILocalServers Servers { get; }

    public ILogger Log { get; }

    /// <summary>Reads requests on this thread until the link ends, or until another thread goes on.</summary>
    public void Run()
    {
        Opened(Log, Offer.GatewayId);
        _run.Work();
    }

    /// <summary>Receives bytes; waits for them.</summary>
    /// <returns>Their number; 0 if the link has ended.</returns>
    public int Receive(Memory<byte> memory)
    {
        try
        {
            return _isClosed ? 0 : _socket.Receive(memory.Span);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Sends a frame of receipts.</summary>
    public void Send(ReadOnlyMemory<byte> frame)
    {
        try
        {
            for (var rest = frame; rest.Length > 0;)
                rest = rest[_socket.Send(rest.Span)..];
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The gateway is gone, or does not read. It sends the requests elsewhere when the link ends.
            Close();
        }
    }

    /// <summary>Has the thread that reads watched, because it calls servers now.</summary>
    public void Watch()
    {
        if (Volatile.Read(ref _isWatched) == 0 && Interlocked.Exchange(ref _isWatched, 1) == 0)
            _watch();
    }

    /// <summary>Lets another thread go on if a server has kept the present one since the last look.</summary>
    /// <returns>Whether to look again; if not, <see cref="Watch"/> says when.</returns>
    public bool Look()
    {
        if (Volatile.Read(ref _isWatched) == 0)
            return false;

        var run = _run;
        if (run.HasNotMoved() && run.Leave() is { } next)
        {
            _run = next;
            GoOn(next);
        }

        if (_run.IsCalling)
            return true;

        // First unwatched, then looked: who calls a server looks at it after saying so.
        Volatile.Write(ref _isWatched, 0);
        Interlocked.MemoryBarrier();
        return _run.IsCalling && Interlocked.Exchange(ref _isWatched, 1) == 0;
    }

    /// <summary>Closes the connection. The thread that reads finds that, and ends the link.</summary>
    public void Close()
    {
        _isClosed = true;
        try
        {
            // Wakes the thread that reads, which disposing alone need not do.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It is not connected any more.
        }
    }

    /// <summary>Releases the connection. Called by the thread that has read it last.</summary>
    public void End()
    {
        _isClosed = true;
        _socket.Dispose();
        _onEnded(this);
        Ended(Log, Offer.GatewayId);
    }

    private void GoOn(LinkRun run)
    {
        try
        {
            new Thread(run.Work) { IsBackground = true, Name = "silo link" }.UnsafeStart();
        }
        catch (OutOfMemoryException)
        {
            // There is no thread to read the link any more. The gateway makes grain calls, and opens another link later.
            Close();
            End();
        }
    }

    [LoggerMessage(1174, LogLevel.Information, "Gateway {Gateway} sends its requests over a link")]
    private static partial void Opened(ILogger log, string gateway);

    [LoggerMessage(1175, LogLevel.Information, "The link of gateway {Gateway} has ended")]
    private static partial void Ended(ILogger log, string gateway);
}
