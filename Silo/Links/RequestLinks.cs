using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Logs;

namespace Shortline.Silo.Links;

/// <summary>
/// The links of this silo: TCP connections over which gateways of other processes send requests to its servers. A thread of its own reads each
/// link, calls the servers directly and sends their receipts. Grain calls change threads many times for that, which costs most of the time and of
/// the processor time of a request.
/// </summary>
/// <remarks>
/// The port is opened when the first gateway asks for a link. A connection has to begin with the token of an offer, which only members of the
/// cluster get.
/// </remarks>
internal sealed partial class RequestLinks : IRequestLinks, IDisposable
{
    /// <summary>Connections that have not sent a token yet, at the same time. More are closed at once.</summary>
    private const int MostUnproven = 32;

    /// <summary>
    /// How long a server may keep the thread that reads a link, at least; at most twice as long. All requests of the gateway for this silo wait
    /// meanwhile, but only once: the next requests find the server busy. On a busy machine a thread may wait for a processor for tens of
    /// milliseconds.
    /// </summary>
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause after a connection could not be accepted: the process has no descriptors or memory for it at present.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromSeconds(1);

    private readonly IPEndPoint _endPoint;
    private readonly ILocalServers _servers;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly ILogger _log;
    private readonly RateLimitedLog<string> _strangerLog;

    /// <summary>Gateways ask again and again for links that there cannot be.</summary>
    private readonly RateLimitedLog<string> _noLinkLog;

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _closed = new(initialState: false, spinCount: 0);

    /// <summary>Set while a link is to be watched, or a moment longer.</summary>
    private readonly ManualResetEventSlim _calling = new(initialState: false, spinCount: 0);
    private readonly ConcurrentDictionary<string, OpenOffer> _offers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<RequestLink, bool> _links = new();
    private Socket? _listener;
    private int _unproven;

    /// <summary>Creates the links of a silo.</summary>
    /// <param name="endPoint">Where to listen; port 0 for any free port.</param>
    /// <param name="servers">The servers of the silo.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="patience">How long a server may keep the thread that reads a link; null for the usual time.</param>
    public RequestLinks(IPEndPoint endPoint, ILocalServers servers, TimeProvider time, ILogger log, TimeSpan? patience = null) =>
        (_endPoint, _servers, _time, _log, _patience, _strangerLog, _noLinkLog) = (
            endPoint, servers, time, log, patience ?? UsualPatience,
            new RateLimitedLog<string>(time, TimeSpan.FromSeconds(1)), new RateLimitedLog<string>(time, TimeSpan.FromHours(1)));

    /// <summary>The most links at the same time, each with a thread. More gateways make grain calls.</summary>
    public int Limit { get; init; } = 256;

    /// <summary>The number of links.</summary>
    public int Count => _links.Count;

    /// <inheritdoc/>
    public LinkOffer? Offer(string pool, string gatewayId, IGatewayObserver replyTo)
    {
        if (_links.Count >= Limit)
        {
            if (_noLinkLog.TryPass(nameof(Limit), out _))
                TooMany(_log, Limit, gatewayId);
            return null;
        }

        if (Listen() is not { } endPoint)
            return null;

        foreach (var (old, offer) in _offers)
        {
            if (_time.GetElapsedTime(offer.MadeAt) > LinkOffer.Lifetime)
                _offers.TryRemove(old, out _);
        }

        var token = RandomNumberGenerator.GetBytes(LinkFormat.TokenLength);
        _offers[Convert.ToHexString(token)] = new OpenOffer(pool, gatewayId, replyTo, _time.GetTimestamp());
        return new LinkOffer { Address = endPoint.Address.ToString(), Port = endPoint.Port, Token = token };
    }

    /// <summary>Closes all links.</summary>
    public void Dispose()
    {
        Socket? listener;
        lock (_lock)
        {
            _closed.Set();
            (listener, _listener) = (_listener, null);
        }

        listener?.Dispose();
        CloseAll();
        _calling.Set();
    }

    /// <summary>Looks at the links whose threads call servers, and lets other threads go on where a server does not return.</summary>
    /// <returns>Whether to look again.</returns>
    internal bool Look()
    {
        var isCalling = false;
        foreach (var (link, _) in _links)
            isCalling |= link.Look();
        return isCalling;
    }

    /// <summary>Closes the links that are there. Gateways open others.</summary>
    internal void CloseAll()
    {
        foreach (var link in _links.Keys)
            link.Close();
    }

    /// <summary>Opens the port, unless it is open.</summary>
    /// <returns>The address and port; null if the port cannot be opened.</returns>
    private IPEndPoint? Listen()
    {
        lock (_lock)
        {
            if (_closed.IsSet)
                return null;
            if (_listener is not null)
                return (IPEndPoint)_listener.LocalEndPoint!;

            var listener = new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(_endPoint);
                listener.Listen();
            }
            catch (SocketException failure)
            {
                listener.Dispose();
                if (_noLinkLog.TryPass(nameof(NoPort), out _))
                    NoPort(_log, _endPoint.Address, _endPoint.Port, failure.Message);
                return null;
            }

            _listener = listener;
            new Thread(() => Accept(listener)) { IsBackground = true, Name = "silo links" }.UnsafeStart();
            new Thread(Watch) { IsBackground = true, Name = "silo link watch" }.UnsafeStart();
            return (IPEndPoint)listener.LocalEndPoint!;
        }
    }

    /// <summary>Accepts connections until the port is closed.</summary>
    private void Accept(Socket listener)
    {
        while (!_closed.IsSet)
        {
            try
            {
                // Blocking calls throughout: a socket that was once used asynchronously takes two changes of thread for each read.
                var socket = listener.Accept();
                if (_closed.IsSet || Volatile.Read(ref _unproven) >= MostUnproven)
                    socket.Dispose();
                else
                    StartServing(socket);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OutOfMemoryException)
            {
                if (_closed.IsSet)
                    return;
                NotAccepted(_log, failure.Message);
                _closed.Wait(AcceptPause);
            }
        }
    }

    /// <summary>
    /// Watches the links while they call servers. On a thread of its own, because each timer of the pool wakes one that then looks for other work.
    /// </summary>
    private void Watch()
    {
        while (!_closed.IsSet)
        {
            _calling.Wait();
            _calling.Reset();
            while (!_closed.Wait(_patience) && Look())
            {
            }
        }
    }

    private void StartServing(Socket socket)
    {
        Interlocked.Increment(ref _unproven);
        try
        {
            new Thread(() => Serve(socket)) { IsBackground = true, Name = "silo link" }.UnsafeStart();
        }
        catch (OutOfMemoryException)
        {
            Interlocked.Decrement(ref _unproven);
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads the token, and then requests until the link ends.</summary>
    private void Serve(Socket socket)
    {
        var link = default(RequestLink);
        try
        {
            if (ReadToken(socket) is { } offer)
                link = new RequestLink(socket, offer, _servers, _calling.Set, link => _links.TryRemove(link, out _), _log);
        }
        catch (SocketException)
        {
            // It has sent nothing in time, or is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _unproven);
        }

        if (link is null)
        {
            socket.Dispose();
            return;
        }

        _links[link] = true;

        // First added, then looked: who closes all closes those that are there after saying so.
        if (_closed.IsSet)
            link.Close();
        link.Run();
    }

    private OpenOffer? ReadToken(Socket socket)
    {
        Span<byte> token = stackalloc byte[LinkFormat.TokenLength];
        socket.ReceiveTimeout = (int)LinkOffer.Lifetime.TotalMilliseconds;
        for (var read = 0; read < token.Length;)
        {
            var count = socket.Receive(token[read..]);
            if (count == 0)
                return null;
            read += count;
        }

        socket.ReceiveTimeout = 0;
        var isKnown = _offers.TryRemove(Convert.ToHexString(token), out var offer) && _time.GetElapsedTime(offer.MadeAt) <= LinkOffer.Lifetime;
        if (!isKnown && _strangerLog.TryPass("", out var suppressed))
            NotProven(_log, socket.RemoteEndPoint, suppressed);
        return isKnown ? offer : null;
    }

    [LoggerMessage(1171, LogLevel.Warning, "This silo takes requests only by grain calls, which are slower, because it cannot listen on {Address}, TCP port {Port} (cluster.link_port_range_start): {Failure}")]
    private static partial void NoPort(ILogger log, IPAddress address, int port, string failure);

    [LoggerMessage(1177, LogLevel.Warning, "There are {Limit} links, which is the limit: gateway {Gateway} and further ones make grain calls, which are slower. Run fewer gateways, or let silos be gateways (--gateway)")]
    private static partial void TooMany(ILogger log, int limit, string gateway);

    [LoggerMessage(1172, LogLevel.Warning, "A connection of a gateway was not accepted, so it makes grain calls until the next try: {Failure}")]
    private static partial void NotAccepted(ILogger log, string failure);

    [LoggerMessage(1173, LogLevel.Warning, "{Peer} connected to the port for links without the token of an offer. Only gateways of this cluster may connect there. {Suppressed} more since the last such line")]
    private static partial void NotProven(ILogger log, EndPoint? peer, long suppressed);
}

/// <summary>An offer that no gateway has used yet.</summary>
/// <param name="Pool">The pool of the servers.</param>
/// <param name="GatewayId">The gateway.</param>
/// <param name="ReplyTo">The receiver of responses that are not complete when a receipt is sent.</param>
/// <param name="MadeAt">The timestamp of the offer.</param>
internal sealed record OpenOffer(string Pool, string GatewayId, IGatewayObserver ReplyTo, long MadeAt);
