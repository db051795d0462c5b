using Orleans;

namespace Shortline.Bench;

/// <inheritdoc cref="IEchoGrain"/>
public sealed class EchoGrain : Grain, IEchoGrain
{
    /// <inheritdoc/>
    public ValueTask<int> Echo(int value) => new(value);

    /// <inheritdoc/>
    public Task Touch() => Task.CompletedTask;
}
