using Shortline.Balancing.Choosing;

namespace Shortline.Bench.Simulation.Model;

/// <summary>The information from which a simulated gateway estimates the load of a server.</summary>
internal enum Knowledge
{
    /// <summary>As in the product: reports and responses, corrected by the requests in flight (<see cref="StaleCorrection"/>).</summary>
    Product,

    /// <summary>The last report alone.</summary>
    ReportsAlone,

    /// <summary>The last report plus one for each request that this gateway has sent since.</summary>
    ReportsAndOwnSince,

    /// <summary>The current queues, which no real gateway can know.</summary>
    Truth,
}
