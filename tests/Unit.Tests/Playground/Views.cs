using Shortline.Client.Tool.Load;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Playground.Clients;
using Shortline.Playground.Run;
using Shortline.Playground.Screen;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Playground;

/// <summary>Makes views, fleets and figures for tests of the screen.</summary>
internal static class Views
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static ServerResponse Server(string id, int queue = 0, int inService = 0, ServerStatus status = ServerStatus.Ready, int hung = 0, int weight = 1) => new()
    {
        Identity = id,
        Incarnation = 1,
        Sequence = 1,
        Status = status,
        QueueLength = queue,
        InService = inService,
        HungWorkers = hung,
        Completed = 100,
        Weight = weight,
    };

    public static FleetStatus Fleet(params ServerResponse[] servers) => new()
    {
        Desired = servers.Length,
        Wanted = servers.Length,
        Minimum = 1,
        Maximum = 16,
        Silos = 1,
        Panic = false,
        Servers = [.. servers],
        Events = [],
    };

    public static FleetEvent Event(double seconds, string text) => new(Start.AddSeconds(seconds), text);

    public static LoadProgress Progress(long ok, long rejected = 0, long noAnswer = 0, double seconds = 1, int latencyMs = 10)
    {
        var latency = new LatencyHistogram();
        for (var i = 0; i < ok; i++)
            latency.Record(latencyMs * 1_000_000L);
        var statuses = new long[ResponseStatuses.Count];
        statuses[(int)ResponseStatus.Ok] = ok;
        statuses[(int)ResponseStatus.Rejected] = rejected;
        return new LoadProgress
        {
            Elapsed = TimeSpan.FromSeconds(seconds),
            Started = ok + rejected + noAnswer,
            Statuses = [.. statuses],
            NoAnswer = noAnswer,
            Latency = latency,
        };
    }

    public static ClientRow Client(long id, bool byHand = false) => new()
    {
        Id = id,
        ByHand = byHand,
        Request = "compute 0.0163",
        Answer = "server 3: ok, 16.4 ms",
        IsOk = true,
        Ended = 123,
        Mean = TimeSpan.FromMilliseconds(15.9),
    };

    public static ConversationLine Line(ConversationKind kind, string text, long client = 1004, string? server = null) => new(Start.AddSeconds(5), kind, client, server, text);

    public static PlayView View(FleetStatus fleet, LoadProgress? load = null, params FleetEvent[] events)
    {
        var recent = new RecentLoad();
        return new PlayView
        {
            Algorithm = "shortest_queue",
            Clients = 10,
            StartedAt = Start,
            Elapsed = TimeSpan.FromSeconds(7),
            Duration = TimeSpan.FromSeconds(10),
            Sending = 167,
            ClientRows = [.. Enumerable.Range(1000, 10).Select(id => Client(id))],
            ChosenClient = 1000,
            Load = load ?? Progress(100),
            Recent = recent.Figure(load ?? Progress(100)),
            Fleet = fleet,
            Servers = ServerRow.Of(fleet, RecentFigures.None),
            Chosen = fleet.Servers.Length > 0 ? fleet.Servers[0].Identity : null,
            Events = events,
        };
    }
}
