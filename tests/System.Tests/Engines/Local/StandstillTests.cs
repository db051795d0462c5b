namespace Shortline.System.Tests.Silo;

/// <summary>A silo that was stopped for so long that the others have its servers.</summary>
public sealed class StandstillTests
{
    [Fact]
    public async Task A_silo_that_was_declared_dead_while_it_stood_still_says_so_and_ends()
    {
        await using var cluster = new TestCluster(null);
        var other = await cluster.Silo("one");
        var still = await cluster.Silo("still");

        await still.StandStill();
        await other.WaitForLine("is declared dead");
        await still.GoOn();

        Assert.True(await still.WaitForExit() == 1, still.Describe());
        Assert.Contains("Silo still ends: it cannot go on, usually because the others have declared it dead", still.Error, StringComparison.Ordinal);
        Assert.Contains("Silo still ends", await File.ReadAllTextAsync(cluster.PathOf("logs/silo/silo-still.log")), StringComparison.Ordinal);
    }
}
