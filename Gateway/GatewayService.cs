using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.ExternalServers;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Tcp.Text;
using Shortline.Gateway.Udp;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Start;
using Shortline.Hosting.Tls;

namespace Shortline.Gateway;

/// <summary>
/// Runs a gateway: binds the port, receives datagrams and checks deadlines on two threads of its own, and keeps the ranking fresh.
/// Silos and gateway processes host the same class.
/// </summary>
internal sealed partial class GatewayService(
    ShortlineSettings settings, IGrainFactory grains, IExternalServers servers, TimeProvider time, ILoggerFactory loggers,
    GatewayHostOptions? process = null, ILocalSiloDetails? silo = null, ILocalServers? localServers = null, ServerCertificate? certificate = null,
    TextExchanges? exchanges = null, MemoryBudget? memory = null)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>How often a free port is requested until one is free for both UDP and TCP.</summary>
    private const int PortTries = 20;

    /// <summary>How often deadlines are checked: more often than any timeout that is useful over a network.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a stopping gateway waits for the thread that checks deadlines.</summary>
    private static readonly TimeSpan ThreadTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long clients may take to close their connections when the gateway leaves. They do so at once.</summary>
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    private readonly string _id = $"{process?.Name ?? Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";
    private readonly GatewayObserver _observer = new();
    private readonly ManualResetEvent _closing = new(initialState: false);

    /// <summary>How long a stopping gateway waits for responses: as long as a draining server may take.</summary>
    private readonly TimeSpan _stopTimeout = TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs);

    private readonly TcpConnections _connections = new(settings.LoadBalancer.MaxConnections);

    private readonly MemoryBudget _memory = memory ?? MemoryBudget.OfMegabytes(settings.LoadBalancer.MemoryLimit);

    private UdpFrontDoor? _datagrams;
    private TcpFrontDoor? _lines;
    private GatewayMetrics? _metrics;
    private RankingFeed? _feed;
    private IGatewayObserver? _self;
    private Thread? _sweeper;
    private ILogger _log = NullLogger.Instance;

    /// <summary>The address and port for clients; null before the gateway has started and after it has stopped.</summary>
    public IPEndPoint? EndPoint => _datagrams?.EndPoint;

    /// <summary>The dispatcher; null before the gateway has started.</summary>
    public Dispatcher? Dispatcher { get; private set; }

    /// <summary>
    /// Binds the port before any other service of the host starts, so that a port in use is reported first. From then on the gateway
    /// receives requests. They wait until their deadlines while there is no silo.
    /// </summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        (_datagrams, _lines) = Bind();
        _log = loggers.CreateLogger(LogCategories.Gateway(process?.Name ?? $"{_datagrams.EndPoint.Port}"));
        var dispatcher = MakeDispatcher(_datagrams.Transport);
        Dispatcher = dispatcher;
        _observer.Dispatcher = dispatcher;
        _datagrams.Start(dispatcher);
        _sweeper = new Thread(() => Sweep(dispatcher)) { IsBackground = true, Name = "gateway sweep" };
        _sweeper.Start();
        if (OpenFiles.OfThisProcess is { } files && settings.LoadBalancer.MaxConnections > files.BeforeReserve)
            FewFiles(_log, files.BeforeReserve, settings.LoadBalancer.MaxConnections, files.Limit);
        var services = new TcpServices(dispatcher)
        {
            MaxUnanswered = Math.Clamp(settings.LoadBalancer.InFlightLimit / 2, 2, 1024),
            Memory = _memory,
            Text = new GatewayTextCommands(dispatcher, servers),
            Journal = exchanges is null ? null : new TextJournal(exchanges, server: null, time, LogOf(_lines.LocalEndPoint)),
        };
        _lines.Start(() => services);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var dispatcher = Dispatcher!;
        _self = grains.CreateObjectReference<IGatewayObserver>(_observer);
        var balancer = grains.GetGrain<IBalancerGrain>(ServerKey.DefaultPool);
        var feed = new RankingFeed(dispatcher, balancer, _self, settings.LoadBalancer, time, _log);
        _feed = feed;
        _metrics = new GatewayMetrics(dispatcher, _connections, _memory, feed);
        LogListening(EndPoint!);

        await feed.Run(stoppingToken).ConfigureAwait(false);
        await FinishInFlight(dispatcher).ConfigureAwait(false);
        Stopped(_log, _id, dispatcher.InFlight);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        Close();
    }

    /// <summary>Releases the port. A host whose start failed is disposed of without being stopped.</summary>
    public override void Dispose()
    {
        Close();
        _closing.Dispose();
        base.Dispose();
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _datagrams, null) is not { } datagrams)
            return;
        datagrams.Stop();
        _lines?.Dispose();
        _closing.Set();
        _sweeper?.Join(ThreadTimeout);
        _metrics?.Dispose();
        Dispatcher?.Dispose();
        datagrams.Dispose();
    }

    private Dispatcher MakeDispatcher(IUdpTransport transport) => new(
        new DispatcherParts
        {
            GatewayId = _id,
            Settings = settings.LoadBalancer,
            Time = time,
            Random = new Random(),
            GrainOf = (id, silo) => grains.GetGrain<IServerGrain>(ServerKey.Of(ServerKey.DefaultPool, id, silo)),
            IntakeOf = silo => grains.GetGrain<ISiloIntakeGrain>($"{ServerKey.DefaultPool}/{_id}@{silo}"),
            SiloAddress = silo?.SiloAddress.ToString(),
            LocalServers = localServers,
            Shards = DispatcherParts.ShardsFor(settings.LoadBalancer),

            // Set before the balancer is asked for servers, and therefore before the first call to a server.
            Self = () => _self!,
            Connections = _connections,
            Memory = _memory,
            Log = _log,
            ServersUnreachable = () => _feed?.Wake(),
        },
        transport);

    private void LogListening(IPEndPoint endPoint)
    {
        if (endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            if (WildcardAddress.IPv4Refusal is { } refusal)
                WithoutIPv4(_log, endPoint, refusal);
            else
                WithIPv4(_log, endPoint);
        }

        Listening(_log, _id, endPoint);
    }

    /// <summary>Binds the same port for datagrams and connections.</summary>
    private (UdpFrontDoor Datagrams, TcpFrontDoor Lines) Bind()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(settings.LoadBalancer.Address), settings.LoadBalancer.ClientSidePort);
        for (var left = endPoint.Port == 0 ? PortTries : 1; ; left--)
        {
            var datagrams = BindDatagrams(endPoint);
            try
            {
                var both = datagrams.EndPoint;
                return (datagrams, Try("TCP", both, () => new TcpFrontDoor(both, _connections, settings.LoadBalancer, time, LogOf(both), certificate)));
            }
            catch (StartFailedException) when (left > 1)
            {
                // The system chose a UDP port whose number is in use for TCP.
                datagrams.Dispose();
            }
            catch
            {
                datagrams.Dispose();
                throw;
            }
        }
    }

    private UdpFrontDoor BindDatagrams(IPEndPoint endPoint)
    {
        var options = new UdpSocketOptions { Receivers = settings.LoadBalancer.UsedReceivers };
        var transport = Try("UDP", endPoint, () => UdpTransports.Bind(endPoint, options, LogOf(endPoint)));
        return new UdpFrontDoor(transport, time, LogOf(transport.LocalEndPoint));
    }

    private ILogger LogOf(IPEndPoint endPoint) => loggers.CreateLogger(LogCategories.Gateway($"{endPoint.Port}"));

    private static T Try<T>(string kind, IPEndPoint endPoint, Func<T> bind)
    {
        try
        {
            return bind();
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw StartFailedException.PortTaken("The gateway", $"{endPoint} ({kind})", "load_balancer.client_side_port", failure);
        }
        catch (SocketException failure)
        {
            throw new StartFailedException(failure.SocketErrorCode switch
            {
                SocketError.AccessDenied =>
                    $"{kind} port {endPoint.Port} requires more rights than this account has: set load_balancer.client_side_port to a port above 1023.",
                SocketError.AddressNotAvailable =>
                    $"This machine has no address {endPoint.Address}: set load_balancer.address to an address of this machine, such as 127.0.0.1.",
                _ => $"{kind} {endPoint} (load_balancer.address, load_balancer.client_side_port) cannot be used: {failure.Message}.",
            }, failure);
        }
    }

    /// <summary>
    /// Runs on a thread of its own: handlers that block the thread pool must not delay the check of deadlines, and waking the pool a
    /// hundred times a second costs more, because its threads then look for other work.
    /// </summary>
    private void Sweep(Dispatcher dispatcher) => new SteadyLoop("check deadlines", _closing, time, _log).Run(() =>
    {
        var isClosing = _closing.WaitOne(SweepPeriod);
        if (!isClosing)
            dispatcher.Sweep();
        return !isClosing;
    });

    /// <summary>Rejects new requests, so that clients use another gateway, and waits for the responses to those in flight.</summary>
    private async Task FinishInFlight(Dispatcher dispatcher)
    {
        dispatcher.StopAccepting();
        _lines?.StopAccepting();
        var started = time.GetTimestamp();
        while (dispatcher.InFlight > 0 && time.GetElapsedTime(started) < _stopTimeout)
        {
            await Task.Delay(SweepPeriod, time, CancellationToken.None).ConfigureAwait(false);
        }

        _lines?.Leave();
        started = time.GetTimestamp();
        while (_connections.Count > 0 && time.GetElapsedTime(started) < GoodbyeTimeout)
        {
            await Task.Delay(SweepPeriod, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    [LoggerMessage(3201, LogLevel.Information, "Listening on {EndPoint} (UDP and TCP), gateway {GatewayId}")]
    private static partial void Listening(ILogger log, string gatewayId, IPEndPoint endPoint);

    [LoggerMessage(3205, LogLevel.Information, "{EndPoint} stands for every address of this machine: IPv4 is served too")]
    private static partial void WithIPv4(ILogger log, IPEndPoint endPoint);

    [LoggerMessage(3206, LogLevel.Warning,
        "{EndPoint} stands for the IPv6 addresses of this machine only: IPv4 is not served, because this system does not let a socket serve "
        + "both ({Reason}). Start another gateway on 0.0.0.0 (load_balancer.address) for IPv4")]
    private static partial void WithoutIPv4(ILogger log, IPEndPoint endPoint, string reason);

    [LoggerMessage(3204, LogLevel.Warning, "At most {Fit} TCP connections fit, not the {Most} of load_balancer.max_connections, because this process may have {Limit} files open. Raise that limit (ulimit -n; LimitNOFILE= of a systemd unit) or lower the setting")]
    private static partial void FewFiles(ILogger log, int fit, int most, int limit);

    [LoggerMessage(3202, LogLevel.Information, "Gateway {GatewayId} has stopped; {InFlight} requests were left unanswered")]
    private static partial void Stopped(ILogger log, string gatewayId, int inFlight);
}
