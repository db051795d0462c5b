namespace Shortline.Playground;

/// <summary>The fleet, as the playground sees and changes it.</summary>
internal interface IFleet
{
    /// <summary>The fleet as its controller sees it.</summary>
    Task<FleetStatus> GetStatus();

    /// <summary>Adds a server. Its id, or null if the fleet is at its largest.</summary>
    Task<string?> Add();

    /// <summary>Drains a server. False if there is no such ready server, or it is the last.</summary>
    Task<bool> Drain(string serverId);

    /// <summary>Ends a server as a crash would. False if there is none of that id.</summary>
    Task<bool> Kill(string serverId);

    /// <summary>Changes the algorithm of the gateway. False if there is none of that name.</summary>
    Task<bool> SetAlgorithm(string algorithm);
}
