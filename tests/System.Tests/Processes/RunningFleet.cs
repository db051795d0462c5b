namespace Shortline.System.Tests.Processes;

/// <summary>One fleet for the tests of a class that leave it as it was.</summary>
public sealed class RunningFleet : IAsyncLifetime
{
    internal Fleet Fleet { get; private set; } = null!;

    public async Task InitializeAsync() => Fleet = await Fleet.Start();

    public async Task DisposeAsync() => await Fleet.DisposeAsync();
}
