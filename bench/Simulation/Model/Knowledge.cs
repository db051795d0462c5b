using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Simulation.Model;

/// <summary>What a simulated gateway goes by when it estimates the load of a server.</summary>
internal enum Knowledge
{
    /// <summary>What the product does: reports and answers, corrected by what is in flight (<see cref="StaleCorrection"/>).</summary>
    Product,

    /// <summary>The last report, as it is.</summary>
    ReportsAlone,

    /// <summary>The last report, and one more for each request sent since.</summary>
    ReportsAndOwnSince,

    /// <summary>The queues as they are at this moment, which nobody can know.</summary>
    Truth,
}
