using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Playground.Run;

namespace Shortline.Playground.Screen;

/// <summary>A row of the server table.</summary>
internal sealed record ServerRow
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its state as one word.</summary>
    public required string State { get; init; }

    /// <summary>Its queue length, without requests in service.</summary>
    public int Queue { get; init; }

    /// <summary>Requests in service.</summary>
    public int InService { get; init; }

    /// <summary>Workers.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Its weight, which weighted algorithms use.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Requests answered.</summary>
    public long Done { get; init; }

    /// <summary>Its share of the answers of the last seconds, 0 to 1.</summary>
    public double Share { get; init; }

    /// <summary>The rows of a fleet in numeric order: 2 before 10.</summary>
    public static IReadOnlyList<ServerRow> Of(FleetStatus fleet, RecentFigures recent) =>
    [
        .. fleet.Servers
            .OrderBy(server => server.Identity.Length)
            .ThenBy(server => server.Identity, StringComparer.Ordinal)
            .Select(server => new ServerRow
            {
                Id = server.Identity,
                State = StateOf(server),
                Queue = server.QueueLength,
                InService = server.InService,
                Workers = server.Concurrency,
                Weight = server.Weight,
                Done = server.Completed,
                Share = recent.Shares.GetValueOrDefault(server.Identity),
            }),
    ];

    private static string StateOf(ServerResponse server) => server.Status switch
    {
        ServerStatus.Ready when server.HungWorkers > 0 => "hanging",
        ServerStatus.Ready => "ready",
        ServerStatus.Starting => "starting",
        ServerStatus.Draining => "draining",
        ServerStatus.Stopped => "drained",
        _ => "failed",
    };
}
