using Microsoft.Extensions.Logging;

namespace Shortline.Gateway;

/// <summary>What a <see cref="Dispatcher"/> works with, so that tests can replace each.</summary>
internal sealed record DispatcherParts
{
    public required string GatewayId { get; init; }

    public required LoadBalancerSettings Settings { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    /// <summary>The grain of a server: of its id and the address of its silo.</summary>
    public required Func<string, string, IServerGrain> GrainOf { get; init; }

    /// <summary>Where servers push responses: this gateway. Asked for when there are servers.</summary>
    public required Func<IGatewayObserver> Self { get; init; }

    /// <summary>Where answers to requests go that came over TCP.</summary>
    public TcpConnections Connections { get; init; } = new(limit: 1);

    /// <summary>Whether there will never be another server than the one: what it does not take is turned away, and its client asks for another.</summary>
    public bool IsOfOneServer { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Called, under the dispatcher's lock, when a server was found unreachable: a reason to report before the next interval.</summary>
    public Action? ServersUnreachable { get; init; }
}
