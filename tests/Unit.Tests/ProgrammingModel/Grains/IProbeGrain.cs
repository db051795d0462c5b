using Orleans;
using Orleans.Concurrency;

namespace Shortline.Unit.Tests.ProgrammingModel;

/// <summary>A grain that shows what the engine does with it.</summary>
[Alias("Tests.IProbeGrain")]
public interface IProbeGrain : IGrainWithStringKey
{
    /// <summary>Which activation this is and where.</summary>
    [Alias("Where")]
    ValueTask<(Guid Activation, string Silo)> Where();

    /// <summary>Whether each kind of code runs on the grain's scheduler: a continuation, a started task, <c>Task.Run</c>.</summary>
    [Alias("Schedulers")]
    Task<(bool Continuation, bool FireAndForget, bool TaskRun)> Schedulers();

    /// <summary>Runs many methods at once inside the grain and says how many ran at the same time at most.</summary>
    [Alias("Crowd")]
    Task<int> Crowd(int tasks);

    [Alias("Fail")]
    Task<int> Fail(string message);

    [Alias("FailValue")]
    ValueTask FailValue(string message);

    [OneWay, Alias("FailUnseen")]
    Task FailUnseen(string message);

    [OneWay, Alias("Count")]
    Task Count();

    [Alias("Counted")]
    Task<int> Counted();

    [Alias("Deactivate")]
    Task Deactivate();

    [Alias("WaitFor")]
    Task WaitFor(CancellationToken cancellation);

    [Alias("Pass")]
    Task<IProbeGrain> Pass(IProbeGrain other);

    [Alias("Self")]
    Task<IProbeGrain> Self();

    [ResponseTimeout("00:00:01"), Alias("CallBack")]
    Task CallBack(IProbeGrain other);
}
