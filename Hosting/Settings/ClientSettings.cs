namespace Shortline.Hosting;

/// <summary>Section <c>client</c>: the client tool's defaults.</summary>
public sealed record ClientSettings
{
    /// <summary>Clients that run at once. 1 to 10,000.</summary>
    public int Count { get; init; } = 10;

    /// <summary>First local port a client may bind. 1 to 65535.</summary>
    public int PortRangeStart { get; init; } = 51000;

    /// <summary>Port after the last a client may bind. Above <see cref="PortRangeStart"/>, to 65536.</summary>
    public int PortRangeEnd { get; init; } = 52000;

    /// <summary>Id of the first client; others follow. At least 0.</summary>
    public long StartId { get; init; } = 1000;

    /// <summary>Milliseconds until a request is given up, its retries included. 1 to 3,600,000.</summary>
    public int TimeoutMs { get; init; } = 5000;

    /// <summary>How often a request is sent again within its time. 0 to 100.</summary>
    public int Retries { get; init; } = 3;
}
