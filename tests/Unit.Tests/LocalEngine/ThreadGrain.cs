using Orleans;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

/// <summary>A grain that tells what thread its turns have.</summary>
public interface IThreadGrain : IGrainWithStringKey
{
    ValueTask<int> Thread();

    /// <summary>Lets <paramref name="time"/> go by in the turn.</summary>
    ValueTask<int> Take(TimeSpan time);

    /// <summary>Sets the ambient value and returns the former one.</summary>
    ValueTask<string?> ExchangeAmbient(string value);
}

public sealed class ThreadGrain(TimeProvider clock) : Grain, IThreadGrain
{
    internal static AsyncLocal<string?> Ambient { get; } = new();

    public ValueTask<int> Thread() => new(Environment.CurrentManagedThreadId);

    public ValueTask<int> Take(TimeSpan time)
    {
        ((ManualTimeProvider)clock).Advance(time);
        return Thread();
    }

    public ValueTask<string?> ExchangeAmbient(string value)
    {
        var former = Ambient.Value;
        Ambient.Value = value;
        return new(former);
    }
}
