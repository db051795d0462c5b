using Shortline.Client.Tool.Load;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Playground.Clients;
using Shortline.Playground.Run;

namespace Shortline.Playground.Screen;

/// <summary>Everything that is shown at one moment. Immutable; the screen is a function of it.</summary>
internal sealed record PlayView
{
    /// <summary>The time since the load began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>When the load began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>How long the clients send; null until the user ends it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The algorithm that chooses servers.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The operation that the clients request.</summary>
    public Operation Operation { get; init; }

    /// <summary>The number of clients.</summary>
    public int Clients { get; init; }

    /// <summary>Requests a second that the clients are set to send by themselves.</summary>
    public double Sending { get; init; }

    /// <summary>Whether the load is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>Whether the load has ended and the last answers are awaited.</summary>
    public bool Finishing { get; init; }

    /// <summary>The figures of the whole run.</summary>
    public LoadProgress Load { get; init; } = new();

    /// <summary>The figures of the last seconds.</summary>
    public RecentFigures Recent { get; init; } = RecentFigures.None;

    /// <summary>The servers.</summary>
    public IReadOnlyList<ServerRow> Servers { get; init; } = [];

    /// <summary>The status of the fleet; null until its controller has answered.</summary>
    public FleetStatus? Fleet { get; init; }

    /// <summary>The fleet's events, oldest first.</summary>
    public IReadOnlyList<FleetEvent> Events { get; init; } = [];

    /// <summary>The id of the chosen server.</summary>
    public string? Chosen { get; init; }

    /// <summary>The clients around the chosen one.</summary>
    public IReadOnlyList<ClientRow> ClientRows { get; init; } = [];

    /// <summary>The id of the chosen client.</summary>
    public long? ChosenClient { get; init; }

    /// <summary>Whether the arrow keys choose among the clients rather than the servers.</summary>
    public bool ChoosesClients { get; init; }

    /// <summary>The last lines of the conversation, oldest first.</summary>
    public IReadOnlyList<ConversationLine> Conversation { get; init; } = [];

    /// <summary>One of how many requests is in the conversation.</summary>
    public long OneOf { get; init; } = 1;

    /// <summary>The number of ready servers over time.</summary>
    public IReadOnlyList<FleetSize> Sizes { get; init; } = [];

    /// <summary>The request that is being typed; null if none is.</summary>
    public string? Prompt { get; init; }

    /// <summary>The message about the last key.</summary>
    public string Message { get; init; } = "";

    /// <summary>The number of ready servers.</summary>
    public int Ready => Fleet?.Servers.Count(server => server.Status == ServerStatus.Ready) ?? 0;

    /// <summary>The time of an event since the load began; zero for earlier events.</summary>
    public TimeSpan Since(DateTimeOffset happened) => happened > StartedAt ? happened - StartedAt : TimeSpan.Zero;
}
