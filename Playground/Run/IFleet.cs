using Shortline.GrainInterfaces.Fleet;

namespace Shortline.Playground.Run;

/// <summary>The fleet that the playground shows and changes.</summary>
internal interface IFleet
{
    /// <summary>The status of the fleet, from its controller.</summary>
    Task<FleetStatus> GetStatus();

    /// <summary>Adds a server.</summary>
    /// <returns>Its id, or null if the fleet has its largest size.</returns>
    Task<string?> Add();

    /// <summary>Drains a server.</summary>
    /// <returns>False if there is no such ready server, or it is the last one.</returns>
    Task<bool> Drain(string serverId);

    /// <summary>Ends a server as a crash would.</summary>
    /// <returns>False if there is no server of this id.</returns>
    Task<bool> Kill(string serverId);

    /// <summary>Changes the algorithm of the gateway.</summary>
    /// <returns>False if there is no algorithm of this name.</returns>
    Task<bool> SetAlgorithm(string algorithm);
}
