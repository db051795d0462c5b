using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>
/// Keeps a pool at the number of servers that its queues ask for: activates, drains, replaces. Key: the pool.
/// </summary>
[Alias("Shortline.IControllerGrain")]
public interface IControllerGrain : IGrainWithStringKey
{
    /// <summary>Begins to control the pool, if it does not already. Every silo calls it once it is up.</summary>
    [Alias("EnsureStarted")]
    Task EnsureStarted();

    /// <summary>The balancer's news of the queues. May be lost: the next one makes up for it.</summary>
    [OneWay, Alias("Handle")]
    Task Handle(ControllerRequest request);

    /// <summary>The fleet as the controller sees it.</summary>
    [ReadOnly, Alias("GetStatus")]
    Task<FleetStatus> GetStatus();

    /// <summary>Adds one server and raises the number below which the fleet is not shrunk.</summary>
    /// <returns>The new server's id, or null if the fleet is at its largest.</returns>
    [Alias("AddServer")]
    Task<string?> AddServer();

    /// <summary>Drains one server and lowers the number below which the fleet is not shrunk, to no less than 1.</summary>
    /// <returns>Whether there is such a server, ready, and it is not the last one.</returns>
    [Alias("DrainServer")]
    Task<bool> DrainServer(string serverId);

    /// <summary>Ends one server as a crash would. It is replaced.</summary>
    /// <returns>Whether there is such a server.</returns>
    [Alias("KillServer")]
    Task<bool> KillServer(string serverId);
}
