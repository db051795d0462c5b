using System.Net;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Tcp.Text;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Logs;

namespace Shortline.Silo.Endpoints;

/// <summary>
/// A server's own port: a gateway with that one server. Requests that arrive here wait in the same queue as those of all gateways, and
/// count for the balancer. Files are sent as streams without waiting in the queue.
/// </summary>
/// <remarks>
/// Most ports of a large fleet never have a connection. So the gateway is made with the first one, and dropped when the last one has been
/// closed for as long as clients may repeat requests.
/// </remarks>
internal sealed class ServerEndpoint : IDisposable
{
    /// <summary>Requests in flight from direct clients of one server, at most.</summary>
    private const int RequestLimit = 4096;

    /// <summary>
    /// Answers kept for repeated requests, at most. With the table of requests they take a quarter of a megabyte for each server.
    /// </summary>
    private const int KeptAnswers = 256;

    /// <summary>Requests in flight from one connection, at most.</summary>
    private const int ConnectionLimit = 1024;

    private readonly TcpConnections _connections;
    private readonly TcpFrontDoor _door;
    private readonly Lock _lock = new();
    private readonly EndpointParts _parts;
    private TcpServices? _services;
    private long _incarnation;
    private long _usedAt;
    private bool _isStopping;

    /// <summary>Binds the port.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be bound.</exception>
    public ServerEndpoint(IPEndPoint endPoint, string id, EndpointParts parts)
    {
        var settings = parts.Settings.LoadBalancer;
        _connections = new TcpConnections(settings.MaxConnections);
        _door = new TcpFrontDoor(endPoint, _connections, settings, parts.Time, parts.Loggers.CreateLogger(LogCategories.Server(id)), parts.Certificate);
        EndPoint = _door.LocalEndPoint;
        Id = id;
        _parts = parts;
    }

    /// <summary>The server's id.</summary>
    public string Id { get; }

    /// <summary>The address and port that the endpoint listens on.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Called when the endpoint needs sweeps from now on, because a client has connected.</summary>
    public Action? Used { get; set; }

    /// <summary>Called by sweeps when <see cref="RestingClients"/> has changed.</summary>
    public Action? ClientsChanged { get; set; }

    /// <summary>The connected clients that have no request here, as the last sweep has seen them.</summary>
    public int RestingClients { get; private set; }

    /// <summary>The timestamp of the server's end; null while it lives.</summary>
    public long? ClosingSince { get; set; }

    /// <summary>The timestamp at which connected clients were told that the port closes; null before.</summary>
    public long? LeftSince { get; private set; }

    /// <summary>The number of connected clients.</summary>
    public int Connections => _connections.Count;

    /// <summary>Whether clients are connected.</summary>
    public bool HasConnections => Connections > 0;

    /// <summary>Whether clients are connected that speak the text protocol, or have not said anything yet.</summary>
    public bool HasTextClients => _connections.All().Exists(static client => client.MaySpeakText);

    /// <summary>Requests without an answer.</summary>
    public int InFlight => _services?.Dispatcher.InFlight ?? 0;

    /// <summary>Whether it has the memory of a gateway, and needs sweeps.</summary>
    public bool IsInUse => _services is not null;

    /// <summary>Begins to accept connections.</summary>
    public void Start(long incarnation)
    {
        _incarnation = incarnation;
        _door.Start(Serve);
    }

    /// <summary>Takes responses that the server pushes.</summary>
    public void OnResponses(ResponseBatch responses) => _services?.Dispatcher.OnResponses(responses);

    /// <summary>Answers requests whose deadline has passed, and drops the gateway if it is not used any more.</summary>
    public void Sweep()
    {
        if (_services is not { } services)
            return;
        services.Dispatcher.Sweep();
        if (ClosingSince is null)
            CountClients();
        lock (_lock)
        {
            var now = _parts.Time.GetTimestamp();
            if (HasConnections || InFlight > 0)
                _usedAt = now;
            if (_parts.Time.GetElapsedTime(_usedAt, now).TotalMilliseconds <= _parts.Settings.LoadBalancer.DedupeWindowMs)
                return;
            _services = null;
        }

        services.Dispatcher.Dispose();
    }

    private void CountClients()
    {
        var resting = _connections.All().Count(static client => !client.HasUnanswered);
        if (resting == RestingClients)
            return;
        RestingClients = resting;
        ClientsChanged?.Invoke();
    }

    /// <summary>Accepts no more connections and requests, because the server has ended.</summary>
    public void StopAccepting()
    {
        lock (_lock)
        {
            _isStopping = true;
            _services?.Dispatcher.StopAccepting();
        }

        _door.StopAccepting();
    }

    /// <summary>
    /// Tells connected clients that the port closes. The text protocol has no word for that, so its clients are served until they leave. Call
    /// it after <see cref="StopAccepting"/>.
    /// </summary>
    public void Leave()
    {
        LeftSince ??= _parts.Time.GetTimestamp();
        _door.Leave(textToo: false);
    }

    /// <summary>Closes the port and its connections.</summary>
    public void Dispose()
    {
        _door.Dispose();
        _services?.Dispatcher.Dispose();
    }

    /// <summary>Returns the gateway for a connection that has just been accepted.</summary>
    private TcpServices Serve()
    {
        lock (_lock)
        {
            _usedAt = _parts.Time.GetTimestamp();
            if (_services is not null)
                return _services;

            _services = new TcpServices(MakeDispatcher())
            {
                MaxUnanswered = Math.Clamp(_parts.Settings.LoadBalancer.InFlightLimit / 2, 2, ConnectionLimit),
                Text = new ServerTextCommands(
                    _parts.Files, _parts.Settings.Server.Operations, _parts.Settings.LoadBalancer.TextIdleTimeoutMs, _parts.Time),
                Memory = _parts.Memory,
                Journal = new TextJournal(_parts.Exchanges, Id, _parts.Time, _parts.Loggers.CreateLogger(LogCategories.Server(Id))),
                Streams = _parts.Settings.Server.Operations.Offers(FileHandler.Operation) ? new FileStreams(_parts.Files, _parts.Checksums, Id) : null,
            };
            if (_isStopping)
                _services.Dispatcher.StopAccepting();
        }

        Used?.Invoke();
        return _services;
    }

    private Dispatcher MakeDispatcher()
    {
        var settings = _parts.Settings.LoadBalancer;
        var dispatcher = new Dispatcher(
            new DispatcherParts
            {
                GatewayId = $"{_parts.Silo}/{Id}-{Guid.NewGuid().ToString("N")[..6]}",
                Settings = settings with
                {
                    InFlightLimit = Math.Min(settings.InFlightLimit, RequestLimit),
                    DedupeLimit = Math.Min(settings.DedupeLimit, KeptAnswers),

                    // There is no other server to choose, so ejection, slow start and stalls have no use.
                    EjectionFailures = 0,
                    SlowStartMs = 0,
                    StallMs = int.MaxValue,
                },
                Time = _parts.Time,
                Random = new Random(),
                GrainOf = _parts.GrainOf,
                SiloAddress = _parts.SiloAddress,
                LocalServers = _parts.LocalServers,
                Self = _parts.Self,
                Connections = _connections,
                Memory = _parts.Memory,
                IsOfOneServer = true,
                Log = _parts.Loggers.CreateLogger(LogCategories.Server(Id)),
            },
            transport: null);
        dispatcher.OnRanking(new ServerRanking
        {
            Version = 1,
            Servers =
            [
                new ServerResponse
                {
                    Identity = Id,
                    Incarnation = _incarnation,
                    Sequence = 0,
                    Status = ServerStatus.Ready,
                    SiloAddress = _parts.SiloAddress,
                    Host = EndPoint.Address.ToString(),
                    Port = EndPoint.Port,
                },
            ],
            GatewayCount = 1,
            Algorithm = settings.Algorithm,
        });
        return dispatcher;
    }
}
