using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>
/// Keeps a pool at the number of servers that its queues ask for: activates, drains, replaces. Key: the pool.
/// </summary>
[Alias("Shortline.IControllerGrain")]
public interface IControllerGrain : IGrainWithStringKey
{
    /// <summary>Begins to control the pool, if it does not already. Every silo calls it once it is up, and again on an interval.</summary>
    /// <param name="siloAddress">The silo that calls. One that is new gets servers at once.</param>
    [Alias("EnsureStarted")]
    Task EnsureStarted(string siloAddress);

    /// <summary>
    /// A silo that stops says so, again and again until it hosts no server any more: it gets no new ones, its servers are replaced elsewhere as far as there
    /// is room, and then they drain.
    /// </summary>
    /// <param name="siloAddress">The silo that calls.</param>
    /// <returns>How many servers are still there.</returns>
    [Alias("LeaveSilo")]
    Task<int> LeaveSilo(string siloAddress);

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
    /// <returns>Whether there is such a server, ready, and it is not the last one; nor one that would come back at once, because each silo has one at least.</returns>
    [Alias("DrainServer")]
    Task<bool> DrainServer(string serverId);

    /// <summary>Ends one server as a crash would. It is replaced.</summary>
    /// <returns>Whether there is such a server.</returns>
    [Alias("KillServer")]
    Task<bool> KillServer(string serverId);
}
