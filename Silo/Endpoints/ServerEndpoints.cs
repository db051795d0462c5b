using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.Gateway;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Files;
using Shortline.Grains.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Tls;

namespace Shortline.Silo.Endpoints;

/// <summary>
/// The endpoints of this silo's servers. It is also the observer that these servers push responses to, for all endpoints.
/// </summary>
internal sealed partial class ServerEndpoints : IServerEndpoints, IGatewayObserver, IDisposable
{
    /// <summary>Time between two checks of deadlines: well below any timeout that makes sense over a network.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How long the port of an ended server stays open: for its last answers, and to reject requests of clients that do not know of the end
    /// yet. A rejected client closes its connection itself.
    /// </summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    /// <summary>How long the clients that are still connected may take to close the connection once they are told to.</summary>
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Id, long Incarnation), ServerEndpoint> _endpoints = new();

    /// <summary>Those that have clients or are about to close: the others need no sweeps.</summary>
    private readonly ConcurrentDictionary<(string Id, long Incarnation), ServerEndpoint> _swept = new();
    private readonly EndpointPorts _ports;
    private readonly EndpointParts _parts;
    private readonly ILogger _log;
    private readonly RateLimitedLog<string> _noPortLog;
    private readonly ManualResetEvent _closing = new(initialState: false);
    private readonly Lazy<Thread> _sweeper;

    public ServerEndpoints(
        ShortlineSettings settings, IGrainFactory grains, ILocalSiloDetails silo, ILocalServers servers, FileRoot files, ChecksumCache checksums, TimeProvider time,
        ILoggerFactory loggers, TextExchanges exchanges, MemoryBudget memory, ServerCertificate? certificate = null)
    {
        // Created lazily, with the first request, so that it is not created on a grain's turn: Orleans does not allow an observer there.
        var self = new Lazy<IGatewayObserver>(() => grains.CreateObjectReference<IGatewayObserver>(this));
        _ports = new EndpointPorts(settings.Server, time);
        _log = loggers.CreateLogger(LogCategories.Silo(silo.Name));
        _noPortLog = new RateLimitedLog<string>(time, TimeSpan.FromSeconds(1));
        _sweeper = new Lazy<Thread>(StartSweeping);
        _parts = new EndpointParts
        {
            Settings = settings,
            Time = time,
            Loggers = loggers,
            Silo = silo.Name,
            GrainOf = (id, address) => grains.GetGrain<IServerGrain>(ServerKey.Of(ServerKey.DefaultPool, id, address)),
            LocalServers = servers,
            SiloAddress = silo.SiloAddress.ToString(),
            Self = () => self.Value,
            Files = files,
            Checksums = checksums,
            Certificate = certificate,
            Exchanges = exchanges,
            Memory = memory,
        };
    }

    public (string Host, int Port) Open(string pool, string id, long incarnation, Action clientsChanged)
    {
        if (TryBind(id) is not { } endpoint)
            return ("", 0);

        _endpoints[(id, incarnation)] = endpoint;
        endpoint.Used = () => _swept[(id, incarnation)] = endpoint;
        endpoint.ClientsChanged = clientsChanged;
        _ = _sweeper.Value;

        // On the thread pool, because tasks that begin on the server's turn would continue on that turn.
        ThreadPool.UnsafeQueueUserWorkItem(_ => endpoint.Start(incarnation), null);
        return (endpoint.EndPoint.Address.ToString(), endpoint.EndPoint.Port);
    }

    public int RestingClients(string id, long incarnation) => _endpoints.TryGetValue((id, incarnation), out var endpoint) ? endpoint.RestingClients : 0;

    public void Close(string pool, string id, long incarnation)
    {
        if (!_endpoints.TryGetValue((id, incarnation), out var endpoint))
            return;
        endpoint.StopAccepting();
        endpoint.ClosingSince = _parts.Time.GetTimestamp();
        _swept[(id, incarnation)] = endpoint;
    }

    public Task OnResponses(ResponseBatch responses)
    {
        if (_endpoints.TryGetValue((responses.ServerId, responses.Incarnation), out var endpoint))
            endpoint.OnResponses(responses);
        return Task.CompletedTask;
    }

    public Task OnRanking(ServerRanking ranking) => Task.CompletedTask;

    public async Task WaitUntilClosed(CancellationToken cancellationToken)
    {
        while (_swept.Values.Any(endpoint => endpoint.ClosingSince is not null))
            await Task.Delay(SweepPeriod, _parts.Time, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _closing.Set();
        foreach (var endpoint in _endpoints.Values)
            endpoint.Dispose();
        if (_sweeper.IsValueCreated)
            _sweeper.Value.Join();
        _closing.Dispose();
    }

    private ServerEndpoint? TryBind(string id)
    {
        var settings = _parts.Settings.Server;
        try
        {
            var endpoint = _ports.Open(id, endPoint => new ServerEndpoint(endPoint, id, _parts));
            if (endpoint is null && _noPortLog.TryPass("", out var suppressed))
                NoPort(_log, id, settings.PortRangeStart, settings.PortRangeEnd, suppressed);
            return endpoint;
        }
        catch (SocketException failure)
        {
            NoAddress(_log, id, settings.Address, failure.Message);
            return null;
        }
    }

    private Thread StartSweeping()
    {
        var thread = new Thread(Sweep) { IsBackground = true, Name = "server endpoints sweep" };
        thread.Start();
        return thread;
    }

    private void Sweep() => new SteadyLoop("check the servers' own ports", _closing, _parts.Time, _log).Run(() =>
    {
        var isClosing = _closing.WaitOne(SweepPeriod);
        foreach (var (key, endpoint) in _swept)
        {
            if (isClosing)
                break;
            endpoint.Sweep();
            if (endpoint.ClosingSince is { } closing)
            {
                if (MayClose(endpoint, _parts.Time.GetElapsedTime(closing)) && _endpoints.TryRemove(key, out _))
                {
                    _swept.TryRemove(key, out _);
                    endpoint.Dispose();
                }
            }
            else if (!endpoint.IsInUse && _swept.TryRemove(key, out _) && (endpoint.IsInUse || endpoint.ClosingSince is not null))
            {
                // A client has connected, or the server has ended, just before it was removed.
                _swept[key] = endpoint;
            }
        }

        return !isClosing;
    });

    /// <summary>Whether the port of an ended server is not needed any more. Tells the clients that are left to close their connections.</summary>
    private bool MayClose(ServerEndpoint endpoint, TimeSpan sinceEnd)
    {
        if (endpoint.InFlight == 0 && !endpoint.HasConnections)
            return sinceEnd > SweepPeriod;
        if (endpoint.LeftSince is { } left && _parts.Time.GetElapsedTime(left) > GoodbyeTimeout)
        {
            return sinceEnd.TotalMilliseconds > _parts.Settings.Server.DrainTimeoutMs
                || (endpoint.InFlight == 0 && !endpoint.HasTextClients);
        }

        if (endpoint.LeftSince is null && sinceEnd > LastAnswers)
            endpoint.Leave();
        return false;
    }

    [LoggerMessage(1151, LogLevel.Warning, "Server {Server} has no port of its own, because no port from {First} to below {End} is free (server.port_range_start, server.port_range_end). Clients reach it only through gateways; {Suppressed} more such servers since the last such line")]
    private static partial void NoPort(ILogger log, string server, int first, int end, long suppressed);

    [LoggerMessage(1152, LogLevel.Warning, "Server {Server} has no port of its own, because this machine cannot listen on {Address}: {Failure}. Set server.address to an address of this machine, such as 127.0.0.1; until then clients reach the server only through gateways")]
    private static partial void NoAddress(ILogger log, string server, string address, string failure);
}
