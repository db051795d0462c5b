using Orleans;
using Orleans.Concurrency;

namespace Shortline.Unit.Tests.ProgrammingModel;

/// <summary>A grain with a timer.</summary>
[Alias("Tests.ITickerGrain")]
public interface ITickerGrain : IGrainWithStringKey
{
    [Alias("Start")]
    Task Start(TimeSpan due, TimeSpan period, bool interleave);

    [Alias("Stop")]
    Task Stop();

    /// <summary>Makes callbacks wait until they are let go.</summary>
    [Alias("Hold")]
    Task Hold();

    [AlwaysInterleave, Alias("LetGo")]
    Task LetGo();

    /// <summary>Stays inside until <see cref="LetGo"/>.</summary>
    [Alias("Block")]
    Task Block();

    [AlwaysInterleave, Alias("Ticks")]
    Task<int> Ticks();
}
