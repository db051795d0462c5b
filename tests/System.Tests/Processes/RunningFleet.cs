namespace Shortline.System.Tests.Processes;

/// <summary>One fleet for all tests of a class. The tests do not change it.</summary>
public sealed class RunningFleet : IAsyncLifetime
{
    internal Fleet Fleet { get; private set; } = null!;

    public async Task InitializeAsync() => Fleet = await Fleet.Start();

    public async Task DisposeAsync() => await Fleet.DisposeAsync();
}
