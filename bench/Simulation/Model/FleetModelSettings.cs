using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Simulation.Model;

/// <summary>A fleet to simulate. Times are in mean service times of a server of speed 1.</summary>
internal sealed record FleetModelSettings
{
    public string Algorithm { get; init; } = BalancingPolicies.ShortestQueue;

    /// <summary>Creates the policy if it is not one of the named algorithms; null for <see cref="Algorithm"/>.</summary>
    public Func<IBalancingPolicy>? Policy { get; init; }

    public Knowledge Knowledge { get; init; }

    /// <summary>The number of gateways. Each request goes to a random one.</summary>
    public int Gateways { get; init; } = 1;

    /// <summary>The speed of each server.</summary>
    public IReadOnlyList<double> Speeds { get; init; } = [.. Enumerable.Repeat(1.0, 10)];

    /// <summary>The weight of each server; empty for equal weights.</summary>
    public IReadOnlyList<int> Weights { get; init; } = [];

    /// <summary>Work that arrives, as a fraction of the capacity of all servers.</summary>
    public double Load { get; init; } = 0.9;

    /// <summary>Whether requests arrive at random moments; otherwise at equal intervals.</summary>
    public bool Poisson { get; init; } = true;

    public ServiceShape Service { get; init; }

    /// <summary>The time between two reports of a server.</summary>
    public double ReportEvery { get; init; } = 2;

    /// <summary>The number of the server that fails every request at once; -1 for none.</summary>
    public int FailingServer { get; init; } = -1;

    /// <summary>The mean service time in milliseconds, because algorithms have constants in milliseconds.</summary>
    public double ServiceMs { get; init; } = 50;

    /// <summary>The number of requests. The first tenth is not counted.</summary>
    public int Requests { get; init; } = 300_000;

    public int Seed { get; init; } = 1;
}
