using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Simulation.Model;

/// <summary>A fleet to simulate. Times are in mean service times of a server of speed 1.</summary>
internal sealed record FleetModelSettings
{
    public string Algorithm { get; init; } = BalancingPolicies.ShortestQueue;

    /// <summary>Makes the algorithm, where it is none that has a name.</summary>
    public Func<IBalancingPolicy>? Policy { get; init; }

    public Knowledge Knowledge { get; init; }

    /// <summary>Gateways, each of which gets its part of the requests by chance.</summary>
    public int Gateways { get; init; } = 1;

    /// <summary>How fast each server is.</summary>
    public IReadOnlyList<double> Speeds { get; init; } = [.. Enumerable.Repeat(1.0, 10)];

    /// <summary>What each server weighs; all 1 if empty.</summary>
    public IReadOnlyList<int> Weights { get; init; } = [];

    /// <summary>Work that arrives, as a part of what all servers can do.</summary>
    public double Load { get; init; } = 0.9;

    /// <summary>Whether requests come at random moments; else at equal distances.</summary>
    public bool Poisson { get; init; } = true;

    public ServiceShape Service { get; init; }

    /// <summary>Time between two reports of a server.</summary>
    public double ReportEvery { get; init; } = 2;

    /// <summary>A server that fails every request at once; -1 for none.</summary>
    public int FailingServer { get; init; } = -1;

    /// <summary>Milliseconds that a service takes on average: algorithms have constants in milliseconds.</summary>
    public double ServiceMs { get; init; } = 50;

    /// <summary>Requests, of which the first tenth is not counted.</summary>
    public int Requests { get; init; } = 300_000;

    public int Seed { get; init; } = 1;
}
