using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Simulation.Model;

/// <summary>
/// The fleets that show what old information costs: 10 servers, load 0.9, one gateway, with information of different kinds and ages.
/// </summary>
internal static class InformationTable
{
    /// <summary>The intervals between reports; 0 for information that is always up to date.</summary>
    internal static IReadOnlyList<double> Ages { get; } = [0, 2, 10];

    /// <summary>The rows: their names, and the fleet for each interval between reports; null for an empty cell.</summary>
    internal static IReadOnlyList<(string Name, Func<double, FleetModelSettings?> Settings)> Rows { get; } =
    [
        ("random", _ => new() { Algorithm = BalancingPolicies.Random }),
        ("round robin", _ => new() { Algorithm = BalancingPolicies.RoundRobin }),
        ("shortest queue on reports alone", age => Aged(age, Knowledge.ReportsAlone)),
        ("shortest queue, +1 per own dispatch since the report", age => age == 0 ? null : Aged(age, Knowledge.ReportsAndOwnSince)),
        ("shortest queue as the product knows it", age => new() { ReportEvery = age == 0 ? 1000 : age }),
        ("power of two choices on reports alone", age => Aged(age, Knowledge.ReportsAlone) with { Algorithm = BalancingPolicies.PowerOfTwoChoices }),
        ("join idle queue, at random when no server is idle", age => age == 0 ? new() { Policy = () => new JoinIdleQueuePolicy(new RandomPolicy()) } : null),
        ("join idle queue", age => age == 0 ? new() { Algorithm = BalancingPolicies.JoinIdleQueue } : null),
    ];

    private static FleetModelSettings Aged(double age, Knowledge knowledge) =>
        age == 0 ? new() { Knowledge = Knowledge.Truth } : new() { Knowledge = knowledge, ReportEvery = age };
}
