using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces.Fleet;

/// <summary>
/// Keeps a pool at the number of servers that its queues ask for: activates, drains and replaces servers. Key: the pool.
/// </summary>
[Alias("Shortline.IControllerGrain")]
public interface IControllerGrain : IGrainWithStringKey
{
    /// <summary>Activates the controller of the pool. Every silo calls it when it has started, and again on an interval.</summary>
    /// <param name="siloAddress">The silo that calls. A new silo gets servers at once.</param>
    [Alias("EnsureStarted")]
    Task EnsureStarted(string siloAddress);

    /// <summary>
    /// Empties a silo that is about to stop: it gets no new servers, its servers are replaced on other silos as far as there is room, and
    /// then they drain. The silo calls this repeatedly until it hosts no servers.
    /// </summary>
    /// <param name="siloAddress">The silo that calls.</param>
    /// <returns>The number of servers that are left there; -1 if the controller does not know its fleet yet.</returns>
    [Alias("LeaveSilo")]
    Task<int> LeaveSilo(string siloAddress);

    /// <summary>Takes the latest reports from the balancer. They may be lost; the next call replaces them.</summary>
    [OneWay, Alias("Handle")]
    Task Handle(ControllerRequest request);

    /// <summary>Returns the fleet as the controller sees it.</summary>
    [ReadOnly, Alias("GetStatus")]
    Task<FleetStatus> GetStatus();

    /// <summary>Adds one server and raises the least number of servers.</summary>
    /// <returns>The new server's id, or null if the fleet has its largest size.</returns>
    [Alias("AddServer")]
    Task<string?> AddServer();

    /// <summary>Drains one server and lowers the least number of servers, to no less than 1.</summary>
    /// <returns>
    /// Whether the server is drained. False if it is not ready, is the last one, or would come back at once because each silo has at least
    /// one.
    /// </returns>
    [Alias("DrainServer")]
    Task<bool> DrainServer(string serverId);

    /// <summary>Ends one server as a crash would. The controller replaces it.</summary>
    /// <returns>Whether there was such a server.</returns>
    [Alias("KillServer")]
    Task<bool> KillServer(string serverId);
}
