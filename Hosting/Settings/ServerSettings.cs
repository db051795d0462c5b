namespace Shortline.Hosting;

/// <summary>Section <c>server</c>: the backend servers.</summary>
public sealed record ServerSettings
{
    /// <summary>Servers to start with, and never fewer. 1 to 1000.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Never more servers than this, whatever the load. <see cref="Count"/> to 1000.</summary>
    public int MaxCount { get; init; } = 16;

    /// <summary>Servers that one silo hosts at most. 1 to 1000.</summary>
    public int MaxPerSilo { get; init; } = 16;

    /// <summary>Address where servers have their own endpoints, and where clients are sent to; loopback unless told otherwise.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>First port of the servers' own endpoints. 1 to 65535.</summary>
    public int PortRangeStart { get; init; } = 50000;

    /// <summary>Port after the last of the servers' own endpoints. Above <see cref="PortRangeStart"/>, to 65536.</summary>
    public int PortRangeEnd { get; init; } = 51000;

    /// <summary>Id of the first server; others follow. At least 0.</summary>
    public int StartId { get; init; }

    /// <summary>
    /// Seconds between two reports of a server whose queue does not change: the slowest heartbeat, not the freshness of the ranking.
    /// 0.05 to 3600.
    /// </summary>
    public double QueueUpdateInterval { get; init; } = 10;

    /// <summary>What share of the work each server gets with an algorithm that weighs them.</summary>
    public ServerWeights Weights { get; init; } = ServerWeights.Equal;

    /// <summary>Requests a server works on at once. 1 to 1024.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Requests that may wait in a server's queue; more are rejected. 1 to 1,000,000.</summary>
    public int QueueLimit { get; init; } = 1000;

    /// <summary>Milliseconds a draining server gets to finish what it has. 0 to 3,600,000.</summary>
    public int DrainTimeoutMs { get; init; } = 30_000;

    /// <summary>Milliseconds that a handler may go on after its request has expired before its worker counts as hung. 10 to 3,600,000.</summary>
    public int HungAfterMs { get; init; } = 1000;

    /// <summary>
    /// Folder whose files the operations <c>directory</c> and <c>file</c> serve, relative to the working directory; it has to exist. Empty
    /// serves none.
    /// </summary>
    public string FileRoot { get; init; } = "";
}
