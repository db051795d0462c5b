namespace Shortline.Bench.Loss;

/// <summary>An event in a fleet under load.</summary>
/// <param name="Name">The name in the table and in <c>--only</c>.</param>
/// <param name="Description">The event in one line.</param>
/// <param name="ActAsync">Acts on the fleet. Throws <see cref="TargetFailedException"/> if the fleet does not react as expected.</param>
internal sealed record LossScenario(string Name, string Description, Func<LossFleet, CancellationToken, Task> ActAsync)
{
    /// <summary>The share of requests that may be lost without retries; null for no bound. With retries none may be lost.</summary>
    public double? LossAllowed { get; init; } = 0;

    public int Silos { get; init; } = 3;

    /// <summary>The number of servers in the fleet.</summary>
    public int Servers { get; init; } = 4;

    public string Operation { get; init; } = "echo";

    /// <summary>Milliseconds that are added to each request in the last silo, which has one server.</summary>
    public int SlowerMs { get; init; }

    /// <summary>The largest share of requests that the slow server may get; null if no server is slow.</summary>
    public double? SlowShareAllowed { get; init; }
}
