namespace Shortline.Playground;

/// <summary>All that is shown at one moment. Immutable: the screen is a function of it.</summary>
internal sealed record PlayView
{
    /// <summary>Since the load began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How long load is made; null until somebody ends it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How servers are chosen.</summary>
    public required string Algorithm { get; init; }

    /// <summary>What the clients ask for.</summary>
    public Operation Operation { get; init; }

    /// <summary>Clients.</summary>
    public int Clients { get; init; }

    /// <summary>Requests a second that are asked for.</summary>
    public double Rate { get; init; }

    /// <summary>Whether the load is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>Whether the load is over, and the last answers are waited for.</summary>
    public bool Finishing { get; init; }

    /// <summary>The figures of the whole run.</summary>
    public LoadProgress Load { get; init; } = new();

    /// <summary>The figures of the last seconds.</summary>
    public RecentFigures Recent { get; init; } = RecentFigures.None;

    /// <summary>The servers.</summary>
    public IReadOnlyList<ServerRow> Servers { get; init; } = [];

    /// <summary>The fleet; null as long as its controller has said nothing.</summary>
    public FleetStatus? Fleet { get; init; }

    /// <summary>The fleet's events, oldest first.</summary>
    public IReadOnlyList<FleetEvent> Events { get; init; } = [];

    /// <summary>The chosen server.</summary>
    public string? Chosen { get; init; }

    /// <summary>What came of the last key.</summary>
    public string Message { get; init; } = "";

    /// <summary>Servers that take work.</summary>
    public int Ready => Fleet?.Servers.Count(server => server.Status == ServerStatus.Ready) ?? 0;
}
