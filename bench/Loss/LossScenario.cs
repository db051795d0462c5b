namespace Shortline.Bench.Loss;

/// <summary>Something that happens to a fleet under load.</summary>
/// <param name="Name">Its name in the table and in <c>--only</c>.</param>
/// <param name="Description">What happens, in a line.</param>
/// <param name="Deed">Does it. Throws <see cref="TargetFailedException"/> if the fleet does not do its part.</param>
internal sealed record LossScenario(string Name, string Description, Func<LossFleet, CancellationToken, Task> Deed)
{
    /// <summary>Requests that may be lost without retries, as a share of those sent; null for no bound. With retries none may.</summary>
    public double? LossAllowed { get; init; } = 0;

    public int Silos { get; init; } = 3;

    /// <summary>Servers in the fleet.</summary>
    public int Servers { get; init; } = 4;

    public string Operation { get; init; } = "echo";

    /// <summary>Milliseconds by which the last silo, which has one server, is slower for each request.</summary>
    public int SlowerMs { get; init; }

    /// <summary>Most of the requests that the slower server may get, as a share; null where there is none.</summary>
    public double? SlowShareAllowed { get; init; }
}
