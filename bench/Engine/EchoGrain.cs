using Orleans;

namespace Shortline.bench.Engine;

/// <inheritdoc cref="IEchoGrain"/>
public sealed class EchoGrain : Grain, IEchoGrain
{
    /// <inheritdoc/>
    public ValueTask<int> Echo(int value) => new(value);

    /// <inheritdoc/>
    public Task Touch() => Task.CompletedTask;
}
