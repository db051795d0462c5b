using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Shortline.Gateway;

/// <summary>
/// The gateway of a process: binds the port, receives on a thread of its own, keeps the ranking fresh, sweeps deadlines. The same class
/// whether it is hosted in a silo or is a process of its own.
/// </summary>
internal sealed partial class GatewayService(
    ShortlineSettings settings, IGrainFactory grains, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>Datagrams taken from the kernel at once.</summary>
    private const int ReceiveBatch = 64;

    /// <summary>How often deadlines are looked at: well below any timeout that makes sense over a network.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a stopping gateway waits for its own thread, which has only to see that the socket is shut.</summary>
    private static readonly TimeSpan ReceiverPatience = TimeSpan.FromSeconds(5);

    private readonly string _id = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";
    private readonly GatewayObserver _observer = new();

    /// <summary>How long a stopping gateway waits for the answers it owes: as long as a server may take to finish what it has.</summary>
    private readonly TimeSpan _stopPatience = TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs);

    private IUdpTransport? _transport;
    private Thread? _receiver;
    private GatewayMetrics? _metrics;

    /// <summary>Where the gateway listens; null before it has started and after it has stopped.</summary>
    public IPEndPoint? EndPoint => _transport?.LocalEndPoint;

    /// <summary>The gateway's middle; null before it has started.</summary>
    public Dispatcher? Dispatcher { get; private set; }

    /// <summary>Binds the port before anything else of the host starts: a port in use stops it before it has begun.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _transport = Bind();
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
        var log = loggers.CreateLogger(LogCategories.Gateway(EndPoint!.Port.ToString()));
        var self = grains.CreateObjectReference<IGatewayObserver>(_observer);
        var balancer = grains.GetGrain<IBalancerGrain>(ServerKey.DefaultPool);
        RankingFeed? feed = null;
        var dispatcher = new Dispatcher(
            new DispatcherParts
            {
                GatewayId = _id,
                Settings = settings.LoadBalancer,
                Time = time,
                Random = new Random(),
                GrainOf = (id, silo) => grains.GetGrain<IServerGrain>(ServerKey.Of(ServerKey.DefaultPool, id, silo)),
                Self = self,
                Log = log,
                ServersUnreachable = () => feed?.Wake(),
            },
            _transport!);
        feed = new RankingFeed(dispatcher, balancer, self, settings.LoadBalancer, time, log);
        Dispatcher = dispatcher;
        _observer.Dispatcher = dispatcher;
        _metrics = new GatewayMetrics(dispatcher, feed);
        _receiver = new Thread(() => Receive(dispatcher)) { IsBackground = true, Name = "gateway udp receive" };
        _receiver.Start();
        Listening(log, _id, EndPoint!);

        await using var sweep = time.CreateTimer(_ => dispatcher.Sweep(), null, SweepPeriod, SweepPeriod).ConfigureAwait(false);
        await feed.Run(stoppingToken).ConfigureAwait(false);
        await FinishInFlight(dispatcher).ConfigureAwait(false);
        Stopped(log, _id, dispatcher.InFlight);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        _transport?.Shutdown();
        _receiver?.Join(ReceiverPatience);
        _metrics?.Dispose();
        Interlocked.Exchange(ref _transport, null)?.Dispose();
    }

    /// <summary>A host whose start failed is not stopped, only disposed of: its port is free then.</summary>
    public override void Dispose()
    {
        Interlocked.Exchange(ref _transport, null)?.Dispose();
        base.Dispose();
    }

    private IUdpTransport Bind()
    {
        var balancer = settings.LoadBalancer;
        var endPoint = new IPEndPoint(IPAddress.Parse(balancer.Address), balancer.ClientSidePort);
        try
        {
            return UdpTransports.Bind(endPoint, new UdpSocketOptions(), loggers.CreateLogger(LogCategories.Gateway(endPoint.Port.ToString())));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw StartFailedException.PortTaken("The gateway", $"{endPoint} (UDP)", "load_balancer.client_side_port", failure);
        }
        catch (SocketException failure)
        {
            throw new StartFailedException(failure.SocketErrorCode switch
            {
                SocketError.AccessDenied =>
                    $"UDP port {endPoint.Port} may not be used by this account: choose one above 1023 with load_balancer.client_side_port.",
                SocketError.AddressNotAvailable =>
                    $"This machine has no address {endPoint.Address}: set load_balancer.address to one it has, such as 127.0.0.1.",
                _ => $"UDP {endPoint} (load_balancer.address, load_balancer.client_side_port) cannot be used: {failure.Message}.",
            }, failure);
        }
    }

    private void Receive(Dispatcher dispatcher)
    {
        using var receiver = _transport!.CreateReceiver(ReceiveBatch);
        var turn = dispatcher.RentTurn();
        int count;
        while ((count = receiver.Receive()) >= 0)
        {
            dispatcher.OnDatagrams(receiver, count, turn);
        }
    }

    /// <summary>New requests are turned away, so that clients go elsewhere; those in flight get their answers.</summary>
    private async Task FinishInFlight(Dispatcher dispatcher)
    {
        dispatcher.StopAccepting();
        var started = time.GetTimestamp();
        while (dispatcher.InFlight > 0 && time.GetElapsedTime(started) < _stopPatience)
        {
            await Task.Delay(SweepPeriod, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    [LoggerMessage(3201, LogLevel.Information, "Gateway {GatewayId} listens on udp {EndPoint}")]
    private static partial void Listening(ILogger log, string gatewayId, IPEndPoint endPoint);

    [LoggerMessage(3202, LogLevel.Information, "Gateway {GatewayId} has stopped; {InFlight} requests were left unanswered")]
    private static partial void Stopped(ILogger log, string gatewayId, int inFlight);
}
