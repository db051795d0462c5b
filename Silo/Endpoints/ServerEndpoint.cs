using System.Net;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;

namespace Shortline.Silo.Endpoints;

/// <summary>
/// A server's own port: a gateway with that one server. Requests that arrive here wait in the same queue as those of all gateways, and
/// count for the balancer. Files are sent as streams without waiting in the queue.
/// </summary>
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
    private readonly Dispatcher _dispatcher;

    /// <summary>Binds the port.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be bound.</exception>
    public ServerEndpoint(IPEndPoint endPoint, string id, EndpointParts parts)
    {
        var settings = parts.Settings.LoadBalancer;
        _connections = new TcpConnections(settings.MaxConnections);
        var log = parts.Loggers.CreateLogger(LogCategories.Server(id));
        _door = new TcpFrontDoor(endPoint, _connections, settings, parts.Time, log);
        _dispatcher = new Dispatcher(
            new DispatcherParts
            {
                GatewayId = $"{parts.Silo}/{id}-{Guid.NewGuid().ToString("N")[..6]}",
                Settings = settings with
                {
                    InFlightLimit = Math.Min(settings.InFlightLimit, RequestLimit),
                    DedupeLimit = Math.Min(settings.DedupeLimit, KeptAnswers),

                    // There is no other server to choose, so ejection, slow start and stalls have no use.
                    EjectionFailures = 0,
                    SlowStartMs = 0,
                    StallMs = int.MaxValue,
                },
                Time = parts.Time,
                Random = new Random(),
                GrainOf = parts.GrainOf,
                Self = parts.Self,
                Connections = _connections,
                IsOfOneServer = true,
                Log = log,
            },
            transport: null);
        EndPoint = _door.LocalEndPoint;
        Id = id;
        Parts = parts;
    }

    /// <summary>The server's id.</summary>
    public string Id { get; }

    /// <summary>The address and port that the endpoint listens on.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The timestamp of the server's end; null while it lives.</summary>
    public long? ClosingSince { get; set; }

    /// <summary>The timestamp at which connected clients were told that the port closes; null before.</summary>
    public long? LeftSince { get; private set; }

    /// <summary>Whether clients are connected.</summary>
    public bool HasConnections => _connections.Count > 0;

    /// <summary>Requests without an answer.</summary>
    public int InFlight => _dispatcher.InFlight;

    private EndpointParts Parts { get; }

    /// <summary>Begins to accept connections.</summary>
    public void Start(string siloAddress, long incarnation)
    {
        _dispatcher.OnRanking(new ServerRanking
        {
            Version = 1,
            Servers =
            [
                new ServerResponse
                {
                    Identity = Id,
                    Incarnation = incarnation,
                    Sequence = 0,
                    Status = ServerStatus.Ready,
                    SiloAddress = siloAddress,
                    Host = EndPoint.Address.ToString(),
                    Port = EndPoint.Port,
                },
            ],
            GatewayCount = 1,
            Algorithm = Parts.Settings.LoadBalancer.Algorithm,
        });
        _door.Start(new TcpServices(_dispatcher)
        {
            MaxUnanswered = Math.Clamp(Parts.Settings.LoadBalancer.InFlightLimit / 2, 2, ConnectionLimit),
            Text = new ServerTextCommands(Parts.Files, Parts.Time),
            Streams = new FileStreams(Parts.Files, Parts.Checksums, Id),
        });
    }

    /// <summary>Takes responses that the server pushes.</summary>
    public void OnResponses(ResponseBatch responses) => _dispatcher.OnResponses(responses);

    /// <summary>Answers requests whose deadline has passed.</summary>
    public void Sweep() => _dispatcher.Sweep();

    /// <summary>Accepts no more connections and requests, because the server has ended.</summary>
    public void StopAccepting()
    {
        _dispatcher.StopAccepting();
        _door.StopAccepting();
    }

    /// <summary>Tells connected clients that the port closes. Call it after <see cref="StopAccepting"/>.</summary>
    public void Leave()
    {
        LeftSince ??= Parts.Time.GetTimestamp();
        _door.Leave();
    }

    /// <summary>Closes the port and its connections.</summary>
    public void Dispose()
    {
        _door.Dispose();
        _dispatcher.Dispose();
    }
}
