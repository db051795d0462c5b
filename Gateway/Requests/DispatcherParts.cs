using System.Numerics;
using Microsoft.Extensions.Logging;
using Shortline.Gateway.Tcp;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Requests;

/// <summary>The dependencies of a <see cref="Dispatcher"/>, which tests can replace.</summary>
internal sealed record DispatcherParts
{
    public required string GatewayId { get; init; }

    public required LoadBalancerSettings Settings { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    /// <summary>Returns the grain of a server, given its id and the address of its silo.</summary>
    public required Func<string, string, IServerGrain> GrainOf { get; init; }

    /// <summary>Returns the grain that takes requests for all servers of a silo, given its address; null if each server gets its own calls.</summary>
    public Func<string, ISiloIntakeGrain>? IntakeOf { get; init; }

    /// <summary>The address of the silo that this gateway is in, as in rankings; null in a process without a silo.</summary>
    public string? SiloAddress { get; init; }

    /// <summary>The servers of this process; null in a process without a silo.</summary>
    public ILocalServers? LocalServers { get; init; }

    /// <summary>Returns the observer to which servers push responses. Called only after servers are known.</summary>
    public required Func<IGatewayObserver> Self { get; init; }

    /// <summary>The connections to which answers are sent.</summary>
    public TcpConnections Connections { get; init; } = new(limit: 1);

    /// <summary>The memory that clients may take.</summary>
    public MemoryBudget Memory { get; init; } = new(long.MaxValue);

    /// <summary>
    /// Whether there is only one server and never another. Requests that it rejects are then answered <c>rejected</c> at once, and the
    /// client asks for another server.
    /// </summary>
    public bool IsOfOneServer { get; init; }

    /// <summary>The number of shards, a power of two.</summary>
    public int Shards { get; init; } = 1;

    public required ILogger Log { get; init; }

    /// <summary>
    /// Called under the fleet's lock when a server becomes unreachable, so that the gateway reports it before the next interval.
    /// </summary>
    public Action? ServersUnreachable { get; init; }

    /// <summary>
    /// The number of shards for a gateway: one for each receiver, because more threads seldom wait for each other. They share the limit of
    /// requests in flight evenly, so each has to have many.
    /// </summary>
    public static int ShardsFor(LoadBalancerSettings settings)
    {
        const int LeastInFlight = 1024;
        var most = Math.Clamp(settings.InFlightLimit / LeastInFlight, 1, settings.UsedReceivers);
        return 1 << BitOperations.Log2((uint)most);
    }
}
