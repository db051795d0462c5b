namespace Shortline.Playground;

/// <summary>All that is shown at one moment. Immutable: the screen is a function of it.</summary>
internal sealed record PlayView
{
    /// <summary>Since the load began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>When the load began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>How long load is made; null until somebody ends it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How servers are chosen.</summary>
    public required string Algorithm { get; init; }

    /// <summary>What the clients ask for.</summary>
    public Operation Operation { get; init; }

    /// <summary>Clients.</summary>
    public int Clients { get; init; }

    /// <summary>Requests a second that the clients make by themselves.</summary>
    public double Sending { get; init; }

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

    /// <summary>The clients around the chosen one.</summary>
    public IReadOnlyList<ClientRow> ClientRows { get; init; } = [];

    /// <summary>The chosen client.</summary>
    public long? ChosenClient { get; init; }

    /// <summary>Whether the arrow keys choose among the clients, not the servers.</summary>
    public bool ChoosesClients { get; init; }

    /// <summary>The last lines of the conversation, oldest first.</summary>
    public IReadOnlyList<ConversationLine> Conversation { get; init; } = [];

    /// <summary>A request of how many is in the conversation.</summary>
    public long OneOf { get; init; } = 1;

    /// <summary>Servers over time.</summary>
    public IReadOnlyList<FleetSize> Sizes { get; init; } = [];

    /// <summary>The request that is being typed; null if none is.</summary>
    public string? Prompt { get; init; }

    /// <summary>What came of the last key.</summary>
    public string Message { get; init; } = "";

    /// <summary>Servers that take work.</summary>
    public int Ready => Fleet?.Servers.Count(server => server.Status == ServerStatus.Ready) ?? 0;

    /// <summary>When something was, since the load began; what was before counts as then.</summary>
    public TimeSpan Since(DateTimeOffset happened) => happened > StartedAt ? happened - StartedAt : TimeSpan.Zero;
}
