using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Simulation.Model;

/// <summary>What old information costs: 10 servers, load 0.9, one gateway, by what it goes by and how old that is.</summary>
internal static class InformationTable
{
    /// <summary>How old reports become; 0 for what is true at the moment.</summary>
    internal static IReadOnlyList<double> Ages { get; } = [0, 2, 10];

    /// <summary>The rows: what they are called, and what is simulated for them at an age of the reports.</summary>
    internal static IReadOnlyList<(string Name, Func<double, FleetModelSettings?> Settings)> Rows { get; } =
    [
        ("random", _ => new() { Algorithm = BalancingPolicies.Random }),
        ("round robin", _ => new() { Algorithm = BalancingPolicies.RoundRobin }),
        ("shortest queue on reports alone", age => Aged(age, Knowledge.ReportsAlone)),
        ("shortest queue, +1 per own dispatch since the report", age => age == 0 ? null : Aged(age, Knowledge.ReportsAndOwnSince)),
        ("shortest queue as the product knows it", age => new() { ReportEvery = age == 0 ? 1000 : age }),
        ("power of two choices on reports alone", age => Aged(age, Knowledge.ReportsAlone) with { Algorithm = BalancingPolicies.PowerOfTwoChoices }),
        ("join idle queue, by chance when nobody is idle", age => age == 0 ? new() { Policy = () => new JoinIdleQueuePolicy(new RandomPolicy()) } : null),
        ("join idle queue", age => age == 0 ? new() { Algorithm = BalancingPolicies.JoinIdleQueue } : null),
    ];

    private static FleetModelSettings Aged(double age, Knowledge knowledge) =>
        age == 0 ? new() { Knowledge = Knowledge.Truth } : new() { Knowledge = knowledge, ReportEvery = age };
}
